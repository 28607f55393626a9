import type { DataCause } from './alert.ts'
import type { DataState } from './counts.ts'
import type { DurationMs, EpochMs } from './units.ts'

/** What an alert about data itself tells: that it cannot be seen, or that the traffic is gone. Plain values only. */
export interface DataReading {
  readonly cause: DataCause
  /** Since when nothing is seen, or from when on traffic was looked at and found gone. */
  readonly since: EpochMs
  readonly state: DataState
  /** Events now and usually, over a time; null where it is not about those. */
  readonly events: number | null
  readonly usualEvents: number | null
  readonly overMs: DurationMs | null
}
