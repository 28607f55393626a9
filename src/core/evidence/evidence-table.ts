import { RowsBefore } from './rows-before.ts'

/** The most burn rates that evidence can be weighed for: so many places a row has for it. */
export const weighedBurnRatesMax = 6

/** −∞ in a cell that holds a time: it has not happened. */
export const never = Number.NEGATIVE_INFINITY

/**
 * Rows whose cells lie side by side: the first cell of each of them, then the second of each, and so on. A step reads few of the
 * cells of nearly all rows, and what it reads is then what the machine fetches.
 */
export const rowsTogether = 64

/** The distance from one cell of a row to the next. */
const lane = rowsTogether

/** Where each value of a scope stands, from the base of its row on. Times are event times. A scope that is well changes nothing in it. */
export const column = {
  /** Evidence per burn rate weighed, in natural logarithms; the first of `weighedBurnRatesMax`, a `lane` apart. */
  evidence: 0,
  /** Whether there is any evidence. */
  isAny: 6 * lane,
  /** What speaks for the service being well again, in natural logarithms. */
  recovery: 7 * lane,
  /** When the evidence last was complete. */
  crossedAt: 8 * lane,
  /** What the clump under way may still add, and which clump that is. */
  room: 9 * lane,
  clump: 10 * lane,
  /** The clump counted last, and how many there were in the block under way. */
  clumpCounted: 11 * lane,
  blockClumps: 12 * lane,
  /** Clumps of bad events in the block before (−1: not to be compared), and the block under way. */
  blockClumpsBefore: 13 * lane,
  block: 14 * lane,
  /** Since when each evidence has been piling up. */
  since: 15 * lane,
  /** When the alert last resolved. */
  clearedAt: 21 * lane,
  /** How often the alert has come again in a row. */
  level: 22 * lane,
  /** Whether the alert is open, and whether the global scope's was open at some time meanwhile. */
  open: 23 * lane,
  openTogether: 24 * lane,
  /** Since when this scope or the global one has been open without a break, and until when; +∞ while it is. */
  burningSince: 25 * lane,
  burningUntil: 26 * lane,
} as const

/** Cells of one row. */
export const rowWidth = 27

/** The first cells of a row are all that a step without bad events changes, and some more nearly all that one with them does. */
const fadingWidth = 9
const steppingWidth = 13
/** Without evidence a step without bad events changes the recovery alone. */
const recoveringWidth = 1
/** What counting a clump changes: `clumpCounted` and `blockClumps`. */
const countingWidth = 2
/** What the end of a block changes: from `blockClumps` to `block`. */
const closingWidth = 3

const cellsTogether = rowsTogether * rowWidth

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
 * The evidence of every scope in one typed array. Rows that were touched since `commit` can be put back: what a tick decided that
 * could not be stored has not happened.
 */
export class EvidenceTable {
  #cells: Float64Array = new Float64Array(0)
  #rows = 0
  readonly #free: number[] = []
  /** By width: rows as they were. */
  readonly #whole = new RowsBefore(rowWidth, lane)
  readonly #stepping = new RowsBefore(steppingWidth, lane)
  readonly #fading = new RowsBefore(fadingWidth, lane)
  readonly #recovering = new RowsBefore(recoveringWidth, lane)
  /** Clumps of rows of which nothing but recovery and evidence that fades had been changed yet. */
  readonly #counting = new RowsBefore(countingWidth, lane)
  /** Blocks of rows of which nothing else of that had been changed yet. */
  readonly #closing = new RowsBefore(closingWidth, lane)
  /** By row: the commit since which it was touched, and how much of it. */
  #touched = new Int32Array(0)
  #commit = 0

  /** The cells of all rows; another array once a row was added. */
  get cells(): Float64Array {
    return this.#cells
  }

  /** Makes a row of which nothing is known yet, and answers its base: where in `cells` its first cell is. */
  add(): number {
    const base = this.#free.pop() ?? this.#newBase()
    for (let cell = 0; cell < rowWidth; cell++) this.#cells[base + cell * lane] = 0
    for (const place of neverAtFirst) this.#cells[base + place] = never
    this.#cells[base + column.blockClumpsBefore] = -1
    return base
  }

