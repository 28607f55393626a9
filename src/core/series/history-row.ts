import type { EpochMs } from '../model/units.ts'
import type { CountsPool } from './counts-pool.ts'
import type { RowBase } from './row-base.ts'

/** More does not fit into the 32 bits of a small count. */
const smallMax = 2 ** 32 - 1

/** A row as it stands at one moment, to be stored later: whatever is changed meanwhile is changed in a copy. */
export interface RowContent {
  readonly at: EpochMs
  /** Doubles, or what was counted since a base. */
  readonly counts: Float64Array | Uint32Array
  readonly base: RowBase | undefined
  /** Told that it was stored, so that changes need no copy any more. */
  readonly release: () => void
}

/**
 * The running total of every column at one moment. Rows that have come of age are seldom changed and many, so they are kept
 * small: 32 bits per column, what was counted since a base that many rows share.
 *
 * A row may be shorter than its history is wide: columns that came later stood at zero, and room for them is made where a row
 * is used again, not in all rows at once.
 */
export class HistoryRow {
  readonly at: EpochMs
  /** Changed since the last checkpoint. */
  dirty = true
  /** How many columns had been cleared when it was stored last. */
  savedAfter = 0
  /** The base that it stands on where it is stored. */
  savedOn: RowBase | undefined
  #base: RowBase | undefined
  #wide: Float64Array | undefined
  #small: Uint32Array | undefined
  #content: RowContent | undefined

  /** In doubles, or small over a base. */
  constructor(at: EpochMs, counts: Float64Array | Uint32Array, base?: RowBase) {
    this.at = at
    if (counts instanceof Float64Array) this.#wide = counts
    else {
      this.#small = counts
      this.#base = base
    }
  }

  /** The totals in doubles; undefined while the row is small. */
  get wide(): Float64Array | undefined {
    return this.#wide
  }

  /** What was counted since the base; undefined while the row is in doubles. */
  get small(): Uint32Array | undefined {
    return this.#small
  }

  /** The base of a small row. */
  get base(): RowBase | undefined {
    return this.#base
  }

  /** The totals in doubles: a copy where the row is small. */
  get counts(): Float64Array {
    return this.widened(undefined)
  }

  /** The same, with a place to put the copy into. */
  widened(into: Float64Array | undefined): Float64Array {
    if (this.#wide !== undefined) return this.#wide
    const length = this.#length
    const out = into !== undefined && into.length >= length ? into : new Float64Array(length)
    this.copyTo(out, length)
    return out
  }

  get #length(): number {
    return (this.#wide ?? this.#small)?.length ?? 0
  }

  /** The total of one column. */
  count(column: number): number {
    const wide = this.#wide
    if (wide !== undefined) return column < wide.length ? wide[column] : 0
    const small = this.#small
    const base = this.#base
    if (small === undefined || base === undefined || column >= small.length) return 0
    return base.counts[column] + small[column]
  }

  /** Fills in the totals of the first columns. */
  copyTo(out: Float64Array, columns: number): void {
    const length = Math.min(columns, this.#length)
    const base = this.#base?.counts
    const small = this.#small
    if (this.#wide !== undefined) out.set(length < this.#wide.length ? this.#wide.subarray(0, length) : this.#wide)
    else if (base !== undefined && small !== undefined) {
      for (let column = 0; column < length; column++) out[column] = base[column] + small[column]
    }
    if (length < columns) out.fill(0, length, columns)
  }

  /** Adds to the total of one column where nothing stands in the way, as in young rows; false where `add` has to. */
  addWide(column: number, amount: number): boolean {
    const wide = this.#wide
    if (wide === undefined || column >= wide.length || this.#content !== undefined) return false
    wide[column] += amount
    this.dirty = true
    return true
  }

  /** Adds to the total of one column. */
  add(column: number, amount: number): void {
    this.dirty = true
    if (this.#content !== undefined) this.#own()
    const wide = this.#wide
    if (wide !== undefined) {
      wide[column] += amount
      return
    }
    const small = this.#small
    const sum = (small?.[column] ?? 0) + amount
    if (small !== undefined && isSmallCount(sum)) small[column] = sum
    else this.widen()[column] += amount
  }

  /** Forgets what a column counted. The base that rows share must be told as well, and whoever stores rows. */
  clear(column: number): void {
    if (column >= this.#length) return
    if (this.#content !== undefined) this.#own()
    if (this.#wide !== undefined) this.#wide[column] = 0
    if (this.#small !== undefined) this.#small[column] = 0
  }

  /** Makes the row small over a base; false where some column counted too much since, or parts of an event. */
  shrink(base: RowBase, pool: CountsPool): boolean {
    const wide = this.#wide
    if (wide === undefined) return true
    base.reserve(wide.length)
    const room = pool.takeSmall()
    const small = room.length === wide.length ? room : new Uint32Array(wide.length)
    if (!fillSmall(small, wide, base.counts, wide.length)) {
      pool.give(room)
      return false
    }
    if (this.#content === undefined) pool.give(wide)
    this.#base = base
    this.#small = small
    this.#wide = undefined
    this.#content = undefined
    if (this.savedOn === undefined) this.dirty = true
    return true
  }

  /** Gives its room to other rows: it is not to be read any more. */
  giveTo(pool: CountsPool): void {
    if (this.#content === undefined) pool.give(this.#wide ?? this.#small)
  }

  /** Makes the row wide again, to hold whatever comes. */
  widen(): Float64Array {
    if (this.#wide !== undefined) return this.#wide
    const wide = new Float64Array(this.#length)
    this.copyTo(wide, wide.length)
    this.#wide = wide
    this.#small = undefined
    this.#base = undefined
    this.#content = undefined
    return wide
  }

  /** Makes room for so many columns. */
  reserve(capacity: number): void {
    if (capacity <= this.#length) return
    this.#content = undefined
    if (this.#wide !== undefined) {
      const wide = new Float64Array(new SharedArrayBuffer(8 * capacity))
      wide.set(this.#wide)
      this.#wide = wide
    } else if (this.#small !== undefined) {
      const small = new Uint32Array(new SharedArrayBuffer(4 * capacity))
      small.set(this.#small)
      this.#small = small
      this.#base?.reserve(capacity)
    }
  }

  /** As it stands now, whatever comes. */
  content(): RowContent {
    const content: RowContent = {
      at: this.at,
      counts: this.#wide ?? this.#small ?? noCounts,
      base: this.#base,
      release: () => {
        if (this.#content === content) this.#content = undefined
      },
    }
    this.#content = content
    return content
  }

  /** What is being stored stays as it is: this row goes on in a copy. */
  #own(): void {
    this.#wide = this.#wide?.slice()
    this.#small = this.#small?.slice()
    this.#content = undefined
  }
}

const noCounts = new Float64Array(0)

/** Fills in counts as 32 bits over those of a base; false where some column counted too much since, or parts of an event. */
export function fillSmall(small: Uint32Array, counts: Float64Array, base: Float64Array, columns: number): boolean {
  for (let column = 0; column < columns; column++) {
    const since = counts[column] - base[column]
    small[column] = since
    // Beyond 2 ** 53 the sum would be another one than was taken apart.
    if (small[column] !== since || base[column] + since !== counts[column]) return false
  }
  return true
}

function isSmallCount(value: number): boolean {
  return value >= 0 && value <= smallMax && Number.isInteger(value)
}
