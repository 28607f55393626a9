import type { Labels } from '../core/model/labels.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Meter } from '../ports/meter.ts'
import {
  type Exemplar,
  type HistogramRefs,
  type SampleBatch,
  type SampleOrigin,
  type SampleSink,
  type SeriesRef,
  sampleBatch,
  unwantedSeries,
} from '../ports/sample-sink.ts'
import { NativeSeries } from './native-series.ts'
import { RegionOrigins } from './region-origins.ts'
import { type SeriesAllowance, tooManySeries } from './series-allowance.ts'
import { SeriesCache } from './series-cache.ts'
import { type CacheEntry, type SeriesIndex, unresolvedSeries } from './series-index.ts'
import type { LineProblem } from './wire/exposition.ts'
import { isRefusal } from './wire/label-collector.ts'
import type { HistogramSample, Refusal, SeriesDetailVisitor } from './wire/series-visitor.ts'
import {
  addAppended,
  addHistogram,
  meterSummary,
  reject,
  rejectHistogram,
  type WriteSummary,
  writeSummary,
} from './write-summary.ts'

/** What one path of samples writes to, and as whom. */
export interface SampleWriterOptions {
  readonly origin: SampleOrigin
  readonly sink: SampleSink
  readonly meter: Meter
  /** Decodes the key of a series not seen before. */
  readonly decodeKey: KeyDecoder
  readonly allowance: SeriesAllowance
  /** The label that names the region of a series, where it is not the one that its SLO reads. */
  readonly regionLabel?: string | undefined
  /** What recognises the series; one of its own unless given. */
  readonly index?: SeriesIndex
  /** Writers that never write at the same time may share one. */
  readonly batch?: SampleBatch
}

/** Turns the raw bytes of a series into its labels. */
export type KeyDecoder = (bytes: Uint8Array, start: number, end: number) => Labels | Refusal

/** Samples handed to the sink at once. */
export const samplesPerBatch = 4_096

/** Beside the refs of the sink: the series at hand was refused. */
const refusedSeries: SeriesRef = -3

/**
 * The way of all samples from a decoder to the sink: recognises each series by its bytes, fills a batch that is used
 * again and again, and adds up what became of the samples. There is one per source, or per target where targets of one
 * source send the same keys. Samples are written between `begin` and `end`, with nothing awaited in between.
 */
export class SampleWriter implements SeriesDetailVisitor {
  readonly #options: SampleWriterOptions
  readonly #index: SeriesIndex
  readonly #batch: SampleBatch
  #generation = Number.NaN
  #now: EpochMs = 0
  #entry: CacheEntry = -1
  #ref: SeriesRef = refusedSeries
  #refusal: Refusal = notBegun
  /** Where the key of the current series stands. */
  #bytes: Uint8Array = empty
  #keyStart = 0
  #keyEnd = 0
  readonly #natives: NativeSeries
  readonly #origins: RegionOrigins
  #summary: WriteSummary = writeSummary()

  constructor(options: SampleWriterOptions) {
    this.#options = options
    this.#index = options.index ?? new SeriesCache(options.allowance)
    this.#batch = options.batch ?? sampleBatch(samplesPerBatch)
    this.#natives = new NativeSeries(this.#index, options.allowance)
    this.#origins = new RegionOrigins(options.origin, options.regionLabel)
  }

  /** How many series are recognised. */
  get seriesCount(): number {
    return this.#index.size
  }

  /** Bytes held to recognise them. */
  get bytes(): number {
    return this.#index.bytes
  }

  /** Starts a request or a scrape. Samples without a time of their own are taken to be of `now`. */
  begin(now: EpochMs): void {
    this.#now = now
    this.#ref = refusedSeries
    this.#emptyBatch()
    this.#summary = writeSummary()
    this.#index.begin(now)
    const { generation } = this.#options.sink
    if (generation !== this.#generation) {
      this.#index.forgetRefs()
      this.#natives.forget()
    }
    this.#generation = generation
  }

  expected(bytes: Uint8Array, start: number, end: number): number {
    const length = this.#index.expected(bytes, start, end)
    if (length > 0) this.#stand(bytes, start, start + length)
    return length
  }

  takeExpected(): void {
    this.#use(this.#index.takeExpected())
  }

  series(bytes: Uint8Array, start: number, end: number): Refusal | undefined {
    this.#stand(bytes, start, end)
    const known = this.#index.find(bytes, start, end)
    if (known >= 0) {
      this.#use(known)
      return undefined
    }
    const labels = this.#options.decodeKey(bytes, start, end)
    if (isRefusal(labels)) return this.refuse(labels)
    const added = this.#index.add(bytes, start, end)
    if (added < 0) return this.refuse(tooManySeries)
    this.#index.setRef(added, this.#options.sink.resolve(labels, this.#origins.of(labels)))
    this.#use(added)
    return undefined
  }

  /** The samples that follow belong to a series that is not taken. */
  refuse(refusal: Refusal): Refusal {
    this.#ref = refusedSeries
    this.#refusal = refusal
    return refusal
  }

