import { seriesProbesMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import { KeyArena } from '../key-arena.ts'
import { lengthened, ProbeTable } from '../probe-table.ts'

const none = -1

/**
 * Numbers for byte strings that mean something only within a scope: attributes within a metric, metrics within a resource. Like
 * the series of other protocols they come in the same order again and again, so that the one that followed last time is compared
 * first, and a hash finds the others.
 */
export class ScopedKeys {
  #keys = new KeyArena()
  #scopes = new Int32Array(16)
  #hashes = new Int32Array(16)
  #followers = new Int32Array(16)
  #seenAt = new Float64Array(16)
  readonly #table = new ProbeTable()
  #current = none
  #now: EpochMs = 0

  /** How many keys are known. */
  get size(): number {
    return this.#keys.length
  }

  /** Bytes held for keys and tables. */
  get bytes(): number {
    return this.#keys.byteLength + this.#table.slots.byteLength + this.#hashes.length * (4 + 4 + 4 + 8)
  }

  /** Keys met from now on are seen at this time. */
  begin(now: EpochMs): void {
    this.#now = now
  }

  /** The sender's buffer is not looked at any more. */
  end(): void {
    this.#keys.release()
  }

  /** Length of the key that followed the current one last time, if it is of this scope and stands at `start`; else 0. */
  expected(scope: number, bytes: Uint8Array, start: number, end: number): number {
    if (this.#current === none) return 0
    const follower = this.#followers[this.#current]
    if (follower === none || this.#scopes[follower] !== scope) return 0
    const length = this.#keys.lengthOf(follower)
    return start + length <= end && this.#keys.equals(follower, bytes, start) ? length : 0
  }

  /** Moves on to the entry whose key `expected` just found. */
  takeExpected(): number {
    this.#current = this.#followers[this.#current]
    this.#seenAt[this.#current] = this.#now
    return this.#current
  }

  /** The entry of a key, or −1. */
  find(scope: number, bytes: Uint8Array, start: number, end: number): number {
    const hash = this.#hash(scope, bytes, start, end)
    const { slots } = this.#table
    const mask = slots.length - 1
    for (let slot = hash & mask, probes = 0; probes < seriesProbesMax; slot = (slot + 1) & mask, probes++) {
      const entry = slots[slot] - 1
      if (entry === none) return none
      if (this.#hashes[entry] !== hash || this.#scopes[entry] !== scope) continue
      if (this.#keys.lengthOf(entry) === end - start && this.#keys.equals(entry, bytes, start))
        return this.#moveTo(entry)
    }
    return none
  }

  /** Takes up a key that `find` did not find; −1 when too many others stand where it belongs. */
  add(scope: number, bytes: Uint8Array, start: number, end: number): number {
    this.#reserve(this.size + 1)
    const hash = this.#hash(scope, bytes, start, end)
    if (!this.#table.put(this.size, hash)) return none
    const entry = this.#keys.push(bytes, start, end)
    this.#hashes[entry] = hash
    this.#scopes[entry] = scope
    this.#followers[entry] = none
    return this.#moveTo(entry)
  }

  /** The bytes of an entry; void as soon as another is added. */
  key(entry: number): Uint8Array {
    return this.#keys.bytesOf(entry)
  }

  scope(entry: number): number {
    return this.#scopes[entry]
  }

  seenAt(entry: number): EpochMs {
    return this.#seenAt[entry]
  }

  /**
   * Rebuilds itself from the entries seen since, with their scopes renamed; answers the new number of each old entry, −1 for those
   * that are gone.
   */
  keepSeenSince(since: EpochMs, renamed: (scope: number) => number): Int32Array {
    const old = this.#keys
    const numbers = new Int32Array(old.length).fill(none)
    this.#keys = new KeyArena()
    this.#table.clear()
    this.#current = none
    for (let entry = 0; entry < old.length; entry++) {
      if (this.#seenAt[entry] < since) continue
      const moved = this.#keys.pushFrom(old, entry)
      numbers[entry] = moved
      const key = this.#keys.bytesOf(moved)
      this.#scopes[moved] = renamed(this.#scopes[entry])
      this.#hashes[moved] = this.#hash(this.#scopes[moved], key, 0, key.length)
      this.#seenAt[moved] = this.#seenAt[entry]
      this.#followers[moved] = none
      this.#table.put(moved, this.#hashes[moved])
    }
    this.#keys.release()
    return numbers
  }

  #hash(scope: number, bytes: Uint8Array, start: number, end: number): number {
    const hash = Math.imul(this.#keys.hash(bytes, start, end) ^ Math.imul(scope, 0x9e37_79b1), 0x85eb_ca6b)
    return hash ^ (hash >>> 15)
  }

  #moveTo(entry: number): number {
    if (this.#current !== none) this.#followers[this.#current] = entry
    this.#current = entry
    this.#seenAt[entry] = this.#now
    return entry
  }

  #reserve(length: number): void {
    if (length > this.#hashes.length) {
      const capacity = this.#hashes.length * 2
      this.#scopes = lengthened(this.#scopes, new Int32Array(capacity))
      this.#hashes = lengthened(this.#hashes, new Int32Array(capacity))
      this.#followers = lengthened(this.#followers, new Int32Array(capacity))
      this.#seenAt = lengthened(this.#seenAt, new Float64Array(capacity))
    }
    this.#table.makeRoom(this.size, this.#hashes)
  }
}
