import { histogramBucketsMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import {
  type AppendCounts,
  type SampleBatch,
  type SampleSink,
  type SeriesRef,
  sampleBatch,
  unwantedSeries,
} from '../../ports/sample-sink.ts'
import { addAppended, type WriteSummary, writeSummary } from '../write-summary.ts'

/** Points handed to the sink at once. */
const pointsPerBatch = 1_024

/** Samples that histograms and summaries add to that: with every bucket wanted, a point is as many. */
const furtherPerBatch = histogramBucketsMax + 1_024

/**
 * Samples on their way to the sink. One sample of each point goes first, and what becomes of it tells what becomes of the point;
 * what else a point is made into follows once those are in the sink.
 */
export class PointAppender {
  /** Whether values are the events of an interval. */
  readonly isDelta: boolean
  readonly #append: (batch: SampleBatch) => AppendCounts
  readonly #first = sampleBatch(pointsPerBatch)
  readonly #further = sampleBatch(furtherPerBatch)
  #round = 0
  #isJudged = false
  /** What became of the points since `begin`. */
  summary: WriteSummary = writeSummary()
  /** What became of the samples beside them. */
  furtherSummary: WriteSummary = writeSummary()

  constructor(isDelta: boolean, append: (batch: SampleBatch) => AppendCounts) {
    this.isDelta = isDelta
    this.#append = append
  }

  /** The samples that are together on their way; another number once they are in the sink. */
  get round(): number {
    return this.#round
  }

  /** Starts a request. */
  begin(summary: WriteSummary, furtherSummary: WriteSummary): void {
    this.summary = summary
    this.furtherSummary = furtherSummary
    this.#first.length = this.#further.length = 0
    this.#first.hasStarts = this.#further.hasStarts = true
  }

  /** Starts a point that is made into at most so many samples. */
  beginPoint(samples: number): void {
    if (this.#first.length === this.#first.refs.length || this.#further.length + samples > this.#further.refs.length) {
      this.flush()
    }
    this.#isJudged = false
  }

  /** A sample of the point: the first that anybody wants is the one by which the point is judged. */
  add(ref: SeriesRef, timeMs: EpochMs, startMs: EpochMs, value: number, isStale: boolean): void {
    if (ref === unwantedSeries) return
    const batch = this.#isJudged ? this.#further : this.#first
    this.#isJudged = true
    if (batch.length < batch.refs.length) push(batch, ref, timeMs, startMs, value, isStale)
  }

  /** The only sample of a point. */
  addAlone(ref: SeriesRef, timeMs: EpochMs, startMs: EpochMs, value: number, isStale: boolean): void {
    if (this.#first.length === this.#first.refs.length) this.flush()
    push(this.#first, ref, timeMs, startMs, value, isStale)
  }

  /** Hands everything over. */
  flush(): void {
    this.#round++
    if (this.#first.length > 0) addAppended(this.summary, this.#append(this.#first))
    if (this.#further.length > 0) addAppended(this.furtherSummary, this.#append(this.#further))
    this.#first.length = this.#further.length = 0
  }
}

/** The two ways that points go. */
export interface PointAppenders {
  readonly totals: PointAppender
  readonly deltas: PointAppender
}

/** Ways into a sink. */
export function pointAppenders(sink: SampleSink): PointAppenders {
  return {
    totals: new PointAppender(false, (batch) => sink.append(batch)),
    deltas: new PointAppender(true, (batch) => sink.appendDeltas(batch)),
  }
}

function push(
  batch: SampleBatch,
  ref: SeriesRef,
  timeMs: EpochMs,
  startMs: EpochMs,
  value: number,
  isStale: boolean,
): void {
  const index = batch.length
  batch.refs[index] = ref
  batch.timesMs[index] = timeMs
  batch.startsMs[index] = startMs
  batch.values[index] = isStale ? Number.NaN : value
  batch.stale[index] = isStale ? 1 : 0
  batch.length = index + 1
}
