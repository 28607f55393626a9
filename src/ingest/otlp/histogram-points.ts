import type { EpochMs } from '../../core/model/units.ts'
import { countAtMost, type NativeHistogram } from '../../core/sli/native-histogram.ts'
import { type SampleSink, type SeriesRef, unwantedSeries } from '../../ports/sample-sink.ts'
import { NativeTrails } from '../native-trails.ts'
import { readBuckets } from '../wire/otlp-details.ts'
import type { ExponentialPoint, HistogramPoint, PointFrame } from '../wire/otlp-points.ts'
import type { Refusal } from '../wire/series-visitor.ts'
import { eventsOfFirst } from './explicit-buckets.ts'
import type { HistogramPlace, HistogramRefBook } from './histogram-refs.ts'
import type { PointAppender } from './point-appender.ts'
import type { PointEntry } from './point-series.ts'
import { deltaStartOf, startOf } from './point-starts.ts'

/** Turns the points of histograms into the counters that SLOs want of them. */
export class HistogramPoints {
  readonly #sink: SampleSink
  readonly #book: HistogramRefBook
  readonly #trails = new NativeTrails<PointEntry>()

  constructor(sink: SampleSink, book: HistogramRefBook) {
    this.#sink = sink
    this.#book = book
  }

  /** Takes a point with explicit bounds, which are those of its form; every counter is exact. */
  takeExplicit(point: HistogramPoint, place: HistogramPlace, to: PointAppender): void {
    const { buckets, bucketsCounted } = this.#book.form(place)
    const startMs = this.#begin(point, place, buckets, to)
    for (let index = 0; index < buckets; index++) {
      const events = eventsOfFirst(bucketsCounted[index], point)
      to.add(this.#book.bucket(place, index), point.timeMs, startMs, events, false)
    }
  }

  /** Takes an exponential point of a series, inside whose buckets events are estimated; totals go on from the one before. */
  takeExponential(
    point: ExponentialPoint,
    entry: PointEntry,
    place: HistogramPlace,
    to: PointAppender,
  ): Refusal | undefined {
    const { bounds } = this.#book.form(place)
    const histogram = bounds.length === 0 ? noHistogram : nativeHistogram(point)
    if (histogram === undefined) return wrongBuckets
    const startMs = this.#begin(point, place, bounds.length, to)
    const trail = to.isDelta ? undefined : this.#trails.inTime(entry, bounds, point.timeMs)
    const events =
      trail?.eventsAtMost(histogram, point.startMs) ?? bounds.map((bound) => countAtMost(histogram, bound).events)
    for (let index = 0; index < bounds.length; index++) {
      to.add(this.#book.bucket(place, index), point.timeMs, startMs, events[index], false)
    }
    this.#noteUncertain(histogram, bounds, place, to)
    return undefined
  }

  /** Nothing was recorded: all counters have ended. */
  end({ timeMs }: PointFrame, place: HistogramPlace, to: PointAppender): void {
    const { buckets } = this.#book.form(place)
    this.#joinRound(place, buckets, to)
    const end = (ref: SeriesRef): void => to.add(ref, timeMs, Number.NaN, Number.NaN, true)
    end(this.#book.count(place))
    end(this.#book.sum(place))
    for (let index = 0; index < buckets; index++) end(this.#book.bucket(place, index))
  }

  /** Series go by other numbers from now on, −1 where they are gone. */
  rename(numbers: Int32Array): void {
    this.#trails.rename((entry) => (numbers[entry] >= 0 ? numbers[entry] : undefined))
  }

  /** Count and sum; the count comes first, because it tells when all of them started. */
  #begin(point: HistogramPoint | ExponentialPoint, place: HistogramPlace, buckets: number, to: PointAppender): EpochMs {
    const book = this.#book
    const startMs = to.isDelta ? deltaStartOf(point) : startOf(point)
    this.#joinRound(place, buckets, to)
    to.add(book.count(place), point.timeMs, startMs, point.count, false)
    if (point.sum === point.sum) to.add(book.sum(place), point.timeMs, startMs, point.sum, false)
    return startMs
  }

  /** Two points of one histogram do not go together, so that all counters of one are in the sink before those of the next. */
  #joinRound(place: HistogramPlace, buckets: number, to: PointAppender): void {
    to.beginPoint(buckets + 2)
    if (!this.#book.joinsRound(place, to.round)) return
    to.flush()
    this.#book.joinsRound(place, to.round)
  }

  /** Says how exact the buckets just added are, once the sink has them. */
  #noteUncertain(
    histogram: NativeHistogram,
    bounds: readonly number[],
    place: HistogramPlace,
    to: PointAppender,
  ): void {
    let isFlushed = false
    for (const [index, bound] of bounds.entries()) {
      const ref = this.#book.bucket(place, index)
      const { uncertain } = countAtMost(histogram, bound)
      if (uncertain === 0 || ref === unwantedSeries) continue
      if (!isFlushed) to.flush()
      isFlushed = true
      this.#sink.noteUncertain(ref, uncertain, histogram.count)
    }
  }
}

function nativeHistogram(point: ExponentialPoint): NativeHistogram | undefined {
  const { count, sum, scale, zeroCount, zeroThreshold } = point
  const positive = readBuckets(point.bytes, point.positive)
  const negative = readBuckets(point.bytes, point.negative)
  if (positive === undefined || negative === undefined || Math.abs(scale) > scaleMax) return undefined
  return { schema: scale, count, sum, zeroThreshold, zeroCount, positive, negative }
}

const noBuckets = { offset: 0, counts: [] }

/** Stands for buckets that nobody asks about. */
const noHistogram: NativeHistogram = {
  schema: 0,
  count: 0,
  sum: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  positive: noBuckets,
  negative: noBuckets,
}

/** OpenTelemetry's SDKs stay within −10 and 20; a scale of 64 would have as many buckets as there are doubles. */
const scaleMax = 32

const wrongBuckets: Refusal = { reason: 'malformed', detail: 'exponential buckets that are broken or too many' }