  sample(timeMs: number, value: number, stale: boolean, startMs = Number.NaN): void {
    this.#summary.received++
    const ref = this.#ref
    if (ref === unwantedSeries) return
    if (ref === refusedSeries) {
      reject(this.#summary, this.#refusal.reason, 1, this.#refusal.detail)
      return
    }
    const ownTime = timeMs === timeMs
    this.#index.setOwnTime(this.#entry, ownTime)
    this.#push(ref, ownTime ? timeMs : this.#now, value, stale ? 1 : 0, startMs)
  }

  /** Hands samples of known series over at once, and counts others that no SLO uses. */
  samples(batch: SampleBatch, received: number): void {
    this.#summary.received += received
    if (batch.length === 0) return
    this.#flush()
    addAppended(this.#summary, this.#options.sink.append(batch))
  }

  histogram(sample: HistogramSample): void {
    this.#summary.received++
    this.#summary.histograms++
    if (this.#ref === refusedSeries) {
      rejectHistogram(this.#summary, this.#refusal.reason, this.#refusal.detail)
      return
    }
    const refs = this.#histogramRefs()
    if (refs === undefined) return
    this.#flush()
    const timeMs = Number.isNaN(sample.timeMs) ? this.#now : sample.timeMs
    for (const { ref, value, uncertain } of this.#natives.counters(this.#entry, refs, sample, timeMs)) {
      if (uncertain > 0) this.#options.sink.noteUncertain(ref, uncertain, sample.histogram.count)
      this.#push(ref, timeMs, value, sample.stale ? 1 : 0, sample.startMs)
    }
    this.#flush(addHistogram)
  }

  /** Notes a native histogram of the current series that cannot be counted; it is missed only where an SLO uses it. */
  histogramRefused(refusal: Refusal): void {
    this.#summary.received++
    this.#summary.histograms++
    if (this.#ref === refusedSeries) rejectHistogram(this.#summary, this.#refusal.reason, this.#refusal.detail)
    else if (this.#histogramRefs() !== undefined) rejectHistogram(this.#summary, refusal.reason, refusal.detail)
  }

  exemplar(exemplar: Exemplar): void {
    this.#summary.exemplars++
    if (this.#ref === refusedSeries || (this.#ref < 0 && this.#histogramRefs() === undefined)) return
    const labels = this.#labels()
    if (labels !== undefined) this.#options.sink.noteExemplar(labels, this.#origins.of(labels), exemplar)
  }

  /** Takes note of something that could not be read. */
  problem(problem: Refusal | LineProblem): void {
    const { reason, detail } = problem
    const place = 'line' in problem ? `line ${problem.line}: ` : ''
    const text = 'text' in problem && problem.text !== '' ? `: ${problem.text}` : ''
    reject(this.#summary, reason, 1, `${place}${detail}${text}`)
  }

  /** Tells the sink that every series written at an earlier time, and not since `begin`, has ended. */
  endMissing(writtenAt: EpochMs): void {
    for (const ref of this.#index.lastSeenAt(writtenAt)) {
      if (ref >= 0) this.#push(ref, this.#now, Number.NaN, 1, Number.NaN)
    }
  }

  /** Hands over what is left and answers, and counts, what became of everything since `begin`. */
  end(): WriteSummary {
    this.#flush()
    this.#index.end()
    this.#bytes = empty
    const { meter, origin, allowance } = this.#options
    meterSummary(this.#summary, allowance, meter, origin.source)
    return this.#summary
  }

  /** Gives back the series held: the source or target is gone. */
  close(): void {
    this.#natives.forget()
    this.#index.clear()
  }

  #use(entry: CacheEntry): void {
    this.#entry = entry
    this.#ref = this.#index.ref(entry)
    if (this.#ref === unresolvedSeries) this.#resolve(entry)
  }

  /** Asks the sink again about a series that is known by its bytes alone since the rules changed. */
  #resolve(entry: CacheEntry): void {
    const labels = this.#labels()
    this.#ref = labels === undefined ? unwantedSeries : this.#options.sink.resolve(labels, this.#origins.of(labels))
    this.#index.setRef(entry, this.#ref)
  }

  #histogramRefs(): HistogramRefs | undefined {
    return this.#natives.refs(this.#entry, () => {
      const labels = this.#labels()
      return labels === undefined ? undefined : this.#options.sink.resolveHistogram(labels, this.#origins.of(labels))
    })
  }

  /** The labels of the current series. */
  #labels(): Labels | undefined {
    const labels = this.#options.decodeKey(this.#bytes, this.#keyStart, this.#keyEnd)
    return isRefusal(labels) ? undefined : labels
  }

  #stand(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes
    this.#keyStart = start
    this.#keyEnd = end
  }

  #push(ref: SeriesRef, timeMs: EpochMs, value: number, stale: 0 | 1, startMs: EpochMs): void {
    const batch = this.#batch
    const index = batch.length
    batch.refs[index] = ref
    batch.timesMs[index] = timeMs
    batch.values[index] = value
    batch.stale[index] = stale
    batch.startsMs[index] = startMs
    if (startMs === startMs) batch.hasStarts = true
    batch.length = index + 1
    if (batch.length === batch.refs.length) this.#flush()
  }

  #flush(add = addAppended): void {
    if (this.#batch.length === 0) return
    add(this.#summary, this.#options.sink.append(this.#batch))
    this.#emptyBatch()
  }

  #emptyBatch(): void {
    this.#batch.length = 0
    this.#batch.hasStarts = false
  }
}

const empty = new Uint8Array(0)

const notBegun: Refusal = { reason: 'malformed', detail: 'a sample without a series' }
