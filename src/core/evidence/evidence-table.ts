/** The most burn rates that evidence can be weighed for: so many places a row has for it. */
export const weighedBurnRatesMax = 6

/** −∞ in a cell that holds a time: it has not happened. */
export const never = Number.NEGATIVE_INFINITY

/**
 * Where each value of a scope stands in its row. Times are event times.
 *
 * One row of doubles per scope keeps what a step touches on neighbouring cache lines. A scope that is well changes
 * nothing in it.
 */
export const column = {
  /** Evidence per burn rate weighed, in natural logarithms; the first of `weighedBurnRatesMax`. */
  evidence: 0,
  /** Since when each of them has been piling up. */
  since: 6,
  /** Whether there is any evidence. */
  isAny: 12,
  /** What speaks for the service being well again, in natural logarithms. */
  recovery: 13,
  /** What the clump under way may still add, and which clump that is. */
  room: 14,
  clump: 15,
  /** When the evidence last was complete. */
  crossedAt: 16,
  /** When the alert last resolved. */
  clearedAt: 17,
  /** How often the alert has come again in a row. */
  level: 18,
  /** Whether the alert is open, and whether the global scope's was open at some time meanwhile. */
  open: 19,
  openTogether: 20,
  /** Clumps of bad events in the block under way, those of the block before (−1: not to be compared), and the block. */
  blockClumps: 21,
  blockClumpsBefore: 22,
  block: 23,
  /** The clump counted last. */
  clumpCounted: 24,
  /** Since when this scope or the global one has been open without a break, and until when; +∞ while it is. */
  burningSince: 25,
  burningUntil: 26,
} as const

/** Cells of one row. */
export const rowWidth = 27

const neverAtFirst: readonly number[] = [
  column.clump,
  column.crossedAt,
  column.clearedAt,
  column.block,
  column.clumpCounted,
  column.burningSince,
  column.burningUntil,
]

/**
 * The evidence of every scope, in rows of one typed array. Rows that were touched since `commit` can be put back: what a
 * tick decided that could not be stored has not happened.
 */
export class EvidenceTable {
  #cells: Float64Array = new Float64Array(0)
  #length = 0
  readonly #free: number[] = []
  readonly #touched: number[] = []
  #before: Float64Array = new Float64Array(0)
  /** By row: the commit since which it was touched. */
  #touchedIn = new Int32Array(0)
  #commit = 1

  /** The cells of all rows; another array once a row was added. */
  get cells(): Float64Array {
    return this.#cells
  }

  /** Makes a row of which nothing is known yet, and answers where in `cells` it begins. */
  add(): number {
    const base = this.#free.pop() ?? this.#length
    if (base === this.#length) this.#length += rowWidth
    if (this.#length > this.#cells.length) this.#grow(this.#length)
    this.#cells.fill(0, base, base + rowWidth)
    for (const place of neverAtFirst) this.#cells[base + place] = never
    this.#cells[base + column.blockClumpsBefore] = -1
    return base
  }

  /** Gives a row back. Not within a tick. */
  remove(base: number): void {
    this.#free.push(base)
  }

  /** To be told before a row is changed. */
  touch(base: number): void {
    const row = base / rowWidth
    if (this.#touchedIn[row] === this.#commit) return
    this.#touchedIn[row] = this.#commit
    const place = this.#touched.push(base) - 1
    const from = place * rowWidth
    if (from + rowWidth > this.#before.length) this.#before = grown(this.#before, from + rowWidth)
    for (let cell = 0; cell < rowWidth; cell++) this.#before[from + cell] = this.#cells[base + cell]
  }

  /** What was changed stays. */
  commit(): void {
    this.#touched.length = 0
    this.#commit++
  }

  /** Rows are as they were at the last commit. */
  rollBack(): void {
    for (const [place, base] of this.#touched.entries()) {
      this.#cells.set(this.#before.subarray(place * rowWidth, (place + 1) * rowWidth), base)
    }
    this.commit()
  }

  #grow(length: number): void {
    this.#cells = grown(this.#cells, length)
    const touchedIn = new Int32Array(this.#cells.length / rowWidth)
    touchedIn.set(this.#touchedIn)
    this.#touchedIn = touchedIn
  }
}

function grown(cells: Float64Array, length: number): Float64Array {
  const rows = Math.ceil(Math.max(length, cells.length * 1.5) / rowWidth)
  const larger = new Float64Array(rows * rowWidth)
  larger.set(cells)
  return larger
}
