import type { Labels } from '../../core/model/labels.ts'
import { seriesPerSourceMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { Meter } from '../../ports/meter.ts'
import {
  type SampleOrigin,
  type SampleSink,
  type SeriesRef,
  sampleBatch,
  unwantedSeries,
} from '../../ports/sample-sink.ts'
import { countersOf } from '../histogram-counters.ts'
import { NativeTrails } from '../native-trails.ts'
import { samplesPerBatch } from '../sample-writer.ts'
import { type SeriesAllowance, seriesAllowance } from '../series-allowance.ts'
import { addAppended, meterSummary, reject, type WriteSummary, writeSummary } from '../write-summary.ts'
import type { AnsweredSeries, TimedHistogram } from './history-answer.ts'

/** Where the samples of a source go, and as whose. */
export interface RoundWriterOptions {
  readonly source: string
  readonly region: string
  readonly sink: SampleSink
  readonly meter: Meter
}

interface PlacedSample {
  readonly ref: SeriesRef
  readonly time: EpochMs
  readonly value: number
}

/** Samples of one round that are newer than the last one of their series. */
interface Round {
  readonly from: EpochMs
  readonly origin: SampleOrigin
  readonly summary: WriteSummary
  readonly allowance: SeriesAllowance
  readonly samples: PlacedSample[]
}

/** Books what one round of questions to an API brought, in order of time, whichever series it is of. */
export class RoundWriter {
  readonly #options: RoundWriterOptions
  readonly #batch = sampleBatch(samplesPerBatch)
  /** The newest sample booked of each series, as long as refs are good. */
  readonly #newest = new Map<SeriesRef, EpochMs>()
  /** Those of native histograms, by the ref of their count. */
  readonly #trails = new NativeTrails<SeriesRef>()
  #generation = Number.NaN

  constructor(options: RoundWriterOptions) {
    this.#options = options
  }

  /**
   * Books the samples of a round that begins with `from`. Answers reach back further, for samples that the API showed too late
   * for the round before: what is newer than a series' last sample counts, and of a series not seen before the last one before
   * `from` says where it stood. Each series comes once.
   */
  write(series: readonly AnsweredSeries[], from: EpochMs): void {
    const { source, region, sink, meter } = this.#options
    if (sink.generation !== this.#generation) {
      this.#newest.clear()
      this.#trails.clear()
    }
    this.#generation = sink.generation
    const origin = { source, region, splitDelivery: true }
    const round = { from, origin, summary: writeSummary(), allowance: seriesAllowance(), samples: [] }
    for (const each of series) this.#place(each, round)
    this.#append(round)
    meterSummary(round.summary, round.allowance, meter, source)
  }

  #place({ labels, timesMs, values, histograms }: AnsweredSeries, round: Round): void {
    const { allowance, origin, samples, summary } = round
    const received = timesMs.length + histograms.length
    if (allowance.seriesLeft === 0) {
      reject(summary, 'series_limit', received, `more than ${seriesPerSourceMax} series`)
      return
    }
    allowance.seriesLeft--
    summary.received += received
    const ref = timesMs.length === 0 ? unwantedSeries : this.#options.sink.resolve(labels, origin)
    const isOfHistogram = histograms.length > 0 && this.#placeHistograms(labels, histograms, round)
    if (ref >= 0 || isOfHistogram) allowance.wanted++
    if (ref < 0) return
    const after = this.#after(ref, timesMs, round)
    for (const [index, time] of timesMs.entries()) if (time > after) samples.push({ ref, time, value: values[index] })
  }

  /** Places the counters that histograms are counted as; false where no SLO uses one. */
  #placeHistograms(labels: Labels, histograms: readonly TimedHistogram[], round: Round): boolean {
    const { sink } = this.#options
    const refs = sink.resolveHistogram(labels, round.origin)
    if (refs === undefined) return false
    const times = histograms.map(({ timeMs }) => timeMs)
    const after = this.#after(refs.count, times, round)
    const bounds = refs.buckets.map(({ bound }) => bound)
    const trail = this.#trails.of(refs.count, bounds)
    for (const { timeMs, histogram } of histograms) {
      if (!(timeMs > after)) continue
      const sample = { timeMs, startMs: Number.NaN, stale: false, histogram }
      for (const { ref, value, uncertain } of countersOf(sample, refs, trail)) {
        if (uncertain > 0) sink.noteUncertain(ref, uncertain, histogram.count)
        round.samples.push({ ref, time: timeMs, value })
      }
    }
    return true
  }

  /** Samples of a series up to this moment were booked before, or are older than need be. */
  #after(ref: SeriesRef, timesMs: readonly EpochMs[], { from }: Round): EpochMs {
    const after = this.#newest.get(ref) ?? (timesMs.findLast((time) => time <= from) ?? from) - 1
    const newest = timesMs.at(-1)
    if (newest !== undefined && newest > after) this.#newest.set(ref, newest)
    return after
  }

  #append({ samples, summary }: Round): void {
    // Those of one time stay in their order: the count of a histogram comes before its buckets.
    samples.sort((a, b) => a.time - b.time)
    const batch = this.#batch
    for (const [index, { ref, time, value }] of samples.entries()) {
      batch.refs[batch.length] = ref
      batch.timesMs[batch.length] = time
      batch.values[batch.length] = value
      batch.length++
      if (batch.length < batch.refs.length && index + 1 < samples.length) continue
      addAppended(summary, this.#options.sink.append(batch))
      batch.length = 0
    }
  }
}
