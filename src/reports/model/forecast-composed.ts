import { failuresQuantile, unknownRange } from '../../core/budget/forecast.ts'
import type { DayCounts } from '../../core/model/daily-counts.ts'
import { globalScope } from '../../core/model/slo.ts'
import type { DurationMs, EpochMs, Ratio } from '../../core/model/units.ts'
import type { Declared } from './declared.ts'
import { type Expected, groundOf } from './forecast-line.ts'
import { type Judgement, judge } from './judge.ts'
import type { Spread } from './report.ts'

/** A stretch that is still to come, and the period that it is judged in. */
export interface ComingStretch {
  readonly scope: string
  /** When what was counted ends and what is expected begins. */
  readonly at: EpochMs
  readonly aheadMs: DurationMs
  /** Where the period begins whose budget is asked for: it is `at` where that of the next period is. */
  readonly from: EpochMs
}

/** One chance in twenty lies beyond each end, as for all other forecasts. */
const beyond = 0.05

/**
 * What will be left of what is no sum, a composite or the worst or the mean of regions: each part goes on for itself, as its own
 * forecast has it, and the counts then are judged as all others are. An end of the range is where no part goes beyond its own;
 * with n parts theirs lie n times as far out, so that nine chances in ten at least lie within (Bonferroni's inequality). All of
 * it is null where one part with traffic has too few failures to tell a rate.
 */
export function composedForecast(
  declared: Declared,
  stretch: ComingStretch,
): { remaining: Spread; expected: Expected } {
  const parts = partsOf(declared, stretch.scope).flatMap((part) => {
    const { ground, total } = groundOf(part.declared, part.scope, stretch.at, stretch.aheadMs)
    return total > 0 ? [{ ...part, ground, total }] : []
  })
  const then = (quantile: Ratio): Judgement['reading'] | undefined => {
    const days = new Map<string, DayCounts[]>()
    for (const { declared: part, scope, ground, total } of parts) {
      const bad = failuresQuantile(ground, total, quantile)
      if (bad === null) return undefined
      const known = days.get(part.id) ?? []
      known.push(comingDay(part.id, scope, stretch, Math.min(bad, total), total))
      days.set(part.id, known)
    }
    return judge(goingOn(declared, days), stretch.from, stretch.at + stretch.aheadMs).reading
  }
  if (parts.length === 0) return nothingKnown
  const left = (quantile: Ratio) => then(quantile)?.remaining ?? null
  const middle = then(0.5)
  const now = judge(declared, stretch.from, stretch.at).reading
  return {
    remaining: {
      low: left(1 - beyond / parts.length),
      expected: middle?.remaining ?? null,
      high: left(beyond / parts.length),
    },
    expected: { total: middle === undefined ? 0 : middle.total - now.total, failures: unknownRange },
  }
}

const nothingKnown = { remaining: unknownRange, expected: { total: 0, failures: unknownRange } }

interface Part {
  readonly declared: Declared
  readonly scope: string
}

/** The SLOs that it is made of in the end, by region where regions are not added up; each once. */
function partsOf(declared: Declared, scope: string): readonly Part[] {
  const all = declared.members.flatMap((member) => partsOf(member.declared, scope))
  if (declared.members.length > 0) {
    return [...new Map(all.map((part) => [JSON.stringify([part.declared.id, part.scope]), part])).values()]
  }
  const { global } = declared.slo.regions
  if (scope !== globalScope || global === 'events' || global === 'none') return [{ declared, scope }]
  return declared.regions.map((region) => ({ declared, scope: region }))
}

/** What all regions are expected to count together stands as what has no region: it is part of nothing else. */
function comingDay(slo: string, scope: string, { at, aheadMs }: ComingStretch, bad: number, total: number): DayCounts {
  const to = at + aheadMs
  return { slo, region: scope === globalScope ? '' : scope, from: at, to, until: to, bad, total, seenMs: aheadMs }
}

function goingOn(declared: Declared, coming: ReadonlyMap<string, readonly DayCounts[]>): Declared {
  const members = declared.members.map((member) => ({ ...member, declared: goingOn(member.declared, coming) }))
  if (members.length > 0) return { ...declared, members, days: members.flatMap((member) => member.declared.days) }
  return { ...declared, days: [...declared.days, ...(coming.get(declared.id) ?? [])] }
}
