import type { Signal } from '../core/model/indicator.ts'
import type { Slo } from '../core/model/slo.ts'
import { defaultDataPolicy } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import { subjectOf } from './read-scope.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'

/** The columns that make the events of an SLO where they are single counters, or the difference of two. */
export interface EventPlaces {
  readonly plus: number
  /** −1 for none. */
  readonly minus: number
  readonly total: number
  /** Whether what is bad and all events are one column each, which never fall as time goes on. */
  readonly areGrowing: boolean
}

/** Undefined for formulas that are more than that, and for composites. */
export function eventPlaces({ slo, signals }: CompiledSlo, columns: readonly number[]): EventPlaces | undefined {
  const { indicator } = slo
  if (indicator.kind === 'composite') return undefined
  if (indicator.kind !== 'events') {
    // What an API answers to a query may be anything.
    const areGrowing = indicator.kind !== 'query'
    return { plus: columns[signals.length], minus: -1, total: columns[signals.length + 1], areGrowing }
  }
  const { bad, total } = indicator
  if (total.kind !== 'signal') return undefined
  const place = { total: columns[total.signal], minus: -1, areGrowing: false }
  if (bad.kind === 'signal') {
    const areGrowing = isSum(signals[bad.signal]) && isSum(signals[total.signal])
    return { ...place, plus: columns[bad.signal], areGrowing }
  }
  if (bad.kind !== 'binary' || bad.operator !== '-') return undefined
  const { left, right } = bad
  if (left.kind !== 'signal' || right.kind !== 'signal') return undefined
  return { ...place, plus: columns[left.signal], minus: columns[right.signal] }
}

/** Whether a signal adds counters and takes none away. */
function isSum({ counters }: Signal): boolean {
  return counters.terms.every(({ sign }) => sign === 1)
}

/** Up to when an SLO can be judged as it can now: its window and its objective change at known moments, and so does what is excluded. */
export interface Validity {
  from: EpochMs
  until: EpochMs
}

/** Whether an SLO in a region is judged by its counts alone; narrows down for how long that can be said. */
export function isPlainlyJudged(
  counting: Counting,
  region: RegionCounts,
  { compiled }: SloCounts,
  at: EpochMs,
  validity: Validity,
): boolean {
  narrow(compiled, at, validity)
  const { slo } = compiled
  if (!counting.buckets.isSettled(slo.name, region.region)) return false
  if (slo.pastObjectives.some(({ until }) => at <= until)) return false
  if (!counting.exclusions.muteAnything) return true
  validity.until = Math.min(validity.until, at + mutedAheadMs)
  const longest = compiled.alertWindows.at(-1) ?? 0
  const subject = subjectOf(compiled, region.region)
  return counting.exclusions.alertSpans([subject], at - longest, at + mutedAheadMs).length === 0
}

/** Periods that begin within so long are taken to have begun. */
const mutedAheadMs = 10 * 60_000

/** Calendar windows and objectives of the past hold for a time. */
export function narrow({ slo, window }: CompiledSlo, at: EpochMs, validity: Validity): void {
  if (slo.window.kind === 'calendar') {
    const { start, lengthMs } = window.periodAt(at)
    validity.from = Math.max(validity.from, start)
    validity.until = Math.min(validity.until, start + lengthMs)
  }
  for (const { until } of slo.pastObjectives) {
    if (at <= until) validity.until = Math.min(validity.until, until)
    else validity.from = Math.max(validity.from, until)
  }
}

/** Whether what is not seen is taken for good or for bad, so that it is judged before it comes. */
export function takesUnseen({ data = defaultDataPolicy }: Slo): boolean {
  return data.unseen === 'bad' || data.unseen === 'good'
}
