import type { NativeHistogram } from '../../src/core/sli/native-histogram.ts'

/** One histogram as a query API writes it: buckets that have events, each as [boundaries, lower, upper, events]. */
export interface AnsweredHistogram {
  readonly count: string
  readonly sum: string
  readonly buckets?: readonly (readonly [number, string, string, string])[]
}

/** Writes a histogram as Prometheus does: the negative side from the far end, the zero bucket, the positive side. */
export function answeredHistogram(histogram: NativeHistogram): AnsweredHistogram {
  const { count, sum, schema, zeroThreshold, zeroCount, positive, negative, customBounds } = histogram
  const boundOf = (bucket: number): number => {
    if (customBounds === undefined) return exponentialBound(bucket, schema)
    if (bucket < 0) return Number.NEGATIVE_INFINITY
    return customBounds[bucket] ?? Number.POSITIVE_INFINITY
  }
  const side = (buckets: NativeHistogram['positive']) =>
    buckets.counts.map((events, index) => {
      const bucket = buckets.offset + index
      return { lower: boundOf(bucket - 1), upper: boundOf(bucket), events }
    })
  const below = side(negative).map(({ lower, upper, events }) => ({ lower: -upper, upper: -lower, events }))
  const all = [
    ...below.toReversed().map((bucket) => ({ ...bucket, boundaries: 1 })),
    { lower: -zeroThreshold, upper: zeroThreshold, events: zeroCount, boundaries: 3 },
    ...side(positive).map((bucket) => ({ ...bucket, boundaries: bucket.lower === Number.NEGATIVE_INFINITY ? 3 : 0 })),
  ]
  const buckets = all
    .filter(({ events }) => events > 0)
    .map(({ boundaries, lower, upper, events }) => [boundaries, text(lower), text(upper), text(events)] as const)
  const whole = { count: text(count), sum: text(sum) }
  return buckets.length === 0 ? whole : { ...whole, buckets }
}

/** The greatest number is a bound, and beyond it there is one bucket more. */
function exponentialBound(bucket: number, schema: number): number {
  const bound = 2 ** (bucket * 2 ** -schema)
  return bucket * 2 ** -schema === 1_024 ? Number.MAX_VALUE : bound
}

function text(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}
