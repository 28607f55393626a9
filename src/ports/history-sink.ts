import type { Labels } from '../core/model/labels.ts'
import type { Selector } from '../core/model/selector.ts'
import type { EpochMs } from '../core/model/units.ts'

/** Where history goes that is read after the fact: what happened before the engine was told of it. */
export interface HistorySink {
  /** Whether samples of a region arrive by some other way, so that history has something to join on to. */
  isLive(region: string): boolean
  /**
   * Begins to read, or goes on after a restart with, what SLOs lack of a region's history; undefined where they lack nothing.
   * From then on the history ends where the live samples of each series begin, so that no event is counted twice. `liveUntil`
   * is up to when live samples have come, where they come later than at once.
   */
  open(region: string, source: string, liveUntil?: EpochMs): HistoryReading | undefined
  /** What SLOs count in a region, by whatever way it comes. */
  wanted(region: string): WantedSeries
}

/** The series that SLOs count in a region. */
export interface WantedSeries {
  readonly selectors: readonly Selector[]
  /** Whether series with these labels are of the region: an API may hold those of many. */
  readonly takes: (labels: Labels) => boolean
}

/** History of one region on its way in. Nothing of it shows in any window before `finish`. */
export interface HistoryReading {
  /** Whose series are wanted. */
  readonly selectors: readonly Selector[]
  /** Samples of (from, until] are wanted, in pieces that follow each other. */
  readonly from: EpochMs
  readonly until: EpochMs
  /** How far pieces were booked. */
  readonly readUntil: EpochMs
  /** The names of the SLOs it is read for. */
  readonly slos: readonly string[]
  /** The bounds that SLOs ask about of a histogram, rising. */
  boundsOf(histogram: string): readonly number[]
  /** Books all samples of (readUntil, until]; answers how many of them an SLO uses. */
  book(series: readonly (HistorySeries | HistoryHistogram)[], until: EpochMs): number
  /** All of it was booked: puts it in force, at once for all windows. */
  finish(): void
}

/** Raw samples of one series, rising in time. */
export interface HistorySeries {
  readonly labels: Labels
  readonly timesMs: readonly EpochMs[]
  readonly values: readonly number[]
}

/** A native histogram of one series, read at the bounds that SLOs ask about; all values are of the same times. */
export interface HistoryHistogram {
  /** Those of the histogram itself, its name without a suffix. */
  readonly labels: Labels
  readonly timesMs: readonly EpochMs[]
  readonly counts: readonly number[]
  readonly sums: readonly number[]
  /** Events at or below each bound. */
  readonly buckets: readonly { readonly bound: number; readonly values: readonly number[] }[]
}
