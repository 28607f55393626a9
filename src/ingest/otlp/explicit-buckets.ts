import { type Labels, labelsOf, metricNameLabel } from '../../core/model/labels.ts'
import { histogramBucketsMax } from '../../core/model/limits.ts'
import { bucketBoundLabel, formatBucketBound } from '../../core/sli/bucket-bound.ts'
import { type SampleOrigin, type SampleSink, type SeriesRef, unwantedSeries } from '../../ports/sample-sink.ts'
import { readDoubles } from '../wire/otlp-details.ts'
import { type HistogramPoint, wordsIn } from '../wire/otlp-points.ts'
import { unsignedAt } from '../wire/otlp-words.ts'
import type { Refusal } from '../wire/series-visitor.ts'
import type { HistogramForm, KeptHistogram } from './histogram-refs.ts'

/** Whether the bounds of a point are those of a form. They hardly ever change, so they are compared and not read. */
export function hasBounds({ bounds }: HistogramForm, point: HistogramPoint): boolean {
  if (wordsIn(point.bounds) !== bounds.length) return false
  const { view } = point
  const { start } = point.bounds
  for (let index = 0; index < bounds.length; index++) {
    if (view.getFloat64(start + index * 8, true) !== bounds[index]) return false
  }
  return true
}

/** What is wrong with the buckets of a point, if anything. */
export function faultOfBuckets({ counts, bounds }: HistogramPoint): Refusal | undefined {
  const buckets = wordsIn(counts)
  const inner = wordsIn(bounds)
  if (inner > histogramBucketsMax) return tooManyBuckets
  return buckets === inner + 1 || (buckets === 0 && inner === 0) ? undefined : wrongCounts
}

/** The bounds of a point, or what is wrong with them. */
export function readBounds(point: HistogramPoint): readonly number[] | Refusal {
  const bounds = readDoubles(point.bytes, point.bounds)
  const isRising = bounds.every((bound, index) => index === 0 || bound > bounds[index - 1])
  return isRising && !bounds.some((bound) => Number.isNaN(bound)) ? bounds : notRising
}

/** The events of the first buckets of a point. */
export function eventsOfFirst(buckets: number, { view, counts, count }: HistogramPoint): number {
  let events = 0
  const end = counts.start + buckets * 8
  if (end > counts.end) return count
  for (let at = counts.start; at < end; at += 8) events += unsignedAt(view, at)
  return events
}

/**
 * Asks the sink for the counters that Prometheus would have of a histogram: count, sum and one for each bucket. A bound that an
 * SLO asks about and that is none of the histogram's is missed here like on every other path.
 */
export function resolveExplicit(
  labels: Labels,
  bounds: readonly number[],
  sink: SampleSink,
  origin: SampleOrigin,
): KeptHistogram | undefined {
  const name = labels.get(metricNameLabel) ?? ''
  const resolve = (suffix: string, bound?: number): SeriesRef => {
    const le = bound === undefined ? [] : [[bucketBoundLabel, formatBucketBound(bound)] as const]
    return sink.resolve(labelsOf([...labels, [metricNameLabel, `${name}${suffix}`], ...le]), origin)
  }
  const count = resolve('_count')
  const sum = resolve('_sum')
  const buckets = [...bounds, Number.POSITIVE_INFINITY]
    .map((bound, index) => ({ ref: resolve('_bucket', bound), bucketsCounted: index + 1 }))
    .filter(({ ref }) => ref !== unwantedSeries)
  if (count === unwantedSeries && sum === unwantedSeries && buckets.length === 0) return undefined
  return {
    counters: { count, sum, buckets: buckets.map(({ ref }) => ref) },
    form: { bounds, buckets: buckets.length, bucketsCounted: buckets.map(({ bucketsCounted }) => bucketsCounted) },
  }
}

function malformed(detail: string): Refusal {
  return { reason: 'malformed', detail }
}

const tooManyBuckets = malformed(`a histogram of more than ${histogramBucketsMax} buckets`)
const wrongCounts = malformed('a histogram whose bucket counts are not one more than its bounds')
const notRising = malformed('bucket bounds that do not rise')
