import type { DurationMs, EpochMs } from '../model/units.ts'
import { NumberTable } from './number-table.ts'
import { grown, roomFor } from './room.ts'

/** What tells targets apart, as numbers that mean something to the caller. */
export type TargetKey = readonly [group: number, region: number, job: number, instance: number]

const keyLength = 4

/**
 * What one process exposes together. When it was scraped tells a new counter from one seen for the first time. A target is
 * a number, takes some 50 bytes, and is forgotten with its last series.
 */
export class Targets {
  #keys = new Int32Array(16 * keyLength)
  #firstAt = new Float64Array(16)
  #lastAt = new Float64Array(16)
  /** The scrape before `lastAt`. */
  #previousAt = new Float64Array(16)
  #settlingMs = new Uint32Array(16)
  #holders = new Int32Array(16)
  readonly #table = new NumberTable((target) => this.#hashOf(target))
  #length = 0
  readonly #free: number[] = []

  /** How many targets there are. */
  get size(): number {
    return this.#length - this.#free.length
  }

  /** One more than the highest number of a target. */
  get length(): number {
    return this.#length
  }

  /** Bytes held. */
  get byteLength(): number {
    const tables = [this.#keys, this.#firstAt, this.#lastAt, this.#previousAt, this.#settlingMs, this.#holders]
    return tables.reduce((sum, { byteLength }) => sum + byteLength, this.#table.byteLength)
  }

  /**
   * Takes hold of a target for one of its series; answers its number. `settlingMs` is how long after the target's first
   * scrape a series that was missing in it counts as new: zero when a scrape arrives whole, longer for senders that split one
   * scrape over several connections.
   */
  hold(key: TargetKey, settlingMs: DurationMs): number {
    const known = this.#find(key)
    const target = known < 0 ? this.#add(key, settlingMs) : known
    this.#holders[target]++
    return target
  }

  /** Lets go of a target. */
  release(target: number): void {
    if (--this.#holders[target] > 0) return
    this.#table.remove(target)
    this.#free.push(target)
  }

  settlingMs(target: number): DurationMs {
    return this.#settlingMs[target]
  }

  /** When it was scraped first; NaN before that. */
  firstAt(target: number): EpochMs {
    return this.#firstAt[target]
  }

  lastAt(target: number): EpochMs {
    return this.#lastAt[target]
  }

  previousAt(target: number): EpochMs {
    return this.#previousAt[target]
  }

  /** Puts back when a target was scraped, from a checkpoint. */
  restore(target: number, firstAt: EpochMs, lastAt: EpochMs, previousAt: EpochMs): void {
    this.#firstAt[target] = firstAt
    this.#lastAt[target] = lastAt
    this.#previousAt[target] = previousAt
  }

  /** Notes that a target was scraped at a moment. */
  scraped(target: number, time: EpochMs): void {
    if (time > this.#lastAt[target]) {
      this.#previousAt[target] = this.#lastAt[target]
      this.#lastAt[target] = time
    } else if (Number.isNaN(this.#firstAt[target])) {
      this.#firstAt[target] = time
      this.#lastAt[target] = time
    } else if (time < this.#firstAt[target]) {
      this.#firstAt[target] = time
    }
  }

  /** Notes that the targets of series were scraped, each at the moment of its sample. */
  scrapedAll(series: Int32Array, from: number, to: number, targetOf: Int32Array, timesMs: Float64Array): void {
    const lastAt = this.#lastAt
    for (let index = from; index < to; index++) {
      const target = targetOf[series[index]]
      const time = timesMs[index - from]
      // What all series of a scrape say after the first.
      if (time !== lastAt[target]) this.scraped(target, time)
    }
  }

  /** When a target was last scraped strictly before a moment; NaN when it never was. */
  scrapeBefore(target: number, time: EpochMs): EpochMs {
    if (this.#lastAt[target] < time) return this.#lastAt[target]
    if (this.#previousAt[target] < time) return this.#previousAt[target]
    return this.#firstAt[target] < time ? this.#firstAt[target] : Number.NaN
  }

  #find([group, region, job, instance]: TargetKey): number {
    const keys = this.#keys
    const { slots } = this.#table
    const mask = slots.length - 1
    for (let slot = hashOf(group, region, job, instance) & mask; ; slot = (slot + 1) & mask) {
      const target = slots[slot] - 1
      if (target < 0) return -1
      const at = target * keyLength
      if (keys[at + 3] !== instance || keys[at + 2] !== job) continue
      if (keys[at + 1] === region && keys[at] === group) return target
    }
  }

  #add(key: TargetKey, settlingMs: DurationMs): number {
    const target = this.#free.pop() ?? this.#length++
    this.#reserve(target + 1)
    this.#keys.set(key, target * keyLength)
    this.restore(target, Number.NaN, Number.NaN, Number.NaN)
    this.#settlingMs[target] = settlingMs
    this.#holders[target] = 0
    this.#table.add(target)
    return target
  }

  #hashOf(target: number): number {
    const at = target * keyLength
    return hashOf(this.#keys[at], this.#keys[at + 1], this.#keys[at + 2], this.#keys[at + 3])
  }

  #reserve(length: number): void {
    if (length <= this.#holders.length) return
    const capacity = roomFor(length)
    this.#keys = grown(this.#keys, new Int32Array(capacity * keyLength))
    this.#firstAt = grown(this.#firstAt, new Float64Array(capacity))
    this.#lastAt = grown(this.#lastAt, new Float64Array(capacity))
    this.#previousAt = grown(this.#previousAt, new Float64Array(capacity))
    this.#settlingMs = grown(this.#settlingMs, new Uint32Array(capacity))
    this.#holders = grown(this.#holders, new Int32Array(capacity))
  }
}

function hashOf(group: number, region: number, job: number, instance: number): number {
  let hash = Math.imul(instance ^ 0x9e37_79b9, 0x85eb_ca6b)
  hash = Math.imul((hash ^ (hash >>> 15)) + job, 0xc2b2_ae35)
  hash = Math.imul((hash ^ (hash >>> 13)) + region, 0x27d4_eb2f)
  hash = Math.imul((hash ^ (hash >>> 15)) + group, 0x1656_67b1)
  return hash ^ (hash >>> 16)
}
