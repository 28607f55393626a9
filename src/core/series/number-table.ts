/**
 * A hash table of numbers that stand for things kept elsewhere: open addressing with linear probing, 4 bytes a slot, at most
 * three quarters full. Whoever looks something up walks `slots` from the place of its hash until an empty one.
 */
export class NumberTable {
  /** Number + 1, or 0 where a slot is empty; the length is a power of two. */
  slots = new Int32Array(32)
  #used = 0
  readonly #hashOf: (number: number) => number

  /** `hashOf` says where a number that is in the table belongs. */
  constructor(hashOf: (number: number) => number) {
    this.#hashOf = hashOf
  }

  /** Bytes held. */
  get byteLength(): number {
    return this.slots.byteLength
  }

  /** Puts in a number that is not there. */
  add(number: number): void {
    this.#used++
    if (this.#used * 4 > this.slots.length * 3) this.#grow()
    this.#put(number)
  }

  /** Takes a number out, and moves up those behind it that would not be found past the hole. */
  remove(number: number): void {
    const { slots } = this
    const mask = slots.length - 1
    let hole = this.#hashOf(number) & mask
    while (slots[hole] !== number + 1) hole = (hole + 1) & mask
    for (let slot = (hole + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.#hashOf(slots[slot] - 1) & mask
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue
      slots[hole] = slots[slot]
      hole = slot
    }
    slots[hole] = 0
    this.#used--
  }

  #put(number: number): void {
    const mask = this.slots.length - 1
    let slot = this.#hashOf(number) & mask
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask
    this.slots[slot] = number + 1
  }

  #grow(): void {
    const before = this.slots
    this.slots = new Int32Array(before.length * 2)
    for (const entry of before) if (entry !== 0) this.#put(entry - 1)
  }
}
