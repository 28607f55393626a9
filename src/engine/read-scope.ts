import { type DataState, type EventCounts, noEvents } from '../core/model/counts.ts'
import type { ExclusionSubject, Span } from '../core/model/exclusion.ts'
import type { CompositeIndicator } from '../core/model/indicator.ts'
import { defaultDataPolicy, globalScope } from '../core/model/slo.ts'
import type { DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import { combineMembers } from '../core/regions/combine-members.ts'
import { combineRegions, worstOf } from '../core/regions/combine-regions.ts'
import type { CountBounds } from '../core/regions/count-bounds.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import { countedReading, unseenReading } from './counted-reading.ts'
import type { Counting } from './counting.ts'
import { readingTogether } from './reading-together.ts'
import { namelessRegion, type RegionCounts } from './region-counts.ts'
import { worstOverTime } from './worst-over-time.ts'

/** One SLO in one scope at one moment: what was counted, over any window, and how well it is known. */
export interface ScopeReading {
  readonly compiled: CompiledSlo
  readonly scope: string
  readonly at: EpochMs
  readonly state: () => DataState
  /** Events in (at − window, at], but for those that are excluded and muted. */
  readonly counts: (windowMs: DurationMs) => EventCounts
  /** What alert windows hold of (from, to]: all but what is excluded and muted. */
  readonly judgedSpans: (from: EpochMs, to: EpochMs) => readonly Span[]
  /** Between what those lie while a part of the window cannot be seen. */
  readonly bounds: (windowMs: DurationMs) => CountBounds
  /** Events in (from, to]. */
  readonly between: (from: EpochMs, to: EpochMs) => EventCounts
  /** Events in (from, to] that count towards the budget: those that are not excluded. */
  readonly charged: (from: EpochMs, to: EpochMs) => EventCounts
  /** Those that are: of all parts added up, however the others are put together. */
  readonly excluded: (from: EpochMs, to: EpochMs) => EventCounts
  /** The part whose events stand for all in (from, to], where one does: the worst region. */
  readonly worstPart?: (from: EpochMs, to: EpochMs) => ScopeReading
  /** How much of (from, to] counts towards the budget, and for how much of that data was seen; the longest of any region. */
  readonly countedMs: (from: EpochMs, to: EpochMs) => DurationMs
  readonly seenMs: (from: EpochMs, to: EpochMs) => DurationMs
  /** The share of (at − window, at] for which data was seen, without what is excluded. */
  readonly coverage: (windowMs: DurationMs) => Ratio
  /** For how much of (at − window, at] data was seen, of what alert windows hold; the longest of any region. */
  readonly judgedMs: (windowMs: DurationMs) => DurationMs
  /** Whether all of it could be seen up to now, so that its bounds are one. */
  readonly isWhole: () => boolean
  /** Up to when data was seen; undefined where none ever was. Of several regions it is the one seen last. */
  readonly seenUntil: EpochMs | undefined
}

/** The events of (from, to] that alert windows hold. */
export function judgedBetween({ judgedSpans, between }: ScopeReading, from: EpochMs, to: EpochMs): EventCounts {
  return judgedSpans(from, to).reduce((sum, span) => {
    const { bad, total } = between(span.from, span.to)
    return { bad: sum.bad + bad, total: sum.total + total }
  }, noEvents)
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
    const members = membersIn(counting, indicator, region)
    const read = (member: CompiledSlo) => readSloInRegion(counting, region, member, at, [...within, declared])
    const isLiving = (member: CompiledSlo) => !isForgotten(counting, member, region, at)
    return compose(
      declared.inRegion(region.region).inForceAt(at),
      indicator,
      region.region,
      at,
      members,
      read,
      isLiving,
    )
  }
  const slo = counting.buckets.holds(declared.slo.name, region.region) ? undefined : region.slos.get(declared.id)
  const compiled = (slo?.compiled ?? declared.inRegion(region.region)).inForceAt(at)
  if (slo === undefined) return unseenReading(compiled, region.region, at)
  const subjects = [compiled, ...within].map((one) => subjectOf(one, region.region))
  return countedReading(counting, region, slo, compiled, at, subjects)
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
  const living = readings.filter((_, index) => !isForgotten(counting, compiled, all[index], at))
  const sighted = living.length === 0 ? readings : living
  const combine = combineRegions(regions.global === 'none' ? 'events' : regions.global)
  const together = readingTogether(compiled, globalScope, at, readings, combine, sighted)
  if (regions.global !== 'worst' || readings.length === 0) return together
  const worstPart = (from: EpochMs, to: EpochMs) =>
    readings[worstOf(readings.map((reading) => reading.charged(from, to)))]
  return { ...together, worstPart }
}

/**
 * Whether a region is no region of an SLO any more: it is not expected, and nothing was seen of it for so long that it is
 * rather gone than dark. Its events stay in the windows that hold them. Of a composite it is none where it is none of any member.
 */
export function isForgotten(counting: Counting, compiled: CompiledSlo, region: RegionCounts, at: EpochMs): boolean {
  const { indicator, regions } = compiled.slo
  if (indicator.kind !== 'composite') return isSilentForGood(compiled, region, at)
  if (regions.expected.includes(region.region)) return false
  const members = membersIn(counting, indicator, region)
  return members.length > 0 && members.every((member) => isForgotten(counting, member.compiled, region, at))
}

/** The same of an SLO that is counted itself. */
export function isSilentForGood({ id, slo }: CompiledSlo, region: RegionCounts, at: EpochMs): boolean {
  if (slo.regions.expected.includes(region.region)) return false
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

function compose(
  compiled: CompiledSlo,
  indicator: CompositeIndicator,
  scope: string,
  at: EpochMs,
  members: readonly MemberSlo[],
  read: (member: CompiledSlo) => ScopeReading,
  isLiving: (member: CompiledSlo) => boolean = () => true,
): ScopeReading {
  const readings = members.map((member) => read(member.compiled))
  const combineAt = (moment: EpochMs) =>
    combineMembers(
      indicator.combine,
      compiled.inForceAt(moment).budget,
      members.map(({ weight }, index) => ({ weight, budget: readings[index].compiled.inForceAt(moment).budget })),
    )
  const living = readings.filter((_, index) => isLiving(members[index].compiled))
  const sighted = living.length === 0 ? readings : living
  const reading = readingTogether(compiled, scope, at, readings, combineAt(at), sighted)
  return indicator.combine === 'worst' ? worstOverTime(reading, readings, combineAt) : reading
}

interface MemberSlo {
  readonly compiled: CompiledSlo
  readonly weight: number
}

/** The SLOs that a composite is made of, and those that they are made of in turn. */
export function madeOf(counting: Counting, { slo }: CompiledSlo): readonly CompiledSlo[] {
  if (slo.indicator.kind !== 'composite') return []
  return membersOf(counting, slo.indicator).flatMap(({ compiled }) => [compiled, ...madeOf(counting, compiled)])
}

/** The members that a composite has in a region: those counted or expected there. */
function membersIn(counting: Counting, indicator: CompositeIndicator, region: RegionCounts): readonly MemberSlo[] {
  return membersOf(counting, indicator).filter(({ compiled }) => regionsOf(counting, compiled).includes(region))
}

function membersOf({ slos }: Counting, { of }: CompositeIndicator): readonly MemberSlo[] {
  return of.flatMap(({ slo, weight }) => {
    const compiled = slos.get(slo)
    return compiled === undefined ? [] : [{ compiled, weight }]
  })
}
