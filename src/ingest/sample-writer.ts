import type { Labels } from '../core/model/labels.ts'
import { seriesPerSourceMax } from '../core/model/limits.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Meter } from '../ports/meter.ts'
import {
  type SampleBatch,
  type SampleOrigin,
  type SampleSink,
  type SeriesRef,
  sampleBatch,
  unwantedSeries,
} from '../ports/sample-sink.ts'
import type { SeriesAllowance } from './series-allowance.ts'
import { type CacheEntry, SeriesCache, unresolvedSeries } from './series-cache.ts'
import type { LineProblem } from './wire/exposition.ts'
import { isRefusal } from './wire/label-collector.ts'
import type { Refusal, SeriesVisitor } from './wire/series-visitor.ts'
import { addAppended, meterSummary, reject, type WriteSummary, writeSummary } from './write-summary.ts'

/** What one path of samples writes to, and as whom. */
export interface SampleWriterOptions {
  readonly origin: SampleOrigin
  readonly sink: SampleSink
  readonly meter: Meter
  /** Decodes the key of a series not seen before. */
  readonly decodeKey: KeyDecoder
  readonly allowance: SeriesAllowance
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
export class SampleWriter implements SeriesVisitor {
  readonly #options: SampleWriterOptions
  readonly #cache: SeriesCache
  readonly #batch: SampleBatch
  #generation = Number.NaN
  #now: EpochMs = 0
  #entry: CacheEntry = -1
  #ref: SeriesRef = refusedSeries
  #refusal: Refusal = notBegun
  #summary: WriteSummary = writeSummary()

  constructor(options: SampleWriterOptions) {
    this.#options = options
    this.#cache = new SeriesCache(options.allowance)
    this.#batch = options.batch ?? sampleBatch(samplesPerBatch)
  }

  /** How many series are recognised. */
  get seriesCount(): number {
    return this.#cache.size
  }

  /** Bytes held to recognise them. */
  get bytes(): number {
    return this.#cache.bytes
  }

  /** Starts a request or a scrape. Samples without a time of their own are taken to be of `now`. */
  begin(now: EpochMs): void {
    this.#now = now
    this.#ref = refusedSeries
    this.#batch.length = 0
    this.#summary = writeSummary()
    this.#cache.begin(now)
    const { generation } = this.#options.sink
    if (generation !== this.#generation) this.#cache.forgetRefs()
    this.#generation = generation
  }

  expected(bytes: Uint8Array, start: number, end: number): number {
    return this.#cache.expected(bytes, start, end)
  }

  takeExpected(): void {
    this.#use(this.#cache.takeExpected())
  }

  series(bytes: Uint8Array, start: number, end: number): Refusal | undefined {
    const known = this.#cache.find(bytes, start, end)
    if (known >= 0) {
      this.#use(known)
      return undefined
    }
    const { decodeKey, sink, origin } = this.#options
    const labels = decodeKey(bytes, start, end)
    if (isRefusal(labels)) return this.#refuse(labels)
    const added = this.#cache.add(bytes, start, end)
    if (added < 0) return this.#refuse(tooManySeries)
    this.#cache.setRef(added, sink.resolve(labels, origin))
    this.#use(added)
    return undefined
  }

  sample(timeMs: number, value: number, stale: boolean): void {
    this.#summary.received++
    const ref = this.#ref
    if (ref === unwantedSeries) return
    if (ref === refusedSeries) {
      reject(this.#summary, this.#refusal.reason, 1, this.#refusal.detail)
      return
    }
    const ownTime = timeMs === timeMs
    this.#cache.setOwnTime(this.#entry, ownTime)
    this.#push(ref, ownTime ? timeMs : this.#now, value, stale ? 1 : 0)
  }

  /** Takes note of a native histogram, which no indicator reads yet. */
  nativeHistogram(): void {
    this.#summary.received++
    if (this.#ref === unwantedSeries) this.#summary.unwantedHistograms++
    else if (this.#ref === refusedSeries) reject(this.#summary, this.#refusal.reason, 1, this.#refusal.detail)
    else reject(this.#summary, 'native_histogram')
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
    for (const ref of this.#cache.lastSeenAt(writtenAt)) if (ref >= 0) this.#push(ref, this.#now, Number.NaN, 1)
  }

  /** Hands over what is left and answers, and counts, what became of everything since `begin`. */
  end(): WriteSummary {
    this.#flush()
    this.#cache.end()
    const { meter, origin, allowance } = this.#options
    meterSummary(this.#summary, allowance, meter, origin.source)
    return this.#summary
  }

  /** Gives back the series held: the source or target is gone. */
  close(): void {
    this.#cache.clear()
  }

  #use(entry: CacheEntry): void {
    this.#entry = entry
    this.#ref = this.#cache.ref(entry)
    if (this.#ref === unresolvedSeries) this.#resolve(entry)
  }

  /** Asks the sink again about a series that is known by its bytes alone since the rules changed. */
  #resolve(entry: CacheEntry): void {
    const { decodeKey, sink, origin } = this.#options
    const key = this.#cache.key(entry)
    const labels = decodeKey(key, 0, key.length)
    this.#ref = isRefusal(labels) ? unwantedSeries : sink.resolve(labels, origin)
    this.#cache.setRef(entry, this.#ref)
  }

  #refuse(refusal: Refusal): Refusal {
    this.#ref = refusedSeries
    this.#refusal = refusal
    return refusal
  }

  #push(ref: SeriesRef, timeMs: EpochMs, value: number, stale: 0 | 1): void {
    const batch = this.#batch
    const index = batch.length
    batch.refs[index] = ref
    batch.timesMs[index] = timeMs
    batch.values[index] = value
    batch.stale[index] = stale
    batch.length = index + 1
    if (batch.length === batch.refs.length) this.#flush()
  }

  #flush(): void {
    if (this.#batch.length === 0) return
    addAppended(this.#summary, this.#options.sink.append(this.#batch))
    this.#batch.length = 0
  }
}

const notBegun: Refusal = { reason: 'malformed', detail: 'a sample without a series' }

const tooManySeries: Refusal = {
  reason: 'series_limit',
  detail: `more than ${seriesPerSourceMax} series, or names too long to keep that many`,
}
