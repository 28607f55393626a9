import { type DurationMs, dayMs, type EpochMs } from '../core/model/units.ts'
import { trafficGoneOverMs } from '../core/regions/traffic-gone.ts'
import type { CountHistory } from '../core/series/count-history.ts'
import type { Bracket } from '../core/series/row-bracket.ts'
import { countBetween } from './sweep-edges.ts'

const weekMs: DurationMs = 7 * dayMs
/** Traffic of so many weeks may be compared with. */
const weeksCompared = 4

/** Counts as far back as this are looked at. */
export const pastTrafficMs: DurationMs = weeksCompared * weekMs + trafficGoneOverMs

/** The last minutes of a region and the same of past weeks, found once for all columns. */
export class PastTraffic {
  readonly #history: CountHistory
  #at: EpochMs = Number.NaN
  /** The last minutes first; undefined before the first event. */
  #starts: readonly (Bracket | undefined)[] = []
  #ends: readonly (Bracket | undefined)[] = []

  constructor(history: CountHistory) {
    this.#history = history
  }

  /** Counts changed: what was found is out of date. */
  forget(): void {
    this.#at = Number.NaN
  }

  /** Whether so many events came in a column within the last minutes that traffic cannot be gone, whatever was usual in past weeks. */
  isThere(column: number, at: EpochMs): boolean {
    if (this.#at !== at) this.#find(at)
    const now = this.#events(0, column)
    if (!(now > 0)) return false
    for (let week = 1; week <= weeksCompared; week++) if (now < this.#events(week, column) / 2) return false
    return true
  }

  #find(at: EpochMs): void {
    this.#at = at
    const weeks = Array.from({ length: 1 + weeksCompared }, (_, week) => at - week * weekMs)
    this.#starts = weeks.map((end) => this.#history.rowsAround(end - trafficGoneOverMs))
    this.#ends = weeks.map((end) => this.#history.rowsAround(end))
  }

  #events(week: number, column: number): number {
    const start = this.#starts[week]
    const end = this.#ends[week]
    return start === undefined || end === undefined ? 0 : countBetween(start, end, column)
  }
}
