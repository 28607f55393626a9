import type { DurationMs, EpochMs } from '../model/units.ts'
import type { CountHistory } from './count-history.ts'
import type { SeenIntervals } from './seen-intervals.ts'

/** Where the increments of a series go: one signal of one SLO in one region. Shared by all series that feed it. */
export interface Contribution {
  readonly history: CountHistory
  readonly column: number
  readonly sign: 1 | -1
  /** Told which stretches of time are known; only signals whose absence means missing data have it. */
  readonly seen: SeenIntervals | undefined
  /** Since when this signal is counted at all. */
  readonly listeningSince: EpochMs
}

/** What a series says of the time between two of its samples: what happened, what did since it started from zero within, or that it was away. */
export type Telling = 'see' | 'lose' | 'seeAbsent'

/** Books the events of (from, to] wherever they go; `sign` −1 takes back exactly what the same call with 1 booked. */
export function bookIncrements(
  contributions: readonly Contribution[],
  from: EpochMs,
  to: EpochMs,
  amount: number,
  sign: 1 | -1 = 1,
  telling: Telling = 'see',
): void {
  for (const { history, column, seen, sign: own } of contributions) {
    if (amount !== 0) history.add(column, from, to, amount, own === sign ? 1 : -1)
    else history.advanceTo(to)
    if (sign === 1) seen?.[telling](from, to)
  }
}

/**
 * Whether the events of a series since it was born were all noticed, so that its first value counts: it was born after
 * listening began, which `isTold` by its sender or told by its absence from a scrape. Whoever replays history has always
 * listened, but only since that begins. False where nobody knows when it was born, which is NaN.
 */
export function isListenedTo(
  { listeningSince, history }: Contribution,
  born: EpochMs,
  time: EpochMs,
  settlingMs: DurationMs,
  isTold: boolean,
): boolean {
  if (!isTold) return born >= listeningSince && time - listeningSince > settlingMs
  return born >= listeningSince && (Number.isFinite(listeningSince) || born >= history.rows[0].at)
}
