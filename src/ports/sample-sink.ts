import type { Labels } from '../core/model/labels.ts'
import type { EpochMs } from '../core/model/units.ts'

/** Handle of a series inside the sink. */
export type SeriesRef = number

/** The series is known and no SLO uses it: drop its samples without looking further. */
export const unwantedSeries: SeriesRef = -1

/** Where samples come from. */
export interface SampleOrigin {
  /** The source's name in the configuration. */
  readonly source: string
  /** The region of samples that carry no region label. */
  readonly region: string | undefined
  /**
   * The sender spreads one scrape over several requests, so that a series missing from the first of them is not new.
   * Scrapes and files deliver each scrape whole.
   */
  readonly splitDelivery?: boolean
}

/**
 * Samples in. Every ingest protocol resolves a series once, keeps the ref beside its own raw key (bytes, usually),
 * and then appends batches of (ref, time, value).
 */
export interface SampleSink {
  /** Refs are valid for one generation; after a reload that changed rules it is another number. */
  readonly generation: number
  resolve(labels: Labels, origin: SampleOrigin): SeriesRef
  append(batch: SampleBatch): AppendCounts
}

/** Parallel arrays; the first `length` entries count. Reused by the sender, so the sink keeps nothing of it. */
export interface SampleBatch {
  length: number
  readonly refs: Int32Array
  readonly timesMs: Float64Array
  readonly values: Float64Array
  /** 1 marks a stale marker (the series ended), 0 a sample. */
  readonly stale: Uint8Array
}

/** What became of the samples of one batch. */
export interface AppendCounts {
  accepted: number
  duplicates: number
  /** Accepted, but put between earlier samples. */
  outOfOrder: number
  tooOld: number
  future: number
  notANumber: number
  negative: number
  staleMarkers: number
  resets: number
  /** The newest event time accepted, or 0. */
  newestMs: EpochMs
}

export function noAppends(): AppendCounts {
  return {
    accepted: 0,
    duplicates: 0,
    outOfOrder: 0,
    tooOld: 0,
    future: 0,
    notANumber: 0,
    negative: 0,
    staleMarkers: 0,
    resets: 0,
    newestMs: 0,
  }
}

export function sampleBatch(capacity: number): SampleBatch {
  return {
    length: 0,
    refs: new Int32Array(capacity),
    timesMs: new Float64Array(capacity),
    values: new Float64Array(capacity),
    stale: new Uint8Array(capacity),
  }
}
