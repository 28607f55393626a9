import { seriesForgottenAfterMs } from '../../core/model/limits.ts'
import { type EpochMs, minuteMs } from '../../core/model/units.ts'
import { lengthened } from '../probe-table.ts'
import type { SeriesAllowance } from '../series-allowance.ts'
import { unresolvedSeries } from '../series-index.ts'
import type { PointFrame } from '../wire/otlp-points.ts'
import { ScopedKeys } from './scoped-keys.ts'

/** Number of a series here; good until `forgetOld`. */
export type PointEntry = number

/** The series of one source by the bytes of their attributes within a metric, and what is known of each. */
export class PointSeries {
  readonly #allowance: SeriesAllowance
  readonly #keys = new ScopedKeys()
  #known = new Int32Array(16)
  #sweptAt: EpochMs = Number.NEGATIVE_INFINITY
  #sweepAbove = 1_024
  #isFull = false

  constructor(allowance: SeriesAllowance) {
    this.#allowance = allowance
  }

  /** How many series are recognised. */
  get size(): number {
    return this.#keys.size
  }

  begin(now: EpochMs): void {
    this.#keys.begin(now)
  }

  end(): void {
    this.#keys.end()
  }

  /** Length of the attributes that followed last time, if they stand at `start` and are of this metric; else 0. */
  expected(metric: number, bytes: Uint8Array, start: number, end: number): number {
    return this.#keys.expected(metric, bytes, start, end)
  }

  /** The entry of a point, or −1 where it is new. */
  find(metric: number, { isExpected, bytes, attributes }: PointFrame): PointEntry {
    return isExpected ? this.#keys.takeExpected() : this.#keys.find(metric, bytes, attributes.start, attributes.end)
  }

  /** Takes up a point that `find` did not find; −1 when the allowance is used up. */
  add(metric: number, { bytes, attributes: { start, end } }: PointFrame): PointEntry {
    const { seriesLeft, keyBytesLeft } = this.#allowance
    const isAffordable = seriesLeft > 0 && keyBytesLeft >= end - start
    const added = isAffordable ? this.#keys.add(metric, bytes, start, end) : -1
    if (added < 0) this.noteFull()
    else {
      this.#allowance.seriesLeft--
      this.#allowance.keyBytesLeft -= end - start
      if (added >= this.#known.length) this.#known = lengthened(this.#known, new Int32Array(this.#known.length * 2))
      this.#known[added] = unresolvedSeries
    }
    return added
  }

  /** The bytes of a series' attributes; void as soon as another is added. */
  key(entry: PointEntry): Uint8Array {
    return this.#keys.key(entry)
  }

  /** What `know` said of a series; `unresolvedSeries` before. */
  known(entry: PointEntry): number {
    return this.#known[entry]
  }

  /** Notes what is known of a series: below zero that nobody wants it, anything else is its writer's. */
  know(entry: PointEntry, known: number): number {
    if (this.#known[entry] >= 0) this.#allowance.wanted--
    if (known >= 0) this.#allowance.wanted++
    this.#known[entry] = known
    return known
  }

  /** All series have to be asked for again. */
  forgetKnown(): void {
    for (let entry = 0; entry < this.size; entry++) this.know(entry, unresolvedSeries)
  }

  /** Something had to be refused for want of room. */
  noteFull(): void {
    this.#isFull = true
  }

  /** Whether it is time to look for series that ended: at most once a minute, because every one is looked at. */
  shouldForgetOld(now: EpochMs): boolean {
    return (this.#isFull || this.size >= this.#sweepAbove) && now - this.#sweptAt >= minuteMs
  }

  /**
   * Forgets series that ended long ago; nothing may be known of any. `renamed` says the new number of a metric. Answers that of
   * each series, −1 where it is gone.
   */
  forgetOld(now: EpochMs, renamed: (metric: number) => number): Int32Array {
    this.#sweptAt = now
    this.#isFull = false
    const since = oldestKept(now)
    for (let entry = 0; entry < this.size; entry++) {
      if (this.#keys.seenAt(entry) >= since) continue
      this.#allowance.seriesLeft++
      this.#allowance.keyBytesLeft += this.#keys.key(entry).length
    }
    const numbers = this.#keys.keepSeenSince(since, renamed)
    this.#known.fill(unresolvedSeries)
    this.#sweepAbove = Math.max(1_024, this.size * 2)
    return numbers
  }
}

/** What was seen since then is remembered. */
export function oldestKept(now: EpochMs): EpochMs {
  return now - seriesForgottenAfterMs
}
