import type { DataState, EventCounts } from '../core/model/counts.ts'
import { globalScope } from '../core/model/slo.ts'
import type { DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import { globalState, regionState } from '../core/regions/data-state.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import { namelessRegion, type RegionCounts } from './region-counts.ts'

/** One SLO in one scope at one moment: what was counted, over any window, and how well it is known. */
export interface ScopeReading {
  readonly compiled: CompiledSlo
  readonly scope: string
  readonly at: EpochMs
  readonly state: DataState
  /** Events in (at − window, at]. */
  readonly counts: (windowMs: DurationMs) => EventCounts
  /** The share of (at − window, at] for which data was seen. */
  readonly coverage: (windowMs: DurationMs) => Ratio
}

/** Reads every SLO that is counted in a region. */
export function readRegion(counting: Counting, name: string, at: EpochMs): readonly ScopeReading[] {
  const region = counting.regions.get(name)
  if (region === undefined) return []
  return [...region.slos.values()].map(({ compiled }) => readSloInRegion(region, compiled, at))
}

/** Reads every SLO that has a global scope, from the sum of its regions' counts. */
export function readGlobal(counting: Counting, at: EpochMs): readonly ScopeReading[] {
  return [...counting.slos.values()]
    .filter(({ slo }) => slo.regions.global !== 'none')
    .map((compiled) => readSloGlobally(counting, compiled, at))
}

export function readSloInRegion(region: RegionCounts, compiled: CompiledSlo, at: EpochMs): ScopeReading {
  const slo = region.slos.get(compiled.slo.name)
  const nothing: EventCounts = { bad: 0, total: 0 }
  const counts = (windowMs: DurationMs) => (slo === undefined ? nothing : region.windowCounts(slo, at, windowMs))
  return {
    compiled,
    scope: region.region,
    at,
    counts,
    get state() {
      if (slo === undefined) return 'no-data'
      const recentMs = compiled.alertWindows[0] ?? compiled.windowMs
      const sight = { seenUntil: slo.seen.until, staleAfterMs: slo.seen.staleAfterMs }
      return regionState({ ...sight, recentTotal: counts(recentMs).total }, at)
    },
    coverage: (windowMs) => (slo === undefined ? 0 : slo.seen.seenMs(at - windowMs, at) / windowMs),
  }
}

export function readSloGlobally(counting: Counting, compiled: CompiledSlo, at: EpochMs): ScopeReading {
  const readings = regionsOf(counting, compiled).map((region) => readSloInRegion(region, compiled, at))
  return {
    compiled,
    scope: globalScope,
    at,
    counts: (windowMs) => sum(readings.map((reading) => reading.counts(windowMs))),
    get state() {
      return globalState(readings.map(({ state }) => state))
    },
    coverage: (windowMs) => mean(readings.map((reading) => reading.coverage(windowMs))),
  }
}

/** The regions an SLO is counted in or expected in. */
export function regionsOf(counting: Counting, { slo }: CompiledSlo): readonly RegionCounts[] {
  const expected = new Set(slo.regions.expected)
  return [...counting.regions.values()].filter(({ region, slos }) => slos.has(slo.name) || expected.has(region))
}

/** The scopes of an SLO that alert and are shown, the global one first. */
export function scopesOf(counting: Counting, compiled: CompiledSlo): readonly string[] {
  const regions = regionsOf(counting, compiled).map(({ region }) => region)
  const named = regions.filter((region) => region !== namelessRegion).sort()
  return compiled.slo.regions.global === 'none' ? named : [globalScope, ...named]
}

function sum(counts: readonly EventCounts[]): EventCounts {
  let bad = 0
  let total = 0
  for (const each of counts) {
    bad += each.bad
    total += each.total
  }
  return { bad, total }
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length
}
