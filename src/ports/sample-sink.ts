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
  /** Differs where labels are normalised in another way: what a series counted under other labels is not new. */
  readonly labelling?: string
}

/**
 * Samples in. Every ingest protocol resolves a series once, keeps the ref beside its own raw key (bytes, usually),
 * and then appends batches of (ref, time, value).
 */
export interface SampleSink {
  /** Refs are valid for one generation; after a reload that changed rules it is another number. */
  readonly generation: number
  resolve(labels: Labels, origin: SampleOrigin): SeriesRef
  /**
   * The counters that a native or exponential histogram is counted as: the classic ones that SLOs want of it. `labels` name
   * the histogram without a suffix. Undefined where no SLO uses it.
   */
  resolveHistogram(labels: Labels, origin: SampleOrigin): HistogramRefs | undefined
  append(batch: SampleBatch): AppendCounts
  /**
   * Books increments instead of totals: `values` are the events of (`startsMs`, `timesMs`]. An interval that was booked for
   * a series before counts as a duplicate, in whatever order intervals come.
   */
  appendDeltas(batch: SampleBatch): AppendCounts
  /**
   * Says how exact the newest sample of a histogram's bucket is: `uncertain` of the `total` events of that histogram lie in
   * a bucket which the bound cuts (`countAtMost`). Not needed where the bound lies on a bucket's bound.
   */
  noteUncertain(bucket: SeriesRef, uncertain: number, total: number): void
  /** Offers an example of one event; it is kept where it failed an SLO, for the page. */
  noteExemplar(labels: Labels, origin: SampleOrigin, exemplar: Exemplar): void
}

/**
 * A histogram as the classic counters made of it; `unwantedSeries` where nobody wants one of them. They start from zero
 * together, which their count tells: it is appended before the others of its time.
 */
export interface HistogramRefs {
  /** Never `unwantedSeries`. */
  readonly count: SeriesRef
  readonly sum: SeriesRef
  /** Events at or below each bound that some SLO asks about, rising. */
  readonly buckets: readonly { readonly bound: number; readonly ref: SeriesRef }[]
}

/** One event as an example of many, with the trace that shows it. */
export interface Exemplar {
  readonly atMs: EpochMs
  /** What was measured: the latency in a histogram, most often 1 in a counter. */
  readonly value: number
  /** Hexadecimal, as the sender wrote it; undefined where it gave none. */
  readonly traceId: string | undefined
  readonly spanId: string | undefined
}

/** Parallel arrays; the first `length` entries count. Reused by the sender, so the sink keeps nothing of it. */
export interface SampleBatch {
  length: number
  readonly refs: Int32Array
  readonly timesMs: Float64Array
  readonly values: Float64Array
  /** When each counter started from zero, where its sender says so; NaN where it does not. Read only if `hasStarts`. */
  readonly startsMs: Float64Array
  hasStarts: boolean
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
  /** Increments of a time of which a part was booked before. */
  overlapping: number
  staleMarkers: number
  resets: number
  /** The newest event time accepted, or 0. */
  newestMs: EpochMs
}

/** A sink that passes everything on: for sinks that do something else with a part of it, assigned over this. */
export function passingOn(sink: SampleSink): SampleSink {
  return {
    get generation() {
      return sink.generation
    },
    resolve: (labels, origin) => sink.resolve(labels, origin),
    resolveHistogram: (labels, origin) => sink.resolveHistogram(labels, origin),
    append: (batch) => sink.append(batch),
    appendDeltas: (batch) => sink.appendDeltas(batch),
    noteUncertain: (bucket, uncertain, total) => sink.noteUncertain(bucket, uncertain, total),
    noteExemplar: (labels, origin, exemplar) => sink.noteExemplar(labels, origin, exemplar),
  }
}

/** Counts of nothing yet. */
export function noAppends(): AppendCounts {
  return {
    accepted: 0,
    duplicates: 0,
    outOfOrder: 0,
    tooOld: 0,
    future: 0,
    notANumber: 0,
    negative: 0,
    overlapping: 0,
    staleMarkers: 0,
    resets: 0,
    newestMs: 0,
  }
}

/** An empty batch with room for so many samples. */
export function sampleBatch(capacity: number): SampleBatch {
  return {
    length: 0,
    refs: new Int32Array(capacity),
    timesMs: new Float64Array(capacity),
    values: new Float64Array(capacity),
    startsMs: new Float64Array(capacity),
    hasStarts: false,
    stale: new Uint8Array(capacity),
  }
}
