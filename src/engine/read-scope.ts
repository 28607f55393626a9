import type { DataState, EventCounts } from '../core/model/counts.ts'
import { noEvents } from '../core/model/counts.ts'
import type { CompositeIndicator } from '../core/model/indicator.ts'
import { globalScope } from '../core/model/slo.ts'
import type { DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import { combineMembers } from '../core/regions/combine-members.ts'
import { combineRegions } from '../core/regions/combine-regions.ts'
import { globalState, regionState } from '../core/regions/data-state.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import { namelessRegion, type RegionCounts } from './region-counts.ts'

/** One SLO in one scope at one moment: what was counted, over any window, and how well it is known. */
export interface ScopeReading {
  readonly compiled: CompiledSlo
  readonly scope: string
  readonly at: EpochMs
  readonly state: () => DataState
  /** Events in (at − window, at]. */
  readonly counts: (windowMs: DurationMs) => EventCounts
  /** Events in (from, to]. */
  readonly between: (from: EpochMs, to: EpochMs) => EventCounts
  /** The share of (at − window, at] for which data was seen. */
  readonly coverage: (windowMs: DurationMs) => Ratio
}

/** Reads every SLO that is counted in a region, and those composed of them. */
export function readRegion(counting: Counting, name: string, at: EpochMs): readonly ScopeReading[] {
  const region = counting.regions.get(name)
  if (region === undefined) return []
  const counted = [...region.slos.values()].map(({ compiled }) => readSloInRegion(counting, region, compiled, at))
  const composed = [...counting.slos.values()]
    .filter((compiled) => compiled.slo.indicator.kind === 'composite' && regionsOf(counting, compiled).includes(region))
    .map((compiled) => readSloInRegion(counting, region, compiled, at))
  return [...counted, ...composed]
}

/** Reads every SLO that has a global scope, from its regions. */
export function readGlobal(counting: Counting, at: EpochMs): readonly ScopeReading[] {
  return [...counting.slos.values()]
    .filter(({ slo }) => slo.regions.global !== 'none')
    .map((compiled) => readSloGlobally(counting, compiled, at))
}

export function readSloInRegion(
  counting: Counting,
  region: RegionCounts,
  declared: CompiledSlo,
  at: EpochMs,
): ScopeReading {
  const { indicator } = declared.slo
  if (indicator.kind === 'composite') {
    // A member that was never here and is not expected is no part of the composite here.
    const members = membersOf(counting, indicator).filter((member) => {
      return regionsOf(counting, member.compiled).includes(region)
    })
    const read = (member: CompiledSlo) => readSloInRegion(counting, region, member, at)
    return compose(declared.inRegion(region.region).inForceAt(at), indicator, region.region, at, members, read)
  }
  const slo = region.slos.get(declared.id)
  const compiled = (slo?.compiled ?? declared.inRegion(region.region)).inForceAt(at)
  const counts = (windowMs: DurationMs) => (slo === undefined ? noEvents : region.windowCounts(slo, at, windowMs))
  return {
    compiled,
    scope: region.region,
    at,
    counts,
    between: (from, to) => (slo === undefined ? noEvents : region.countsBetween(slo, from, to)),
    state: () => {
      if (slo === undefined) return 'no-data'
      const recentMs = compiled.alertWindows[0] ?? compiled.window.horizonMs
      const sight = { seenUntil: slo.seen.until, staleAfterMs: slo.seen.staleAfterMs }
      return regionState({ ...sight, recentTotal: counts(recentMs).total }, at)
    },
    coverage: (windowMs) => (slo === undefined ? 0 : slo.seen.seenMs(at - windowMs, at) / windowMs),
  }
}

/**
 * Reads one SLO over all its regions. The global scope of a composite is made of those of its members, unless it is to be
 * the worst or the mean of its own regions.
 */
export function readSloGlobally(counting: Counting, declared: CompiledSlo, at: EpochMs): ScopeReading {
  const { indicator, regions } = declared.slo
  const compiled = declared.inForceAt(at)
  if (indicator.kind === 'composite' && regions.global !== 'worst' && regions.global !== 'mean') {
    const read = (member: CompiledSlo) => readSloGlobally(counting, member, at)
    return compose(compiled, indicator, globalScope, at, membersOf(counting, indicator), read)
  }
  const readings = regionsOf(counting, declared).map((region) => readSloInRegion(counting, region, compiled, at))
  const combine = combineRegions(regions.global === 'none' ? 'events' : regions.global)
  return {
    compiled,
    scope: globalScope,
    at,
    counts: (windowMs) => combine(readings.map((reading) => reading.counts(windowMs))),
    between: (from, to) => combine(readings.map((reading) => reading.between(from, to))),
    state: () => globalState(readings.map(({ state }) => state())),
    coverage: (windowMs) => mean(readings.map((reading) => reading.coverage(windowMs))),
  }
}

/** The regions an SLO is counted in or expected in; of a composite, those of its members. */
export function regionsOf(counting: Counting, { id, slo }: CompiledSlo): readonly RegionCounts[] {
  const expected = new Set(slo.regions.expected)
  const members = slo.indicator.kind === 'composite' ? membersOf(counting, slo.indicator) : []
  const counted = new Set(members.flatMap(({ compiled }) => regionsOf(counting, compiled)))
  return [...counting.regions.values()].filter(
    (region) => region.slos.has(id) || expected.has(region.region) || counted.has(region),
  )
}

/** The scopes of an SLO that alert and are shown, the global one first. */
export function scopesOf(counting: Counting, compiled: CompiledSlo): readonly string[] {
  const regions = regionsOf(counting, compiled).map(({ region }) => region)
  const named = regions.filter((region) => region !== namelessRegion).sort()
  return compiled.slo.regions.global === 'none' ? named : [globalScope, ...named]
}

/** Reads one SLO in a scope by the scope's name. */
export function readScope(counting: Counting, compiled: CompiledSlo, scope: string, at: EpochMs): ScopeReading {
  if (scope === globalScope) return readSloGlobally(counting, compiled, at)
  return readSloInRegion(counting, counting.region(scope), compiled, at)
}

function compose(
  compiled: CompiledSlo,
  indicator: CompositeIndicator,
  scope: string,
  at: EpochMs,
  members: readonly MemberSlo[],
  read: (member: CompiledSlo) => ScopeReading,
): ScopeReading {
  const readings = members.map((member) => read(member.compiled))
  const combine = combineMembers(
    indicator.combine,
    compiled.budget,
    members.map(({ weight }, index) => ({ weight, budget: readings[index].compiled.budget })),
  )
  return {
    compiled,
    scope,
    at,
    counts: (windowMs) => combine(readings.map((reading) => reading.counts(windowMs))),
    between: (from, to) => combine(readings.map((reading) => reading.between(from, to))),
    state: () => globalState(readings.map(({ state }) => state())),
    coverage: (windowMs) => mean(readings.map((reading) => reading.coverage(windowMs))),
  }
}

interface MemberSlo {
  readonly compiled: CompiledSlo
  readonly weight: number
}

function membersOf({ slos }: Counting, { of }: CompositeIndicator): readonly MemberSlo[] {
  return of.flatMap(({ slo, weight }) => {
    const compiled = slos.get(slo)
    return compiled === undefined ? [] : [{ compiled, weight }]
  })
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length
}
