import type { DayCounts } from '../core/model/daily-counts.ts'
import type { EpochMs } from '../core/model/units.ts'

/** Good and bad events by day, SLO and region, for at least 400 days: what reports and long calendar windows are made of. */
export interface DailyCounts {
  /** Days that share an instant with (from, to], by SLO, region and time; those under way are some minutes old. */
  list(query: DailyCountsQuery): Promise<readonly DayCounts[]>
  /** Forgets days that ended before a moment. Answers how many. */
  prune(endedBefore: EpochMs): Promise<number>
}

/** Which days are asked for. */
export interface DailyCountsQuery {
  readonly from: EpochMs
  readonly to: EpochMs
  /** Ids of SLOs; every SLO where it is not given. */
  readonly slos?: readonly string[]
}
