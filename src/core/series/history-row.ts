import type { EpochMs } from '../model/units.ts'

/** More does not fit into the 32 bits of a small count. */
const smallMax = 2 ** 32 - 1

/**
 * The running total of every column at one moment. Rows that have come of age are seldom changed and many, so they are kept
 * small: 32 bits per column, what was counted since a base that many rows share.
 */
export class HistoryRow {
  readonly at: EpochMs
  /** Changed since the last checkpoint. */
  dirty = true
  #base: Float64Array | undefined
  #wide: Float64Array | undefined
  #small: Uint32Array | undefined

  constructor(at: EpochMs, counts: Float64Array) {
    this.at = at
    this.#wide = counts
  }

  /** The totals in doubles; undefined while the row is small. */
  get wide(): Float64Array | undefined {
    return this.#wide
  }

  /** The totals in doubles: a copy where the row is small. */
  get counts(): Float64Array {
    return this.widened(undefined)
  }

  /** The same, with a place to put the copy into. */
  widened(into: Float64Array | undefined): Float64Array {
    if (this.#wide !== undefined) return this.#wide
    const length = this.#small?.length ?? 0
    const out = into !== undefined && into.length >= length ? into : new Float64Array(length)
    this.copyTo(out, length)
    return out
  }

  /** The total of one column. */
  count(column: number): number {
    const wide = this.#wide
    if (wide !== undefined) return wide[column]
    return this.#base === undefined || this.#small === undefined ? 0 : this.#base[column] + this.#small[column]
  }

  /** Fills in the totals of the first columns. */
  copyTo(out: Float64Array, columns: number): void {
    const base = this.#base
    const small = this.#small
    if (this.#wide !== undefined) out.set(columns < this.#wide.length ? this.#wide.subarray(0, columns) : this.#wide)
    else if (base !== undefined && small !== undefined) {
      for (let column = 0; column < columns; column++) out[column] = base[column] + small[column]
    }
  }

  /** Adds to the total of one column. */
  add(column: number, amount: number): void {
    this.dirty = true
    if (this.#wide !== undefined) {
      this.#wide[column] += amount
      return
    }
    const small = this.#small
    const sum = (small?.[column] ?? 0) + amount
    if (small !== undefined && isSmallCount(sum)) small[column] = sum
    else this.widen()[column] += amount
  }

  /** Forgets what a column counted; the base that rows share must be told as well. */
  clear(column: number): void {
    this.dirty = true
    if (this.#wide !== undefined) this.#wide[column] = 0
    if (this.#small !== undefined) this.#small[column] = 0
  }

  /** Makes the row small over a base; false where some column counted too much since, or parts of an event. */
  shrink(base: Float64Array): boolean {
    const wide = this.#wide
    if (wide === undefined) return true
    for (let column = 0; column < wide.length; column++) {
      if (!isSmallCount(wide[column] - base[column])) return false
    }
    const small = new Uint32Array(wide.length)
    for (let column = 0; column < wide.length; column++) small[column] = wide[column] - base[column]
    // Beyond 2 ** 53 the sum would be another one than was taken apart.
    for (let column = 0; column < wide.length; column++) if (base[column] + small[column] !== wide[column]) return false
    this.#base = base
    this.#small = small
    this.#wide = undefined
    return true
  }

  /** Makes the row wide again, to hold whatever comes. */
  widen(): Float64Array {
    if (this.#wide !== undefined) return this.#wide
    const length = this.#small?.length ?? 0
    const wide = new Float64Array(length)
    this.copyTo(wide, length)
    this.#wide = wide
    this.#small = undefined
    this.#base = undefined
    return wide
  }

  /** Makes room for more columns; `bases` leads from each base to the one with more room. */
  reserve(capacity: number, bases: ReadonlyMap<Float64Array, Float64Array>): void {
    if (this.#wide !== undefined) {
      const wide = new Float64Array(capacity)
      wide.set(this.#wide)
      this.#wide = wide
    } else if (this.#small !== undefined && this.#base !== undefined) {
      const small = new Uint32Array(capacity)
      small.set(this.#small)
      this.#small = small
      this.#base = bases.get(this.#base)
    }
  }

  /** The base of a small row. */
  get base(): Float64Array | undefined {
    return this.#base
  }
}

function isSmallCount(value: number): boolean {
  return value >= 0 && value <= smallMax && Number.isInteger(value)
}
