import type { EpochMs } from '../../core/model/units.ts'
import type { NativeHistogram } from '../../core/sli/native-histogram.ts'
import type { Exemplar } from '../../ports/sample-sink.ts'

/** Why a series or a sample is not taken, as it is counted. */
export type RejectReason =
  | 'duplicate'
  | 'too_old'
  | 'future'
  | 'nan'
  | 'negative'
  | 'overlap'
  | 'malformed'
  | 'invalid_utf8'
  | 'no_metric_name'
  | 'duplicate_label'
  | 'too_many_labels'
  | 'label_name_too_long'
  | 'label_value_too_long'
  | 'series_limit'
  | 'gauge_histogram'
  | 'symbol_missing'
  | 'delta_without_start'
  | 'delta_up_down'
  | 'no_temporality'

/** Why a series is refused, with a sentence for the one who sent it. */
export interface Refusal {
  readonly reason: RejectReason
  readonly detail: string
}

/**
 * What decoders call while they walk over bytes. A series is known by the bytes of its name and labels, its key, which
 * stands in the buffer for the time of the call only.
 */
export interface SeriesVisitor {
  /** Length of the key that is expected next, if the bytes from `start` on begin with it; else 0. */
  expected(bytes: Uint8Array, start: number, end: number): number
  /** The samples that follow belong to the key that `expected` just found. */
  takeExpected(): void
  /** The samples that follow belong to the series with this key, unless it is refused. */
  series(bytes: Uint8Array, start: number, end: number): Refusal | undefined
  /**
   * `timeMs` is NaN when the sample carries no time; `stale` marks the end of the series; `startMs` says since when a counter
   * counts, where its sender knows.
   */
  sample(timeMs: number, value: number, stale: boolean, startMs?: number): void
}

/** Takes what richer formats say of a series beside its samples. */
export interface SeriesDetailVisitor extends SeriesVisitor {
  /** A native histogram sample of the current series. */
  histogram(sample: HistogramSample): void
  /** An example of one event of the current series. */
  exemplar(exemplar: Exemplar): void
}

/** A native histogram at a moment. */
export interface HistogramSample {
  /** NaN when it carries no time. */
  readonly timeMs: EpochMs
  /** Since when it counts; NaN where its sender does not say. */
  readonly startMs: EpochMs
  /** It marks the end of the series, and holds nothing. */
  readonly stale: boolean
  readonly histogram: NativeHistogram
}
