import { lengthOf } from '../core/budget/excluded-spans.ts'
import type { DataState, EventCounts } from '../core/model/counts.ts'
import { noEvents } from '../core/model/counts.ts'
import type { ExclusionSubject, Span } from '../core/model/exclusion.ts'
import type { CompositeIndicator } from '../core/model/indicator.ts'
import { defaultDataPolicy, globalScope } from '../core/model/slo.ts'
import type { DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import { combineMembers } from '../core/regions/combine-members.ts'
import { type CombineCounts, combineRegions } from '../core/regions/combine-regions.ts'
import { boundsOf, type CountBounds, combineBounds } from '../core/regions/count-bounds.ts'
import { globalState, isSeen, regionState } from '../core/regions/data-state.ts'
import { expectedEvents } from '../core/regions/unseen-traffic.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import { namelessRegion, type RegionCounts, type SloCounts } from './region-counts.ts'
import { worstOverTime } from './worst-over-time.ts'

/** One SLO in one scope at one moment: what was counted, over any window, and how well it is known. */
export interface ScopeReading {
  readonly compiled: CompiledSlo
  readonly scope: string
  readonly at: EpochMs
  readonly state: () => DataState
  /** Events in (at − window, at], but for those that are excluded and muted. */
  readonly counts: (windowMs: DurationMs) => EventCounts
  /** Between what those lie while a part of the window cannot be seen. */
  readonly bounds: (windowMs: DurationMs) => CountBounds
  /** Events in (from, to]. */
  readonly between: (from: EpochMs, to: EpochMs) => EventCounts
  /** Events in (from, to] that count towards the budget: those that are not excluded. */
  readonly charged: (from: EpochMs, to: EpochMs) => EventCounts
  /** How much of (from, to] counts towards the budget, and for how much of that data was seen; the longest of any region. */
  readonly countedMs: (from: EpochMs, to: EpochMs) => DurationMs
  readonly seenMs: (from: EpochMs, to: EpochMs) => DurationMs
  /** The share of (at − window, at] for which data was seen, without what is excluded. */
  readonly coverage: (windowMs: DurationMs) => Ratio
  /** Whether all of it could be seen up to now, so that its bounds are one. */
  readonly isWhole: () => boolean
  /** Up to when data was seen; undefined where none ever was. Of several regions it is the one seen last. */
  readonly seenUntil: EpochMs | undefined
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

/** Reads one SLO in one region; what is excluded for one of `within`, the composites it is read for, is excluded as well. */
export function readSloInRegion(
  counting: Counting,
  region: RegionCounts,
  declared: CompiledSlo,
  at: EpochMs,
  within: readonly CompiledSlo[] = [],
): ScopeReading {
  const { indicator } = declared.slo
  if (indicator.kind === 'composite') {
    // A member that was never here and is not expected is no part of the composite here.
    const members = membersOf(counting, indicator).filter((member) => {
      return regionsOf(counting, member.compiled).includes(region)
    })
    const read = (member: CompiledSlo) => readSloInRegion(counting, region, member, at, [...within, declared])
    return compose(declared.inRegion(region.region).inForceAt(at), indicator, region.region, at, members, read)
  }
  const slo = counting.buckets.holds(declared.slo.name, region.region) ? undefined : region.slos.get(declared.id)
  const compiled = (slo?.compiled ?? declared.inRegion(region.region)).inForceAt(at)
  if (slo === undefined) return unseenReading(compiled, region.region, at)
  return countedReading(counting, region, slo, compiled, at, within)
}

function countedReading(
  { exclusions }: Counting,
  region: RegionCounts,
  slo: SloCounts,
  compiled: CompiledSlo,
  at: EpochMs,
  within: readonly CompiledSlo[],
): ScopeReading {
  const { seen } = slo
  const subjects = [compiled, ...within].map((one) => subjectOf(one, region.region))
  const spansOf = (from: EpochMs, to: EpochMs) => exclusions.budgetSpans(subjects, from, to)
  const counts = (windowMs: DurationMs) => {
    const spans = exclusions.alertSpans(subjects, at - windowMs, at)
    if (spans.length === 0) return region.windowCounts(slo, at, windowMs)
    return region.countsWithout(slo, at - windowMs, at, spans)
  }
  const between = (from: EpochMs, to: EpochMs) => region.countsBetween(slo, from, to)
  const seenMs = (from: EpochMs, to: EpochMs) => seenWithout(slo, from, to, spansOf(from, to))
  const countedMs = (from: EpochMs, to: EpochMs) => to - from - lengthOf(spansOf(from, to))
  const isWhole = () => seen.until !== undefined && at - seen.until <= seen.staleAfterMs
  return {
    compiled,
    scope: region.region,
    at,
    counts,
    between,
    bounds: (windowMs) => {
      const known = counts(windowMs)
      return isWhole() ? { best: known, worst: known } : boundsOf(known, unseenEvents(slo, between, at, windowMs))
    },
    charged: (from, to) => {
      const spans = spansOf(from, to)
      return spans.length === 0 ? between(from, to) : region.countsWithout(slo, from, to, spans)
    },
    countedMs,
    seenMs,
    state: () => {
      const recentMs = compiled.alertWindows[0] ?? compiled.window.horizonMs
      const sight = { seenUntil: seen.until, staleAfterMs: seen.staleAfterMs }
      return regionState({ ...sight, recentTotal: region.windowCounts(slo, at, recentMs).total }, at)
    },
    coverage: (windowMs) => shareOf(seenMs(at - windowMs, at), countedMs(at - windowMs, at)),
    isWhole,
    seenUntil: seen.until,
  }
}

const nothing = () => noEvents

/** An SLO of which nothing was ever counted in a region that it expects. */
function unseenReading(compiled: CompiledSlo, scope: string, at: EpochMs): ScopeReading {
  return {
    compiled,
    scope,
    at,
    counts: nothing,
    between: nothing,
    charged: nothing,
    bounds: () => ({ best: noEvents, worst: noEvents }),
    countedMs: (from, to) => to - from,
    seenMs: () => 0,
    state: () => 'no-data',
    coverage: () => 0,
    isWhole: () => false,
    seenUntil: undefined,
  }
}

/** Events that are to be expected in the part of a window that came after the last that was seen. */
function unseenEvents(slo: SloCounts, between: ScopeReading['between'], at: EpochMs, windowMs: DurationMs): number {
  const { until } = slo.seen
  if (until === undefined) return 0
  const record = {
    seenUntil: until,
    seenMs: (from: EpochMs, to: EpochMs) => slo.seen.seenMs(from, to),
    total: (from: EpochMs, to: EpochMs) => between(from, to).total,
  }
  return expectedEvents(record, Math.max(until, at - windowMs), at) ?? 0
}

function seenWithout({ seen }: SloCounts, from: EpochMs, to: EpochMs, spans: readonly Span[]): DurationMs {
  return seen.seenMs(from, to) - spans.reduce((sum, span) => sum + seen.seenMs(span.from, span.to), 0)
}

/** What an exclusion may be about when it is about this. */
export function subjectOf({ id, slo }: CompiledSlo, scope: string): ExclusionSubject {
  return { slo: id, service: slo.service, region: scope === globalScope ? undefined : scope }
}

/**
 * Reads one SLO over all its regions. The global scope of a composite is made of those of its members, unless it is to be
 * the worst or the mean of its own regions.
 */
export function readSloGlobally(
  counting: Counting,
  declared: CompiledSlo,
  at: EpochMs,
  within: readonly CompiledSlo[] = [],
): ScopeReading {
  const { indicator, regions } = declared.slo
  const compiled = declared.inForceAt(at)
  if (indicator.kind === 'composite' && regions.global !== 'worst' && regions.global !== 'mean') {
    const read = (member: CompiledSlo) => readSloGlobally(counting, member, at, [...within, declared])
    return compose(compiled, indicator, globalScope, at, membersOf(counting, indicator), read)
  }
  const all = regionsOf(counting, declared)
  const readings = all.map((region) => readSloInRegion(counting, region, compiled, at, within))
  const living = readings.filter((_, index) => !isForgotten(compiled, all[index], at))
  const sighted = living.length === 0 ? readings : living
  const combine = combineRegions(regions.global === 'none' ? 'events' : regions.global)
  return together(compiled, globalScope, at, readings, combine, sighted)
}

/** One reading made of several; `sighted` are those on whose data it depends. */
function together(
  compiled: CompiledSlo,
  scope: string,
  at: EpochMs,
  readings: readonly ScopeReading[],
  combine: CombineCounts,
  sighted: readonly ScopeReading[] = readings,
): ScopeReading {
  return {
    compiled,
    scope,
    at,
    counts: (windowMs) => combine(readings.map((reading) => reading.counts(windowMs))),
    between: (from, to) => combine(readings.map((reading) => reading.between(from, to))),
    charged: (from, to) => combine(readings.map((reading) => reading.charged(from, to))),
    bounds: (windowMs) => {
      const bounds = readings.map((reading) => {
        if (isCounted(compiled, reading, sighted)) return reading.bounds(windowMs)
        const counts = reading.counts(windowMs)
        return { best: counts, worst: counts }
      })
      return combineBounds(combine, bounds)
    },
    countedMs: (from, to) => longest(readings.map((reading) => reading.countedMs(from, to))),
    seenMs: (from, to) => longest(readings.map((reading) => reading.seenMs(from, to))),
    state: () => globalState(sighted.map(({ state }) => state())),
    coverage: (windowMs) => mean(sighted.map((reading) => reading.coverage(windowMs))),
    isWhole: () => sighted.every(({ isWhole }) => isWhole()),
    seenUntil: latest(sighted.map(({ seenUntil }) => seenUntil)),
  }
}

/** Whether what cannot be seen of a part matters: not of one that is gone for good, nor where the SLO says to ignore it. */
function isCounted({ slo }: CompiledSlo, reading: ScopeReading, sighted: readonly ScopeReading[]): boolean {
  return (slo.data ?? defaultDataPolicy).unseen !== 'ignore' && sighted.includes(reading)
}

/**
 * Whether a region is no region of an SLO any more: it is not expected, and nothing was seen of it for so long that it is
 * rather gone than dark. Its events stay in the windows that hold them.
 */
export function isForgotten({ id, slo }: CompiledSlo, region: RegionCounts, at: EpochMs): boolean {
  if (slo.regions.expected.includes(region.region) || slo.indicator.kind === 'composite') return false
  const counts = region.slos.get(id)
  if (counts === undefined) return false
  const seenUntil = counts.seen.until ?? counts.listeningSince
  return Number.isFinite(seenUntil) && at - seenUntil > (slo.data ?? defaultDataPolicy).forgetRegionAfterMs
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

/**
 * The reading by which alerts are judged, where a part of the data cannot be seen: the SLO's policy says what that part is
 * taken to be. `worst` is what must not burn either before an alert may end; undefined where that is the same.
 */
export function judged(reading: ScopeReading): JudgedReading {
  if (reading.isWhole()) return reading
  const { unseen } = reading.compiled.slo.data ?? defaultDataPolicy
  const state = reading.state()
  // Without a region that can be seen there is nothing to judge by, unless the SLO says what unseen data is.
  const isPartlySeen = isSeen(state) || state === 'partial'
  const take = (which: keyof CountBounds): ScopeReading => ({
    ...reading,
    counts: (windowMs) => reading.bounds(windowMs)[which],
  })
  if (unseen === 'ignore') return isPartlySeen ? { ...reading, state: () => 'ok', seen: reading } : reading
  if (unseen === 'hold') return { ...take('best'), seen: reading, ...(isPartlySeen ? { worst: take('worst') } : {}) }
  return { ...take(unseen === 'bad' ? 'worst' : 'best'), state: () => 'ok', isTaken: true, seen: reading }
}

/** A reading under the policy for data that cannot be seen. */
export interface JudgedReading extends ScopeReading {
  /** What was really seen. */
  readonly seen?: ScopeReading
  readonly worst?: ScopeReading
  /** The policy says what unseen data is, so that the end of a condition can be told without it. */
  readonly isTaken?: boolean
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
  const combineAt = (moment: EpochMs) =>
    combineMembers(
      indicator.combine,
      compiled.inForceAt(moment).budget,
      members.map(({ weight }, index) => ({ weight, budget: readings[index].compiled.inForceAt(moment).budget })),
    )
  const reading = together(compiled, scope, at, readings, combineAt(at))
  return indicator.combine === 'worst' ? worstOverTime(reading, readings, combineAt) : reading
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

function longest(lengths: readonly DurationMs[]): DurationMs {
  return lengths.reduce((a, b) => Math.max(a, b), 0)
}

function latest(moments: readonly (EpochMs | undefined)[]): EpochMs | undefined {
  return moments.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined)
}

function shareOf(part: number, whole: number): Ratio {
  return whole > 0 ? part / whole : 0
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length
}
