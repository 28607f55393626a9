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

/**
 * The events of a histogram with a value of at most `bound`. Inside the bucket that the bound cuts they are taken to lie as
 * Prometheus' `histogram_fraction` takes them to: evenly by value with custom bounds and around zero, evenly by logarithm
 * in exponential buckets, and none of them below it in a bucket without an end. NaN where the bound or a count is.
 */
export function countAtMost(histogram: NativeHistogram, bound: number): EventsAtMost {
  if (bound === Number.POSITIVE_INFINITY) return { events: histogram.count, uncertain: 0 }
  if (Number.isNaN(bound)) return { events: Number.NaN, uncertain: Number.NaN }
  if (histogram.customBounds !== undefined) return countInCustom(histogram, histogram.customBounds, bound)
  const { schema, positive, negative } = histogram
  const zero = countInZero(histogram, bound)
  const below = bound < 0 ? countBelow(negative, placeOf(-bound, schema)) : exactly(totalOf(negative))
  const above = bound > 0 ? countUpTo(positive, placeOf(bound, schema)) : none
  return {
    events: below.events + zero.events + above.events,
    uncertain: below.uncertain + zero.uncertain + above.uncertain,
  }
}

const none: EventsAtMost = { events: 0, uncertain: 0 }

/** Rounding of a logarithm must not make a bound that lies on a bucket's bound seem to cut it. */
const placeTolerance = 1e-12

/** Where a value lies on the scale on which bucket `i` is (i − 1, i]. */
function placeOf(value: number, schema: number): number {
  const scale = 2 ** schema
  const place = Math.log2(value) * scale
  const nearest = Math.round(place)
  return Math.abs(place - nearest) <= placeTolerance * Math.max(scale, Math.abs(place)) ? nearest : place
}

/** The events of buckets up to a place. */
function countUpTo({ offset, counts }: NativeBuckets, place: number): EventsAtMost {
  const cut = Math.ceil(place)
  let events = 0
  const whole = Math.min(counts.length, (place === cut ? cut + 1 : cut) - offset)
  for (let index = 0; index < whole; index++) events += counts[index]
  const inCut = place === cut ? 0 : (counts[cut - offset] ?? 0)
  return { events: events + inCut * (place - cut + 1), uncertain: inCut }
}

/** The events of buckets of negative values from a place on, which are the lower ones. */
function countBelow(buckets: NativeBuckets, place: number): EventsAtMost {
  const { events, uncertain } = countUpTo(buckets, place)
  return { events: totalOf(buckets) - events, uncertain }
}

/** The zero bucket reaches to its threshold on either side, unless all other values are on one side. */
function countInZero({ zeroCount, zeroThreshold, positive, negative }: NativeHistogram, bound: number): EventsAtMost {
  if (zeroCount === 0) return none
  const hasPositive = positive.counts.length > 0
  const hasNegative = negative.counts.length > 0
  const lower = hasPositive && !hasNegative ? 0 : -zeroThreshold
  const upper = hasNegative && !hasPositive ? 0 : zeroThreshold
  return countEvenly(zeroCount, lower, upper, bound)
}

function countInCustom({ positive }: NativeHistogram, bounds: readonly number[], bound: number): EventsAtMost {
  let events = 0
  let uncertain = 0
  for (const [index, count] of positive.counts.entries()) {
    if (count === 0) continue
    const bucket = positive.offset + index
    const upper = bounds[bucket] ?? Number.POSITIVE_INFINITY
    // As of classic histograms: measured values are rarely negative, so that the first bucket begins at zero.
    const lower = bounds[bucket - 1] ?? (upper > 0 ? 0 : Number.NEGATIVE_INFINITY)
    const part = countEvenly(count, lower, upper, bound)
    events += part.events
    uncertain += part.uncertain
  }
  return { events, uncertain }
}

/** The part of a bucket (lower, upper] up to a bound, if its events lie evenly. */
function countEvenly(count: number, lower: number, upper: number, bound: number): EventsAtMost {
  if (bound >= upper) return exactly(count)
  if (bound <= lower) return none
  // Prometheus counts a bucket that begins nowhere as a whole, and of one that ends nowhere nothing.
  if (lower === Number.NEGATIVE_INFINITY) return { events: count, uncertain: count }
  return { events: (count * (bound - lower)) / (upper - lower), uncertain: count }
}

function exactly(events: number): EventsAtMost {
  return { events, uncertain: 0 }
}

function totalOf({ counts }: NativeBuckets): number {
  let total = 0
  for (const count of counts) total += count
  return total
}
