import { recentDeltasPerSeries } from '../model/limits.ts'
import type { EpochMs } from '../model/units.ts'

const kept = recentDeltasPerSeries
/** An interval that began or ended longer ago than this before the newest end, 49 days, is not remembered. */
const ageMaxMs = 0xffff_ffff

/** Whether an interval can be booked, or why not. */
export type DeltaVerdict = 'new' | 'late' | 'duplicate' | 'overlapping' | 'too-old'

/** The last few intervals that were booked of each series that reports increments, so that each is booked once. */
export class RecentDeltas {
  readonly #bySeries = new Map<number, Intervals>()

  /** End of the newest interval of a series; NaN without one. */
  lastEnd(series: number): EpochMs {
    return this.#bySeries.get(series)?.lastEnd ?? Number.NaN
  }

  /** Says what an interval is beside those booked, and remembers it where it can be booked. */
  take(series: number, start: EpochMs, end: EpochMs): DeltaVerdict {
    const intervals = this.#bySeries.get(series)
    if (intervals === undefined) {
      this.#bySeries.set(series, new Intervals(start, end))
      return 'new'
    }
    return intervals.take(start, end)
  }

  /** Whether an interval with this end is remembered. */
  hasEnd(series: number, end: EpochMs): boolean {
    return this.list(series).some((time, index) => index % 2 === 1 && time === end)
  }

  /** The intervals of a series as pairs of start and end, oldest first. */
  list(series: number): readonly EpochMs[] {
    return this.#bySeries.get(series)?.list() ?? []
  }

  /** The intervals of all series, for a checkpoint. */
  *all(): Iterable<readonly [number, readonly EpochMs[]]> {
    for (const [series, intervals] of this.#bySeries) yield [series, intervals.list()]
  }

  /** Puts back what `list` gave. */
  restore(series: number, times: readonly EpochMs[]): void {
    for (let index = 0; index + 1 < times.length; index += 2) this.take(series, times[index], times[index + 1])
  }

  /** Forgets a series. */
  clear(series: number): void {
    this.#bySeries.delete(series)
  }
}

/** Intervals of one series in order of time, as distances before the end of the newest: 8 bytes each. */
class Intervals {
  lastEnd: EpochMs
  #count = 1
  readonly #starts = new Uint32Array(kept)
  readonly #ends = new Uint32Array(kept)

  constructor(start: EpochMs, end: EpochMs) {
    this.lastEnd = end
    this.#starts[0] = before(end, start)
  }

  take(start: EpochMs, end: EpochMs): DeltaVerdict {
    const verdict = this.#verdict(start, end)
    if (verdict === 'new') this.#append(start, end)
    if (verdict === 'late') this.#insert(start, end)
    return verdict
  }

  list(): EpochMs[] {
    const times: EpochMs[] = []
    for (let index = 0; index < this.#count; index++) times.push(this.#start(index), this.#end(index))
    return times
  }

  #verdict(start: EpochMs, end: EpochMs): DeltaVerdict {
    if (start >= this.lastEnd) return 'new'
    const full = this.#count === kept
    if (end <= this.#start(0)) return full || this.lastEnd - start > ageMaxMs ? 'too-old' : 'late'
    for (let index = this.#count - 1; index >= 0; index--) {
      const knownStart = this.#start(index)
      const knownEnd = this.#end(index)
      if (start === knownStart && end === knownEnd) return 'duplicate'
      if (start < knownEnd && end > knownStart) return 'overlapping'
    }
    return 'late'
  }

  #append(start: EpochMs, end: EpochMs): void {
    const shift = end - this.lastEnd
    while (this.#count > 0 && (this.#count === kept || this.lastEnd - this.#start(0) + shift > ageMaxMs)) {
      this.#dropOldest()
    }
    for (let index = 0; index < this.#count; index++) {
      this.#starts[index] += shift
      this.#ends[index] += shift
    }
    this.lastEnd = end
    this.#starts[this.#count] = before(end, start)
    this.#ends[this.#count] = 0
    this.#count++
  }

  #insert(start: EpochMs, end: EpochMs): void {
    if (this.#count === kept) this.#dropOldest()
    let place = this.#count
    while (place > 0 && this.#start(place - 1) > start) place--
    this.#starts.copyWithin(place + 1, place, this.#count)
    this.#ends.copyWithin(place + 1, place, this.#count)
    this.#starts[place] = before(this.lastEnd, start)
    this.#ends[place] = before(this.lastEnd, end)
    this.#count++
  }

  #dropOldest(): void {
    this.#starts.copyWithin(0, 1, this.#count)
    this.#ends.copyWithin(0, 1, this.#count)
    this.#count--
  }

  #start(index: number): EpochMs {
    return this.lastEnd - this.#starts[index]
  }

  #end(index: number): EpochMs {
    return this.lastEnd - this.#ends[index]
  }
}

function before(end: EpochMs, start: EpochMs): number {
  return Math.min(ageMaxMs, end - start)
}