  /** Makes room for so many rows at once, which is cheaper than growing. */
  reserve(rows: number): void {
    const together = Math.ceil(rows / rowsTogether)
    if (together * cellsTogether > this.#cells.length) this.#growTo(together)
  }

  /** Fills a row with one that began at `from` in the cells of an earlier table. */
  restore(base: number, cells: Float64Array, from: number): void {
    for (let cell = 0; cell < rowWidth; cell++) this.#cells[base + cell * lane] = cells[from + cell * lane]
  }

  /** Gives a row back. Not within a tick. */
  remove(base: number): void {
    this.#free.push(base)
  }

  /** To be told before a row is changed. */
  touch(base: number): void {
    if (this.#isNewly(rowOf(base), extent.whole)) this.#whole.note(this.#cells, base)
  }

  /** To be told before evidence, recovery and what there was of clumps are changed, up to `blockClumps`. */
  touchStepping(base: number): void {
    if (this.#isNewly(rowOf(base), extent.stepping)) this.#stepping.note(this.#cells, base)
  }

  /** To be told before evidence and recovery are changed, up to `crossedAt`. */
  touchFading(base: number): void {
    // One that was counted and fades has more of it noted, so that a row is either of the two or has all of that.
    if (this.#touchedNow(base) === extent.counting) this.touchStepping(base)
    else if (this.#isNewly(rowOf(base), extent.fading)) this.#fading.note(this.#cells, base)
  }

  /** To be told before recovery alone is changed. */
  touchRecovering(base: number): void {
    // Counted and not faded: as when it fades, more of it is noted.
    if (this.#touchedNow(base) === extent.counting) this.touchStepping(base)
    else if (this.#isNewly(rowOf(base), extent.recovering)) this.#recovering.note(this.#cells, base + column.recovery)
  }

  /** To be told before `clumpCounted` and `blockClumps` are changed. */
  touchCounting(base: number): void {
    const touched = this.#touchedNow(base)
    if (touched === extent.fading) this.touchStepping(base)
    else if (this.#isNewly(rowOf(base), extent.counting)) this.#counting.note(this.#cells, base + column.clumpCounted)
  }

  /** To be told before what there was of clumps is changed, from `blockClumps` to `block`. */
  touchBlock(base: number): void {
    const touched = this.#touchedNow(base)
    // What was noted of clumps or of steps holds what `blockClumps` was before them.
    if (touched === extent.counting || touched >= extent.stepping) this.touch(base)
    else this.#closing.note(this.#cells, base + column.blockClumps)
  }

  /** What was changed stays. */
  commit(): void {
    this.#whole.clear()
    this.#stepping.clear()
    this.#fading.clear()
    this.#recovering.clear()
    this.#counting.clear()
    this.#closing.clear()
    this.#commit++
  }

  /** Rows are as they were at the last commit. */
  rollBack(): void {
    // Where more of a row was touched later, less of it had been changed before.
    this.#whole.putBack(this.#cells)
    this.#stepping.putBack(this.#cells)
    this.#fading.putBack(this.#cells)
    this.#counting.putBack(this.#cells)
    this.#recovering.putBack(this.#cells)
    // Blocks were noted only before all of that but the fading of evidence and recovery.
    this.#closing.putBack(this.#cells)
    this.commit()
  }

  /** How much of a row was touched since the last commit; below 1 for nothing. */
  #touchedNow(base: number): number {
    return this.#touched[rowOf(base)] - this.#commit * extentsPerCommit
  }

  /** Whether not so much of a row was touched yet. */
  #isNewly(row: number, touched: number): boolean {
    const now = this.#commit * extentsPerCommit + touched
    if (this.#touched[row] >= now) return false
    this.#touched[row] = now
    return true
  }

  #newBase(): number {
    const row = this.#rows++
    const together = Math.floor(row / rowsTogether)
    if ((together + 1) * cellsTogether > this.#cells.length) this.#growTo(Math.ceil(1.25 * (together + 1)))
    return together * cellsTogether + (row % rowsTogether)
  }

  #growTo(together: number): void {
    const larger = new Float64Array(together * cellsTogether)
    larger.set(this.#cells)
    this.#cells = larger
    const touched = new Int32Array(larger.length / rowWidth)
    touched.set(this.#touched)
    this.#touched = touched
  }
}

function rowOf(base: number): number {
  // In whole numbers, so that no double is divided.
  const together = (base / cellsTogether) | 0
  return together * rowsTogether + (base - together * cellsTogether)
}

/** How much of a row is touched. */
const extent = { recovering: 1, counting: 2, fading: 3, stepping: 4, whole: 5 } as const
const extentsPerCommit = 6
