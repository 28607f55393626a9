import type { Labels } from '../../core/model/labels.ts'
import { exemplarsPerPointMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { Meter } from '../../ports/meter.ts'
import { type SampleOrigin, type SampleSink, type SeriesRef, unwantedSeries } from '../../ports/sample-sink.ts'
import { type SeriesAllowance, tooManySeries } from '../series-allowance.ts'
import { unresolvedSeries } from '../series-index.ts'
import { isRefusal } from '../wire/label-collector.ts'
import { readExemplars, readQuantiles } from '../wire/otlp-details.ts'
import { type MetricKind, otlpFields } from '../wire/otlp-fields.ts'
import type { MetricsVisitor } from '../wire/otlp-metrics.ts'
import type {
  ExponentialPoint,
  HistogramPoint,
  NumberPoint,
  PointFrame,
  Span,
  SummaryPoint,
} from '../wire/otlp-points.ts'
import type { Refusal } from '../wire/series-visitor.ts'
import { meterSummary, reject, type WriteSummary, writeSummary } from '../write-summary.ts'
import { faultOfBuckets } from './explicit-buckets.ts'
import { HistogramPoints } from './histogram-points.ts'
import { HistogramSeries } from './histogram-series.ts'
import { MetricContexts } from './metric-contexts.ts'
import { type PointAppender, type PointAppenders, pointAppenders } from './point-appender.ts'
import { faultOfNumber, faultOfTimes } from './point-faults.ts'
import { readPointLabels } from './point-labels.ts'
import { oldestKept, type PointEntry, PointSeries } from './point-series.ts'
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
  /** Known of each is the ref of a number, the place of a histogram's refs, 0 of a summary that is wanted. */
  readonly #series: PointSeries
  readonly #histogramSeries: HistogramSeries
  readonly #histograms: HistogramPoints
  readonly #summaries = new Map<PointEntry, SummarySeries>()
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
    const { origin, sink, allowance, labels } = options
    const series = new PointSeries(allowance)
    this.#options = options
    this.#series = series
    this.#to = pointAppenders(sink)
    const labelsOf = (entry: PointEntry): Labels | Refusal => this.#labelsOfEntry(entry)
    this.#histogramSeries = new HistogramSeries({ origin, sink, series, labelsOf })
    this.#histograms = new HistogramPoints(sink, this.#histogramSeries.book)
    this.#contexts = new MetricContexts(labels, allowance)
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
    if (generation !== this.#generation || this.#histogramSeries.isWasteful) this.#forgetKnown()
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
    const refusal = faultOfNumber(point, this.#kind)
    if (refusal !== undefined) return this.#reject(refusal)
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
    const to = this.#kind === 'delta-histogram' ? this.#to.deltas : this.#to.totals
    if (point.noRecordedValue) return this.#end(point, entry, to)
    const refusal = faultOfTimes(point, to.isDelta) ?? faultOfBuckets(point) ?? this.#takeExplicit(point, entry, to)
    if (refusal !== undefined) return this.#reject(refusal)
    if (point.hasExemplars) this.#noteExemplars(point, entry, otlpFields.histogram.exemplars)
  }

  exponential(point: ExponentialPoint): void {
    const entry = this.#entry(point)
    if (entry < 0 || this.#series.known(entry) === unwantedSeries) return
    const to = this.#kind === 'delta-exponential' ? this.#to.deltas : this.#to.totals
    if (point.noRecordedValue) return this.#end(point, entry, to)
    const refusal = faultOfTimes(point, to.isDelta) ?? this.#takeExponential(point, entry, to)
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
  #entry(point: PointFrame): PointEntry {
    this.#summary.received++
    if (this.#refusal !== undefined) {
      this.#reject(this.#refusal)
      return -1
    }
    const known = this.#series.find(this.#metric, point)
    return known >= 0 ? known : this.#add(point)
  }

  #add(point: PointFrame): PointEntry {
    const labels = this.#labelsOf(point.bytes, point.attributes)
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

  /** The labels of a series of the metric at hand. */
  #labelsOf(bytes: Uint8Array, attributes: Span): Labels | Refusal {
    const { translation } = this.#options.labels
    return readPointLabels(bytes, attributes, this.#contexts.context(this.#metric), translation)
  }

  #labelsOfEntry(entry: PointEntry): Labels | Refusal {
    const key = this.#series.key(entry)
    return this.#labelsOf(key, { start: 0, end: key.length })
  }

  #resolve(entry: PointEntry): SeriesRef {
    const { sink, origin } = this.#options
    const labels = this.#labelsOfEntry(entry)
    return this.#series.know(entry, isRefusal(labels) ? unwantedSeries : sink.resolve(labels, origin))
  }

  #takeExplicit(point: HistogramPoint, entry: PointEntry, to: PointAppender): Refusal | undefined {
    const place = this.#histogramSeries.explicit(entry, point)
    if (typeof place !== 'number') return place
    if (place !== unwantedSeries) this.#histograms.takeExplicit(point, place, to)
    return undefined
  }

  #takeExponential(point: ExponentialPoint, entry: PointEntry, to: PointAppender): Refusal | undefined {
    const place = this.#histogramSeries.exponential(entry)
    return place === unwantedSeries ? undefined : this.#histograms.takeExponential(point, entry, place, to)
  }

  /** Nothing was recorded: a histogram that is cumulative has ended. */
  #end(point: PointFrame, entry: PointEntry, to: PointAppender): void {
    const place = this.#series.known(entry)
    if (!to.isDelta && place >= 0) this.#histograms.end(point, place, to)
  }

  #summaryOf(entry: PointEntry, point: SummaryPoint): SummarySeries | undefined {
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

  #noteExemplars(point: PointFrame, entry: PointEntry, field: number): void {
    if (this.#series.known(entry) < 0) return
    const { sink, origin } = this.#options
    const labels = this.#labelsOf(point.bytes, point.attributes)
    if (isRefusal(labels)) return
    const exemplars = readExemplars(point.bytes, point.whole, field, exemplarsPerPointMax)
    this.#summary.exemplars += exemplars.length
    for (const exemplar of exemplars) sink.noteExemplar(labels, origin, exemplar)
  }

  #forgetKnown(): void {
    this.#series.forgetKnown()
    this.#histogramSeries.clear()
    this.#summaries.clear()
  }

  #forgetOld(now: EpochMs): void {
    this.#forgetKnown()
    const metrics = this.#contexts.keepSeenSince(oldestKept(now))
    const numbers = this.#series.forgetOld(now, (metric) => metrics[metric])
    this.#histograms.rename(numbers)
  }
}
