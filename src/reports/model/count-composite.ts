import { budgetState } from '../../core/budget/error-budget.ts'
import type { EventCounts } from '../../core/model/counts.ts'
import type { CompositeIndicator } from '../../core/model/indicator.ts'
import { globalScope } from '../../core/model/slo.ts'
import type { DurationMs, EpochMs, Ratio } from '../../core/model/units.ts'
import { combineMembers } from '../../core/regions/combine-members.ts'
import { combineRegions } from '../../core/regions/combine-regions.ts'
import { budgetAt, countPeriod } from './count-period.ts'
import type { Declared } from './declared.ts'
import type { ScopeReading } from './report.ts'

/**
 * Counts a composite over (from, to] as the engine reads it over its SLO window: the events of each member over the whole
 * stretch, combined once. Adding up days would give another figure, because the worst of each day is not the worst of all.
 */
export function countComposite(
  declared: Declared,
  scope: string,
  from: EpochMs,
  to: EpochMs,
  under: string | undefined,
): ScopeReading {
  const { slo } = declared
  const { charged, left, coverage, excludedMs } = partOf(declared, scope, { from, to }, [])
  const changes = under === undefined || !slo.regions.objectives.has(under) ? changesOf(declared) : []
  let allowed = 0
  for (const [start, end] of stretches(changes, from, to)) {
    const { total } =
      start === from && end === to ? charged : partOf(declared, scope, { from: start, to: end }, []).charged
    allowed += budgetAt({ slo, region: under }, end) * total
  }
  return {
    objective: 1 - budgetAt({ slo, region: under }, to),
    ...charged,
    allowed,
    ...budgetState(charged, allowed),
    coverage,
    excluded: { ...left, lengthMs: excludedMs },
  }
}

/** The time in (from, to]. */
interface Stretch {
  readonly from: EpochMs
  readonly to: EpochMs
}

/** What one SLO gives to a composite: the events that count, those that do not, and how much of the time was seen. */
interface Part {
  readonly charged: EventCounts
  readonly left: EventCounts
  readonly coverage: Ratio
  readonly excludedMs: DurationMs
}

/** What is left out for one of `within`, the composites that it is part of, is left out of it as well. */
function partOf(declared: Declared, scope: string, stretch: Stretch, within: readonly Declared[]): Part {
  const { indicator, regions } = declared.slo
  const isGlobal = scope === globalScope
  const ownRegions = isGlobal && (regions.global === 'worst' || regions.global === 'mean')
  if (indicator.kind === 'composite' && !ownRegions)
    return composedPart({ declared, indicator, scope, within }, stretch)
  if (!isGlobal) return countedPart(declared, scope, stretch, within)
  const parts = regionsOf(declared).map((region) => partOf(declared, region, stretch, within))
  return together(parts, combineRegions(regions.global === 'none' ? 'events' : regions.global))
}

/** A composite in one scope, itself a part of others. */
interface Composed {
  readonly declared: Declared
  readonly indicator: CompositeIndicator
  readonly scope: string
  readonly within: readonly Declared[]
}

function composedPart({ declared, indicator, scope, within }: Composed, { from, to }: Stretch): Part {
  // A member that was never in a region and is not expected there is no part of the composite there.
  const members = declared.members.filter(({ declared: member }) => {
    return scope === globalScope || regionsOf(member).includes(scope)
  })
  const budgetOf = ({ slo }: Declared, at: EpochMs) =>
    budgetAt({ slo, region: scope === globalScope ? undefined : scope }, at)
  const over = (start: EpochMs, end: EpochMs) => {
    const parts = members.map((member) =>
      partOf(member.declared, scope, { from: start, to: end }, [...within, declared]),
    )
    const weighed = members.map((member) => ({ weight: member.weight, budget: budgetOf(member.declared, end) }))
    return together(parts, combineMembers(indicator.combine, budgetOf(declared, end), weighed))
  }
  const whole = over(from, to)
  if (indicator.combine !== 'worst') return whole
  // Which member is the worst depends on the budgets of the time.
  const changes = [declared, ...members.map((member) => member.declared)].flatMap(changesOf)
  const cut = stretches(changes, from, to)
  if (cut.length < 2) return whole
  const parts = cut.map(([start, end]) => over(start, end))
  return { ...whole, charged: addUp(parts.map(({ charged }) => charged)) }
}

function countedPart(declared: Declared, region: string, { from, to }: Stretch, within: readonly Declared[]): Part {
  const days = declared.days.filter((day) => day.region === region)
  const excluded = (name: string) => declared.excluded(name, within)
  const {
    bad,
    total,
    coverage,
    excluded: left,
  } = countPeriod({ slo: declared.slo, region, days, excluded }, from, to, [region])
  return {
    charged: { bad, total },
    left: { bad: left.bad, total: left.total },
    coverage,
    excludedMs: left.lengthMs,
  }
}

const addUp = combineRegions('events')

function together(parts: readonly Part[], combine: (counts: readonly EventCounts[]) => EventCounts): Part {
  const coverages = parts.map(({ coverage }) => coverage)
  return {
    charged: combine(parts.map(({ charged }) => charged)),
    // However events are put together: what is left out of any part is left out.
    left: addUp(parts.map(({ left }) => left)),
    coverage: coverages.length === 0 ? 0 : coverages.reduce((a, b) => a + b, 0) / coverages.length,
    excludedMs: parts.length === 0 ? 0 : Math.min(...parts.map(({ excludedMs }) => excludedMs)),
  }
}

/** Its regions, with that of samples without one where there are any. */
function regionsOf({ regions, days }: Declared): readonly string[] {
  return days.some(({ region }) => region === '') ? [...regions, ''] : regions
}

function changesOf({ slo }: Declared): readonly EpochMs[] {
  return slo.pastObjectives.map(({ until }) => until)
}

/** (from, to] cut at some moments. */
function stretches(
  cuts: readonly EpochMs[],
  from: EpochMs,
  to: EpochMs,
): readonly (readonly [start: EpochMs, end: EpochMs])[] {
  const within = [...new Set(cuts)].filter((at) => at > from && at < to).sort((a, b) => a - b)
  const ends = [...within, to]
  return ends.map((end, index) => [ends[index - 1] ?? from, end])
}
