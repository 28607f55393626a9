import type { BurnRate, DurationMs, EpochMs, Ratio } from '../core/model/units.ts'

/** How SLOs stood over time, from the counts that are kept: what charts are drawn of. */
export interface HistoryView {
  /** One SLO in one scope; undefined where there is no such SLO or scope, or nothing was evaluated there yet. */
  history(query: HistoryQuery): SloHistory | undefined
  /** Whole days in UTC, the oldest first and the last one unfinished; undefined where nothing was evaluated yet. */
  trend(slo: string, days: number): readonly TrendDay[] | undefined
}

/** Which stretch of the past is asked for, and how finely. */
export interface HistoryQuery {
  readonly slo: string
  readonly scope: string
  /** How far back from the last evaluation; undefined is the SLO window. */
  readonly lengthMs: DurationMs | undefined
  readonly points: number
}

/** One SLO in one scope, moment by moment. */
export interface SloHistory {
  readonly scope: string
  readonly objective: Ratio
  readonly stepMs: DurationMs
  /** The alert windows, shortest first. */
  readonly windowsMs: readonly DurationMs[]
  readonly points: readonly HistoryPoint[]
}

/** What was known at one moment. null is unknown, never 0. */
export interface HistoryPoint {
  readonly at: EpochMs
  /** The share of the step before it for which data was seen. */
  readonly seen: Ratio
  /** Events of the step before it; null where nothing of it was seen. */
  readonly bad: number | null
  readonly total: number | null
  /** The share of good events over the SLO window that ended here, or was under way. */
  readonly sli: Ratio | null
  /** The share of the whole window's budget that was left. */
  readonly remaining: Ratio | null
  /** One per alert window. */
  readonly burnRates: readonly (BurnRate | null)[]
}

/** One day: its error ratio against the error budget; null where it had no events or was not seen. */
export interface TrendDay {
  readonly from: EpochMs
  readonly burnRate: BurnRate | null
}
