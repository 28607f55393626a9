import type { DataState } from '../model/counts.ts'
import type { DurationMs, EpochMs } from '../model/units.ts'

/** What is known of the data of one SLO in one region. */
export interface RegionSight {
  /** Up to when data was seen; undefined when none ever was. */
  readonly seenUntil: EpochMs | undefined
  readonly staleAfterMs: DurationMs
  /** Events within the shortest window that matters. */
  readonly recentTotal: number
}

/** After this long without data a region is not late but dark. */
const noDataAfterMs: DurationMs = 60 * 60_000

/** The data state of one region at a moment. */
export function regionState({ seenUntil, staleAfterMs, recentTotal }: RegionSight, at: EpochMs): DataState {
  if (seenUntil === undefined || at - seenUntil > noDataAfterMs) return 'no-data'
  if (at - seenUntil > staleAfterMs) return 'stale'
  return recentTotal > 0 ? 'ok' : 'no-traffic'
}

/** The data state of the global scope: partial as soon as one region cannot be seen while another can. */
export function globalState(regions: readonly DataState[]): DataState {
  const seen = regions.filter((state) => state === 'ok' || state === 'no-traffic')
  if (seen.length === 0) return regions.includes('stale') ? 'stale' : 'no-data'
  if (seen.length < regions.length) return 'partial'
  return seen.includes('ok') ? 'ok' : 'no-traffic'
}

/** Whether a scope's data is fresh enough to resolve an alert. */
export function isSeen(state: DataState): boolean {
  return state === 'ok' || state === 'no-traffic'
}
