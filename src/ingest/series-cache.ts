import { seriesForgottenAfterMs, seriesProbesMax } from '../core/model/limits.ts'
import { type EpochMs, minuteMs } from '../core/model/units.ts'
import type { SeriesRef } from '../ports/sample-sink.ts'
import { KeyArena } from './key-arena.ts'
import { lengthened, ProbeTable } from './probe-table.ts'
import type { SeriesAllowance } from './series-allowance.ts'
import { type CacheEntry, type SeriesIndex, unresolvedSeries } from './series-index.ts'

const none: CacheEntry = -1

/**
 * Knows series by their raw bytes, so that names and labels are decoded once and not with every sample. Senders repeat
 * their series in the same order: the one that followed last time is compared first, and a hash finds the others.
 * Everything is in typed arrays; a series costs its key and about 40 bytes.
 */
export class SeriesCache implements SeriesIndex {
  epoch = 0
  readonly #allowance: SeriesAllowance
  readonly #newArena: () => KeyArena
  #keys: KeyArena
  #hashes = new Int32Array(16)
  #refs = new Int32Array(16)
  #followers = new Int32Array(16)
  #seenAt = new Float64Array(16)
  #ownTime = new Uint8Array(16)
  readonly #table = new ProbeTable()
  #current: CacheEntry = none
  #now: EpochMs = 0
  #sweepAbove = 1024
  #sweptAt: EpochMs = Number.NEGATIVE_INFINITY

  constructor(allowance: SeriesAllowance, newArena = () => new KeyArena()) {
    this.#allowance = allowance
    this.#newArena = newArena
    this.#keys = newArena()
  }

  get size(): number {
    return this.#keys.length
  }

  get bytes(): number {
    return this.#keys.byteLength + this.#table.slots.byteLength + this.#hashes.length * (4 + 4 + 4 + 8 + 1)
  }

  begin(now: EpochMs): void {
    this.#now = now
  }

  end(): void {
    this.#keys.release()
  }

  expected(bytes: Uint8Array, start: number, end: number): number {
    if (this.#current === none) return 0
    const follower = this.#followers[this.#current]
    if (follower === none) return 0
    const length = this.#keys.lengthOf(follower)
    return start + length <= end && this.#keys.equals(follower, bytes, start) ? length : 0
  }

  takeExpected(): CacheEntry {
    this.#current = this.#followers[this.#current]
    this.#seenAt[this.#current] = this.#now
    return this.#current
  }

  find(bytes: Uint8Array, start: number, end: number): CacheEntry {
    const hash = this.#keys.hash(bytes, start, end)
    const { slots } = this.#table
    const mask = slots.length - 1
    for (let slot = hash & mask, probes = 0; probes < seriesProbesMax; slot = (slot + 1) & mask, probes++) {
      const entry = slots[slot] - 1
      if (entry === none) return none
      if (this.#hashes[entry] !== hash || this.#keys.lengthOf(entry) !== end - start) continue
      if (this.#keys.equals(entry, bytes, start)) return this.#moveTo(entry)
    }
    return none
  }

  add(bytes: Uint8Array, start: number, end: number): CacheEntry {
    if (this.size >= this.#sweepAbove || !this.#affords(end - start)) this.#sweep()
    if (!this.#affords(end - start)) return none
    this.#reserve(this.size + 1)
    const hash = this.#keys.hash(bytes, start, end)
    if (!this.#table.put(this.size, hash)) return none
    const entry = this.#keys.push(bytes, start, end)
    this.#hashes[entry] = hash
    this.#refs[entry] = unresolvedSeries
    this.#followers[entry] = none
    this.#ownTime[entry] = 0
    this.#allowance.seriesLeft--
    this.#allowance.keyBytesLeft -= end - start
    return this.#moveTo(entry)
  }

  ref(entry: CacheEntry): SeriesRef {
    return this.#refs[entry]
  }

  setRef(entry: CacheEntry, ref: SeriesRef): void {
    if (this.#refs[entry] >= 0) this.#allowance.wanted--
    if (ref >= 0) this.#allowance.wanted++
    this.#refs[entry] = ref
  }

  forgetRefs(): void {
    for (let entry = 0; entry < this.size; entry++) this.setRef(entry, unresolvedSeries)
  }

  setOwnTime(entry: CacheEntry, ownTime: boolean): void {
    this.#ownTime[entry] = ownTime ? 1 : 0
  }

  *lastSeenAt(time: EpochMs): Generator<SeriesRef> {
    for (let entry = 0; entry < this.size; entry++) {
      if (this.#seenAt[entry] === time && this.#ownTime[entry] === 0) yield this.#refs[entry]
    }
  }

  clear(): void {
    this.#keep(() => false)
  }

  #moveTo(entry: CacheEntry): CacheEntry {
    if (this.#current !== none) this.#followers[this.#current] = entry
    this.#current = entry
    this.#seenAt[entry] = this.#now
    return entry
  }

  #affords(keyLength: number): boolean {
    return this.#allowance.seriesLeft > 0 && this.#allowance.keyBytesLeft >= keyLength
  }

  /** Forgets series that ended long ago; at most once a minute, because it looks at every one. */
  #sweep(): void {
    if (!(this.#now - this.#sweptAt >= minuteMs)) return
    this.#sweptAt = this.#now
    const since = this.#now - seriesForgottenAfterMs
    if (this.#seenAt.subarray(0, this.size).some((seenAt) => seenAt < since)) {
      this.#keep((entry) => this.#seenAt[entry] >= since)
    }
    this.#sweepAbove = Math.max(1024, this.size * 2)
  }

  /** Rebuilds the cache from the entries wanted. */
  #keep(wanted: (entry: CacheEntry) => boolean): void {
    const old = this.#keys
    this.epoch++
    this.#keys = this.#newArena()
    this.#table.clear()
    this.#current = none
    for (let entry = 0; entry < old.length; entry++) {
      if (!wanted(entry)) {
        this.setRef(entry, unresolvedSeries)
        this.#allowance.seriesLeft++
        this.#allowance.keyBytesLeft += old.lengthOf(entry)
        continue
      }
      const moved = this.#keys.pushFrom(old, entry)
      this.#hashes[moved] = this.#hashes[entry]
      this.#refs[moved] = this.#refs[entry]
      this.#seenAt[moved] = this.#seenAt[entry]
      this.#ownTime[moved] = this.#ownTime[entry]
      this.#followers[moved] = none
      this.#table.put(moved, this.#hashes[moved])
    }
  }

  #reserve(length: number): void {
    if (length > this.#hashes.length) {
      const capacity = this.#hashes.length * 2
      this.#hashes = lengthened(this.#hashes, new Int32Array(capacity))
      this.#refs = lengthened(this.#refs, new Int32Array(capacity))
      this.#followers = lengthened(this.#followers, new Int32Array(capacity))
      this.#seenAt = lengthened(this.#seenAt, new Float64Array(capacity))
      this.#ownTime = lengthened(this.#ownTime, new Uint8Array(capacity))
    }
    this.#table.makeRoom(this.size, this.#hashes)
  }
}
