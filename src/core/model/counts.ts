/** Events of one window: `bad` is never above `total`. */
export interface EventCounts {
  readonly bad: number
  readonly total: number
}

export const noEvents: EventCounts = { bad: 0, total: 0 }

/** Exactly one holds per SLO and scope at any moment. */
export type DataState = 'ok' | 'no-traffic' | 'partial' | 'stale' | 'no-data'
export const dataStates: readonly DataState[] = ['ok', 'no-traffic', 'partial', 'stale', 'no-data']
