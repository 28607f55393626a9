import { lengthOf, spansBetween } from '../core/budget/excluded-spans.ts'
import { noEvents } from '../core/model/counts.ts'
import type { ExclusionSubject, Span } from '../core/model/exclusion.ts'
import type { DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import { boundsOf } from '../core/regions/count-bounds.ts'
import { regionState } from '../core/regions/data-state.ts'
import { expectedEvents } from '../core/regions/unseen-traffic.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { ScopeReading } from './read-scope.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'

/** One SLO in a region that it is counted in, without what is excluded for one of `subjects`. */
export function countedReading(
  { exclusions }: Counting,
  region: RegionCounts,
  slo: SloCounts,
  compiled: CompiledSlo,
  at: EpochMs,
  subjects: readonly ExclusionSubject[],
): ScopeReading {
  const { seen } = slo
  const spansOf = (from: EpochMs, to: EpochMs) => exclusions.budgetSpans(subjects, from, to)
  const counts = (windowMs: DurationMs) => {
    const spans = exclusions.alertSpans(subjects, at - windowMs, at)
    if (spans.length === 0) return region.windowCounts(slo, at, windowMs)
    return region.countsWithout(slo, at - windowMs, at, spans)
  }
  const judgedSpans = (from: EpochMs, to: EpochMs) => spansBetween(exclusions.alertSpans(subjects, from, to), from, to)
  const between = (from: EpochMs, to: EpochMs) => region.countsBetween(slo, from, to)
  const charged = (from: EpochMs, to: EpochMs) => {
    const spans = spansOf(from, to)
    return spans.length === 0 ? between(from, to) : region.countsWithout(slo, from, to, spans)
  }
  const seenMs = (from: EpochMs, to: EpochMs) => seenWithout(slo, from, to, spansOf(from, to))
  const countedMs = (from: EpochMs, to: EpochMs) => to - from - lengthOf(spansOf(from, to))
  const isWhole = () => seen.until !== undefined && at - seen.until <= seen.staleAfterMs
  return {
    compiled,
    scope: region.region,
    at,
    counts,
    judgedSpans,
    between,
    bounds: (windowMs) => {
      const known = counts(windowMs)
      if (isWhole()) return { best: known, worst: known }
      const unseen = seen.until === undefined ? [] : judgedSpans(Math.max(seen.until, at - windowMs), at)
      return boundsOf(known, unseenEvents(slo, between, unseen))
    },
    charged,
    excluded: (from, to) => {
      if (spansOf(from, to).length === 0) return noEvents
      const [all, left] = [between(from, to), charged(from, to)]
      return { bad: all.bad - left.bad, total: all.total - left.total }
    },
    countedMs,
    seenMs,
    state: () => {
      const recentMs = Math.max(compiled.alertWindows[0] ?? compiled.window.horizonMs, 2 * sliceMsOf(compiled))
      const sight = { seenUntil: seen.until, staleAfterMs: seen.staleAfterMs }
      return regionState({ ...sight, recentTotal: region.windowCounts(slo, at, recentMs).total }, at)
    },
    coverage: (windowMs) => shareOf(seenMs(at - windowMs, at), countedMs(at - windowMs, at)),
    judgedMs: (windowMs) =>
      judgedSpans(at - windowMs, at).reduce((sum, { from, to }) => sum + seen.seenMs(from, to), 0),
    isWhole,
    seenUntil: seen.until,
  }
}

/** A slice is an event only when it is over. */
function sliceMsOf({ slo: { indicator } }: CompiledSlo): DurationMs {
  return indicator.kind === 'slices' ? indicator.sliceMs : 0
}

const nothing = () => noEvents

/** An SLO of which nothing was ever counted in a region that it expects. */
export function unseenReading(compiled: CompiledSlo, scope: string, at: EpochMs): ScopeReading {
  return {
    compiled,
    scope,
    at,
    counts: nothing,
    judgedSpans: () => [],
    between: nothing,
    charged: nothing,
    excluded: nothing,
    bounds: () => ({ best: noEvents, worst: noEvents }),
    countedMs: (from, to) => to - from,
    seenMs: () => 0,
    state: () => 'no-data',
    coverage: () => 0,
    judgedMs: () => 0,
    isWhole: () => false,
    seenUntil: undefined,
  }
}

/** Events that are to be expected in stretches that came after the last that was seen. */
function unseenEvents(slo: SloCounts, between: ScopeReading['between'], unseen: readonly Span[]): number {
  const record = {
    seenUntil: slo.seen.until,
    seenMs: (from: EpochMs, to: EpochMs) => slo.seen.seenMs(from, to),
    total: (from: EpochMs, to: EpochMs) => between(from, to).total,
  }
  return unseen.reduce((sum, { from, to }) => sum + (expectedEvents(record, from, to) ?? 0), 0)
}

function seenWithout({ seen }: SloCounts, from: EpochMs, to: EpochMs, spans: readonly Span[]): DurationMs {
  return seen.seenMs(from, to) - spans.reduce((sum, span) => sum + seen.seenMs(span.from, span.to), 0)
}

function shareOf(part: number, whole: number): Ratio {
  return whole > 0 ? part / whole : 0
}
