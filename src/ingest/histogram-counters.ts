import { countAtMost } from '../core/sli/native-histogram.ts'
import { type HistogramRefs, type SeriesRef, unwantedSeries } from '../ports/sample-sink.ts'
import type { NativeTrail } from './native-trail.ts'
import type { HistogramSample } from './wire/series-visitor.ts'

/** One counter that a histogram is counted as. */
export interface HistogramCounter {
  readonly ref: SeriesRef
  /** NaN at the end of the series. */
  readonly value: number
  /** How many events of `value` may lie on the other side of the bound; 0 where it is exact. */
  readonly uncertain: number
}

/**
 * The classic counters of a native histogram, as far as SLOs want them; their count comes first. `trail` follows those of the
 * same series over changes of resolution.
 */
export function countersOf(
  { histogram, stale, startMs }: HistogramSample,
  refs: HistogramRefs,
  trail?: NativeTrail,
): readonly HistogramCounter[] {
  const followed = stale ? undefined : trail?.eventsAtMost(histogram, startMs)
  const counters = stale
    ? [ended(refs.count), ended(refs.sum), ...refs.buckets.map(({ ref }) => ended(ref))]
    : [
        whole(refs.count, histogram.count),
        whole(refs.sum, histogram.sum),
        ...refs.buckets.map(({ bound, ref }, index) => {
          const { events, uncertain } = countAtMost(histogram, bound)
          return { ref, value: followed?.[index] ?? events, uncertain }
        }),
      ]
  return counters.filter(({ ref }) => ref !== unwantedSeries)
}

function whole(ref: SeriesRef, value: number): HistogramCounter {
  return { ref, value, uncertain: 0 }
}

function ended(ref: SeriesRef): HistogramCounter {
  return whole(ref, Number.NaN)
}
