import { labelsKey } from '../../core/model/labels.ts'
import { seriesPerSourceMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { HistorySeries } from '../../ports/history-sink.ts'
import type { Meter } from '../../ports/meter.ts'
import { type SampleSink, type SeriesRef, sampleBatch } from '../../ports/sample-sink.ts'
import { samplesPerBatch } from '../sample-writer.ts'
import { seriesAllowance } from '../series-allowance.ts'
import { addAppended, meterSummary, reject, writeSummary } from '../write-summary.ts'

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

/** Books what one round of questions to an API brought, in order of time, whichever series it is of. */
export class RoundWriter {
  readonly #options: RoundWriterOptions
  readonly #batch = sampleBatch(samplesPerBatch)
  /** The newest sample booked of each series, as long as refs are good. */
  readonly #newest = new Map<SeriesRef, EpochMs>()
  #generation = Number.NaN

  constructor(options: RoundWriterOptions) {
    this.#options = options
  }

  /**
   * Books the samples of a round that begins with `from`. Answers reach back further, for samples that the API showed too late
   * for the round before: what is newer than a series' last sample counts, and of a series not seen before the last one before
   * `from` says where it stood. Series that answered to several questions count once.
   */
  write(series: readonly HistorySeries[], from: EpochMs): void {
    const { source, region, sink, meter } = this.#options
    if (sink.generation !== this.#generation) this.#newest.clear()
    this.#generation = sink.generation
    const origin = { source, region, splitDelivery: true }
    const summary = writeSummary()
    const allowance = seriesAllowance()
    const samples: PlacedSample[] = []
    const known = new Map(series.map((each) => [labelsKey(each.labels), each]))
    for (const { labels, timesMs, values } of known.values()) {
      if (allowance.seriesLeft === 0) {
        reject(summary, 'series_limit', timesMs.length, `more than ${seriesPerSourceMax} series`)
        continue
      }
      allowance.seriesLeft--
      summary.received += timesMs.length
      const ref = sink.resolve(labels, origin)
      if (ref < 0) continue
      allowance.wanted++
      const after = this.#newest.get(ref) ?? (timesMs.findLast((time) => time <= from) ?? from) - 1
      for (const [index, time] of timesMs.entries()) if (time > after) samples.push({ ref, time, value: values[index] })
      const newest = timesMs.at(-1)
      if (newest !== undefined && newest > after) this.#newest.set(ref, newest)
    }
    samples.sort((a, b) => a.time - b.time)
    const batch = this.#batch
    for (const [index, { ref, time, value }] of samples.entries()) {
      batch.refs[batch.length] = ref
      batch.timesMs[batch.length] = time
      batch.values[batch.length] = value
      batch.length++
      if (batch.length < batch.refs.length && index + 1 < samples.length) continue
      addAppended(summary, sink.append(batch))
      batch.length = 0
    }
    meterSummary(summary, allowance, meter, source)
  }
}
