/**
 * A native (Prometheus) or exponential (OpenTelemetry) histogram: cumulative or of an interval, as it came.
 *
 * Bucket `i` of schema `s` holds values in (2^((i − 1) · 2^−s), 2^(i · 2^−s)]. That is Prometheus' numbering; OpenTelemetry's is
 * one lower. With `customBounds` bucket `i` holds (customBounds[i − 1], customBounds[i]], and those past the end are above all.
 */
export interface NativeHistogram {
  readonly schema: number
  readonly count: number
  readonly sum: number
  readonly zeroThreshold: number
  readonly zeroCount: number
  readonly positive: NativeBuckets
  /** Numbered by absolute value. */
  readonly negative: NativeBuckets
  readonly customBounds?: readonly number[]
}

/** Neighbouring buckets, each with the events in it alone. */
export interface NativeBuckets {
  /** The number of the first bucket. */
  readonly offset: number
  readonly counts: readonly number[]
}

/** Where a bound lies in a histogram. */
export interface EventsAtMost {
  readonly events: number
  /** The events of the bucket that the bound cuts: `events` is off by less than this. 0 where it lies on a bucket's bound. */
  readonly uncertain: number
}
