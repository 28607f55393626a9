import type { Labels } from '../../core/model/labels.ts'
import { exemplarsPerPointMax, seriesPerSourceMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { Meter } from '../../ports/meter.ts'
import { type SampleOrigin, type SampleSink, type SeriesRef, unwantedSeries } from '../../ports/sample-sink.ts'
import type { NativeTrail } from '../native-trail.ts'
import type { SeriesAllowance } from '../series-allowance.ts'
import { unresolvedSeries } from '../series-index.ts'
import { isRefusal } from '../wire/label-collector.ts'
import { readAttributes } from '../wire/otlp-attributes.ts'
import { readExemplars, readQuantiles } from '../wire/otlp-details.ts'
import { type MetricKind, otlpFields } from '../wire/otlp-fields.ts'
import type { MetricsVisitor } from '../wire/otlp-metrics.ts'
import type { ExponentialPoint, HistogramPoint, NumberPoint, PointFrame, SummaryPoint } from '../wire/otlp-points.ts'
import type { Refusal } from '../wire/series-visitor.ts'
import { meterSummary, reject, type WriteSummary, writeSummary } from '../write-summary.ts'
import { attributeFields } from './attribute-fields.ts'
import { faultOfBuckets, hasBounds, readBounds, resolveExplicit } from './explicit-buckets.ts'
import { HistogramPoints } from './histogram-points.ts'
import { type HistogramPlace, HistogramRefBook } from './histogram-refs.ts'
import { MetricContexts } from './metric-contexts.ts'
import { type PointAppenders, pointAppenders } from './point-appender.ts'
import { faultOfNumber, faultOfTimes } from './point-faults.ts'
import { pointLabels } from './point-labels.ts'
import { oldestKept, PointSeries } from './point-series.ts'
import { deltaStartOf, startOf } from './point-starts.ts'
import type { LabelSettings } from './resource-labels.ts'
import { SummarySeries } from './summary-series.ts'

/** What the points of one source are written to, and how. */
export interface PointWriterOptions {
  readonly origin: SampleOrigin
  readonly sink: SampleSink
  readonly meter: Meter
  readonly allowance: SeriesAllowance
  readonly labels: LabelSettings
}

/**
 * The way of all OTLP points from the decoder to the sink: recognises each series by its bytes and adds up what became of its
 * points. There is one per source. Points are written between `begin` and `end`, with nothing awaited in between.
 */
export class PointWriter implements MetricsVisitor {
  readonly #options: PointWriterOptions
  readonly #contexts: MetricContexts
  /** Known of each is the ref of a number, the place of a histogram's refs in the book, 0 of a summary that is wanted. */
  readonly #series: PointSeries
  readonly #book = new HistogramRefBook()
  readonly #histograms: HistogramPoints
  #trails = new Map<number, NativeTrail>()
  readonly #summaries = new Map<number, SummarySeries>()
  readonly #to: PointAppenders
  #generation = Number.NaN
  #metric = 0
  #kind: MetricKind = 'gauge'
  /** Why the points of the metric at hand are not taken. */
  #refusal: Refusal | undefined
  #summary: WriteSummary = writeSummary()
  /** What became of what points are made into, beside the sample by which each is judged. */
  #further: WriteSummary = writeSummary()

  constructor(options: PointWriterOptions) {
    this.#options = options
    this.#series = new PointSeries(options.allowance)
    this.#to = pointAppenders(options.sink)
    this.#histograms = new HistogramPoints(options.sink, this.#book)
    this.#contexts = new MetricContexts(options.labels, options.allowance)
  }

  /** How many series are recognised. */
  get seriesCount(): number {
    return this.#series.size
  }

  /** Starts a request. */
  begin(now: EpochMs): void {
    this.#summary = writeSummary()
    this.#further = writeSummary()
    for (const to of [this.#to.totals, this.#to.deltas]) to.begin(this.#summary, this.#further)
    const { generation } = this.#options.sink
    const isWasteful = this.#book.abandoned > this.#series.size + abandonedMax
    if (generation !== this.#generation || isWasteful) this.#forgetKnown()
    this.#generation = generation
    if (this.#series.shouldForgetOld(now)) this.#forgetOld(now)
    this.#series.begin(now)
    this.#contexts.begin(now)
  }

  resource(bytes: Uint8Array, start: number, end: number): void {
    this.#contexts.resource(bytes, start, end)
  }

  scope(bytes: Uint8Array, start: number, end: number): void {
    this.#contexts.scope(bytes, start, end)
  }

  metric(kind: MetricKind, bytes: Uint8Array, start: number, end: number): void {
    const metric = this.#contexts.metric(kind, bytes, start, end)
    this.#kind = kind
    if (typeof metric === 'number') {
      this.#metric = metric
      this.#refusal = undefined
    } else this.#refuseMetric(metric)
  }

  expected(bytes: Uint8Array, start: number, end: number): number {
    return this.#refusal === undefined ? this.#series.expected(this.#metric, bytes, start, end) : 0
  }

  number(point: NumberPoint): void {
    const entry = this.#entry(point)
    if (entry < 0) return
    let ref: SeriesRef = this.#series.known(entry)
    if (ref === unresolvedSeries) ref = this.#resolve(entry)
    if (ref === unwantedSeries) return
    const detail = faultOfNumber(point, this.#kind)
    if (detail !== undefined) return this.#reject(detail)
    // An interval without events is nothing to book.
    if (this.#kind === 'delta-sum' && point.noRecordedValue) return
    const { timeMs, value, noRecordedValue } = point
    if (this.#kind === 'delta-sum') this.#to.deltas.addAlone(ref, timeMs, deltaStartOf(point), value, false)
    else {
      const startMs = this.#kind === 'cumulative-sum' ? startOf(point) : Number.NaN
      this.#to.totals.addAlone(ref, timeMs, startMs, value, noRecordedValue)
    }
    if (point.hasExemplars) this.#noteExemplars(point, entry, otlpFields.number.exemplars)
  }

  histogram(point: HistogramPoint): void {
    const entry = this.#entry(point)
    if (entry < 0 || this.#series.known(entry) === unwantedSeries) return
    const isDelta = this.#kind === 'delta-histogram'
    if (point.noRecordedValue) return this.#end(point, entry, isDelta)
    const refusal = faultOfTimes(point, isDelta) ?? faultOfBuckets(point) ?? this.#takeExplicit(point, entry, isDelta)
    if (refusal !== undefined) return this.#reject(refusal)
    if (point.hasExemplars) this.#noteExemplars(point, entry, otlpFields.histogram.exemplars)
  }

  exponential(point: ExponentialPoint): void {
    const entry = this.#entry(point)
    if (entry < 0 || this.#series.known(entry) === unwantedSeries) return
    const isDelta = this.#kind === 'delta-exponential'
    if (point.noRecordedValue) return this.#end(point, entry, isDelta)
    const refusal = faultOfTimes(point, isDelta) ?? this.#takeExponential(point, entry, isDelta)
    if (refusal !== undefined) return this.#reject(refusal)
    if (point.hasExemplars) this.#noteExemplars(point, entry, otlpFields.exponential.exemplars)
  }

  summary(point: SummaryPoint): void {
    const entry = this.#entry(point)
    const series = entry < 0 ? undefined : this.#summaryOf(entry, point)
    if (series === undefined) return
    const refusal = faultOfTimes(point, false) ?? series.take(point, startOf(point), this.#to.totals)
    if (refusal !== undefined) this.#reject(refusal)
  }

  /** Takes note of a request that could not be read to its end. */
  problem(detail: string): void {
    reject(this.#summary, 'malformed', 1, detail)
  }

  /** Hands over what is left and answers, and counts, what became of everything since `begin`. */
  end(): WriteSummary {
    this.#to.totals.flush()
    this.#to.deltas.flush()
    this.#series.end()
    this.#contexts.end()
    const { meter, origin, allowance } = this.#options
    meterSummary(this.#further, allowance, meter, origin.source)
    meterSummary(this.#summary, allowance, meter, origin.source)
    return this.#summary
  }

  /** The entry of a point, or −1 where it is refused, which is noted. */
  #entry(point: PointFrame): number {
    this.#summary.received++
    if (this.#refusal !== undefined) {
      this.#reject(this.#refusal)
      return -1
    }
    const known = this.#series.find(this.#metric, point)
    return known >= 0 ? known : this.#add(point)
  }

  #add(point: PointFrame): number {
    const labels = this.#labelsOf(point.bytes, point.attributes.start, point.attributes.end)
    if (isRefusal(labels)) return this.#refuse(labels)
    const added = this.#series.add(this.#metric, point)
    return added < 0 ? this.#refuse(tooManySeries) : added
  }

  #refuseMetric(refusal: Refusal): void {
    if (refusal.reason === 'series_limit') this.#series.noteFull()
    this.#refusal = refusal
  }

  #refuse(refusal: Refusal): number {
    this.#reject(refusal)
    return -1
  }

  #reject({ reason, detail }: Refusal): void {
    reject(this.#summary, reason, 1, detail)
  }

  #labelsOf(bytes: Uint8Array, start: number, end: number): Labels | Refusal {
    const field = attributeFields[this.#kind]
    const attributes = readAttributes(bytes, start, end, field)
    const { translation } = this.#options.labels
    if (typeof attributes !== 'string')
      return pointLabels(attributes, this.#contexts.context(this.#metric), translation)
    return { reason: attributes.includes('UTF-8') ? 'invalid_utf8' : 'malformed', detail: attributes }
  }

  #labelsOfEntry(entry: number): Labels | Refusal {
    const key = this.#series.key(entry)
    return this.#labelsOf(key, 0, key.length)
  }

  #resolve(entry: number): SeriesRef {
    const { sink, origin } = this.#options
    const labels = this.#labelsOfEntry(entry)
    return this.#series.know(entry, isRefusal(labels) ? unwantedSeries : sink.resolve(labels, origin))
  }

  #takeExplicit(point: HistogramPoint, entry: number, isDelta: boolean): Refusal | undefined {
    const known = this.#series.known(entry)
    if (known === unresolvedSeries || !hasBounds(this.#book.form(known), point)) {
      const refusal = this.#resolveExplicit(point, entry)
      if (refusal !== undefined || this.#series.known(entry) === unwantedSeries) return refusal
    }
    this.#histograms.takeExplicit(point, this.#series.known(entry), isDelta ? this.#to.deltas : this.#to.totals)
    return undefined
  }

  /** Asks the sink for the counters of a histogram, also when its bounds are others than before. */
  #resolveExplicit(point: HistogramPoint, entry: number): Refusal | undefined {
    const bounds = readBounds(point)
    if ('reason' in bounds) return bounds
    const { sink, origin } = this.#options
    const labels = this.#labelsOfEntry(entry)
    const series = isRefusal(labels) ? undefined : resolveExplicit(labels, bounds, sink, origin)
    if (this.#series.known(entry) >= 0) this.#book.abandoned++
    this.#series.know(entry, series === undefined ? unwantedSeries : this.#book.add(series.counters, series.form))
    return undefined
  }

  #takeExponential(point: ExponentialPoint, entry: number, isDelta: boolean): Refusal | undefined {
    const place =
      this.#series.known(entry) === unresolvedSeries ? this.#resolveExponential(entry) : this.#series.known(entry)
    if (place === unwantedSeries) return undefined
    if (isDelta) return this.#histograms.takeExponential(point, place, this.#to.deltas, undefined)
    const trail = this.#histograms.trailOf(place, this.#trails.get(entry))
    this.#trails.set(entry, trail)
    return this.#histograms.takeExponential(point, place, this.#to.totals, trail)
  }

  #resolveExponential(entry: number): HistogramPlace {
    const { sink, origin } = this.#options
    const labels = this.#labelsOfEntry(entry)
    const refs = isRefusal(labels) ? undefined : sink.resolveHistogram(labels, origin)
    if (refs === undefined) return this.#series.know(entry, unwantedSeries)
    const { count, sum, buckets } = refs
    const counters = { count, sum, buckets: buckets.map(({ ref }) => ref) }
    const bounds = buckets.map(({ bound }) => bound)
    return this.#series.know(entry, this.#book.add(counters, { bounds, bucketsCounted: [] }))
  }

  #end(point: PointFrame, entry: number, isDelta: boolean): void {
    const place = this.#series.known(entry)
    if (isDelta || place < 0) return
    const { bounds, bucketsCounted } = this.#book.form(place)
    const buckets = this.#kind === 'cumulative-histogram' ? bucketsCounted.length : bounds.length
    this.#histograms.end(point, place, buckets, this.#to.totals)
  }

  #summaryOf(entry: number, point: SummaryPoint): SummarySeries | undefined {
    if (this.#series.known(entry) !== unresolvedSeries) return this.#summaries.get(entry)
    const { sink, origin } = this.#options
    const labels = this.#labelsOfEntry(entry)
    const quantiles = readQuantiles(point.bytes, point.whole)
    this.#series.know(entry, unwantedSeries)
    if (isRefusal(labels) || typeof quantiles === 'string') return undefined
    const series = new SummarySeries(labels, quantiles)
    if (!series.resolveWith(sink, origin)) return undefined
    this.#series.know(entry, 0)
    this.#summaries.set(entry, series)
    return series
  }

  #noteExemplars(point: PointFrame, entry: number, field: number): void {
    if (this.#series.known(entry) < 0) return
    const { sink, origin } = this.#options
    const labels = this.#labelsOf(point.bytes, point.attributes.start, point.attributes.end)
    if (isRefusal(labels)) return
    const exemplars = readExemplars(point.bytes, point.whole, field, exemplarsPerPointMax)
    this.#summary.exemplars += exemplars.length
    for (const exemplar of exemplars) sink.noteExemplar(labels, origin, exemplar)
  }

  #forgetKnown(): void {
    this.#series.forgetKnown()
    this.#book.clear()
    this.#summaries.clear()
  }

  #forgetOld(now: EpochMs): void {
    this.#forgetKnown()
    const metrics = this.#contexts.keepSeenSince(oldestKept(now))
    const numbers = this.#series.forgetOld(now, (metric) => metrics[metric])
    this.#trails = new Map([...this.#trails].map(([entry, trail]) => [numbers[entry], trail] as const))
    this.#trails.delete(-1)
  }
}

/** Places of histograms given up, beyond one each, before all are written anew: bounds change hardly ever. */
const abandonedMax = 1_024

const tooManySeries: Refusal = {
  reason: 'series_limit',
  detail: `more than ${seriesPerSourceMax} series, or names too long to keep that many`,
}
