import type { DurationMs, EpochMs } from '../model/units.ts'
import { ClearedColumns } from './cleared-columns.ts'
import { CountsPool } from './counts-pool.ts'
import { HistoryRow, type RowContent } from './history-row.ts'
import { type Increments, increments } from './increments.ts'
import { type Rung, retentionLadder } from './retention-ladder.ts'
import { type BaseContent, RowBase } from './row-base.ts'

/** A column of one history and the column of another that counts the same. */
export type ColumnPair = readonly [own: number, theirs: number]

/** What is to be stored of a history since it was stored last, as it stands at one moment. */
export interface HistoryChanges {
  readonly rows: readonly RowContent[]
  readonly bases: readonly BaseContent[]
  /** The base to store rows over that are in doubles, to take less room. */
  readonly newestBase: RowBase | undefined
  readonly removedRows: readonly EpochMs[]
  readonly removedBases: readonly number[]
  readonly cleared: ClearedColumns
}

/** What a checkpoint held of a history. */
export interface StoredHistory {
  readonly columns: number
  readonly freeColumns: readonly number[]
  /** The oldest first; their counts are given away. */
  readonly rows: readonly StoredRow[]
  readonly bases: readonly StoredBase[]
  readonly cleared: Iterable<number>
}

/** A row as it was stored: in doubles, or small over a base. */
export interface StoredRow {
  readonly at: EpochMs
  readonly counts: Float64Array | Uint32Array
  readonly base?: number | undefined
  readonly savedAfter: number
}

/** A base as it was stored. */
export interface StoredBase {
  readonly id: number
  readonly counts: Float64Array
  readonly savedAfter: number
}

/** The rows around a moment, and how far it lies between them: none of the way where it is the first of the two. */
export interface Bracket {
  readonly before: HistoryRow
  readonly after: HistoryRow
  readonly share: number
}

/**
 * Event counts over time, for all columns (one signal of one SLO) of one region.
 *
 * A row holds the running total of each column at one moment, so the events of any window are one subtraction of two
 * rows, whatever its length. Rows are dense where they are young and thinned as they age (`retentionLadder`). An
 * event that arrives late is added to every row from its time on: a few rows, since data is rarely very late.
 *
 * Time-major rows make a tick over 100 000 columns a sequential walk; docs/decisions/0003 compares layouts.
 */
export class CountHistory {
  readonly stepMs: DurationMs
  #horizonMs: DurationMs
  #ladder: readonly Rung[]
  #rows: HistoryRow[] = []
  /** The rows that the increment before counted in, until rows come or go, and when its events were. */
  #reached: readonly HistoryRow[] = []
  #reachedFrom: EpochMs = Number.NaN
  #reachedTo: EpochMs = Number.NaN
  #columns = 0
  #capacity = 0
  readonly #freeColumns: number[] = []
  readonly #pool = new CountsPool()
  #removedRows: EpochMs[] = []
  #removedBases: number[] = []
  #bases: RowBase[] = []
  #lastBase = 0
  readonly #cleared = new ClearedColumns()
  #isBeginning: (at: EpochMs) => boolean = () => false

  constructor(stepMs: DurationMs, horizonMs: DurationMs) {
    this.stepMs = stepMs
    this.#horizonMs = horizonMs
    this.#ladder = retentionLadder(stepMs, horizonMs)
  }

  /** The longest window that can be asked for. */
  get horizonMs(): DurationMs {
    return this.#horizonMs
  }

  /** Keeps rows longer from now on; a shorter horizon changes nothing, since counts once kept may be asked for. */
  extendHorizon(horizonMs: DurationMs): void {
    if (horizonMs <= this.#horizonMs) return
    this.#horizonMs = horizonMs
    this.#ladder = retentionLadder(this.stepMs, horizonMs)
  }

  /** Says from which moments budgets are counted: those rows are not thinned, so that such windows stay exact. */
  keepRowsAt(isBeginning: (at: EpochMs) => boolean): void {
    this.#isBeginning = isBeginning
  }

  /** Number of columns, free ones included: the length a read fills. */
  get columns(): number {
    return this.#columns
  }

  get rows(): readonly HistoryRow[] {
    return this.#rows
  }

  /** The newest moment with a row; undefined before the first event. */
  get headAt(): EpochMs | undefined {
    return this.#rows.at(-1)?.at
  }

  /** A column that counts zero so far. */
  addColumn(): number {
    const reused = this.#freeColumns.pop()
    if (reused !== undefined) return reused
    if (this.#columns === this.#capacity)
      this.reserve(Math.ceil(this.#capacity * (this.#capacity < 4_096 ? 1.25 : 1.03)) + 8)
    return this.#columns++
  }

  /** Forgets a column's counts; its place is used again. */
  removeColumn(column: number): void {
    for (const row of this.#rows) row.clear(column)
    for (const base of this.#bases) base.clear(column)
    this.#cleared.add(column)
    this.#freeColumns.push(column)
  }

  /** Makes room for this many columns at once, which is cheaper than growing; rows are made longer where they are used. */
  reserve(capacity: number): void {
    if (capacity <= this.#capacity) return
    this.#capacity = capacity
    this.#pool.setLength(capacity)
  }

  /**
   * Adds `amount` events spread evenly over (from, to]. Whole amounts stay whole in every row: each row holds the
   * rounded-down share up to its time, so that nothing is lost or invented by the spreading. `sign` −1 takes back
   * exactly what the same call with 1 added.
   */
  add(column: number, from: EpochMs, to: EpochMs, amount: number, sign: 1 | -1 = 1): void {
    one.fromMs[0] = from
    one.toMs[0] = to
    one.amounts[0] = amount
    this.addOf(one, 0, column, sign)
  }

  /** Adds one of several increments in the same way. */
  addOf({ fromMs, toMs, amounts }: Increments, place: number, column: number, sign: 1 | -1): void {
    const amount = amounts[place]
    if (amount === 0) return
    const from = fromMs[place]
    const to = toMs[place]
    if (from !== this.#reachedFrom || to !== this.#reachedTo) this.#reach(from, to)
    const rows = this.#reached
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]
      let share = amount
      if (row.at < to) {
        share = (amount * (row.at - from)) / (to - from)
        if (Number.isInteger(amount)) share = Math.floor(share)
      }
      if (row.addWide(column, sign * share)) continue
      row.reserve(this.#capacity)
      row.add(column, sign * share)
    }
  }

  /** Finds the rows that events of (from, to] count in: those of most increments of a batch are the same. */
  #reach(from: EpochMs, to: EpochMs): void {
    if (this.#rows.length === 0 || to > this.#rows[this.#rows.length - 1].at) this.advanceTo(to)
    if (from < this.#rows[0].at) this.#extendBack(from)
    this.#reached = this.#rows.slice(lastAtOrBefore(this.#rows, from) + 1)
    this.#reachedFrom = from
    this.#reachedTo = to
  }

  /** Lets time pass: rows up to the step that holds `at`, each starting from the counts before it. */
  advanceTo(at: EpochMs): void {
    const target = alignUp(at, this.stepMs)
    if (this.#rows.length === 0) {
      this.#rows.push(this.#newRow(target - this.stepMs))
    }
    let head = this.#rows[this.#rows.length - 1]
    if (head.at >= target) return
    const before = head.at
    while (head.at < target) {
      const shrunkBefore = head.at
      head = this.#newRow(nextKept(head.at, target, this.#ladder), head)
      this.#rows.push(head)
      this.#shrink(shrunkBefore)
    }
    this.#thin(before)
  }

  /** Rows older than this are small: only the newest are added to at all often. */
  get #wideMs(): DurationMs {
    return wideSteps * this.stepMs
  }

  /** Fills `out` with the events of each column in (at − window, at]. */
  windowCounts(at: EpochMs, windowMs: DurationMs, out: Float64Array): void {
    const end = this.#bracket(at)
    const start = this.#bracket(at - windowMs)
    if (end === undefined || start === undefined) out.fill(0)
    else if (end.share === 0) fillDifference(end.before.counts, start, this.#columns, out)
    else {
      this.countsAt(at, out)
      fillDifference(out, start, this.#columns, out)
    }
  }

  /** Fills `out` with the running totals at a moment. */
  countsAt(at: EpochMs, out: Float64Array): void {
    const bracket = this.#bracket(at)
    if (bracket === undefined) out.fill(0)
    else for (let column = 0; column < this.#columns; column++) out[column] = countIn(bracket, column)
  }

  /** The rows that hold the running totals at a moment, to read many columns side by side; undefined before the first event. */
  rowsAround(at: EpochMs): Bracket | undefined {
    return this.#bracket(at)
  }

  /** Events of one column in (from, to]. */
  countBetween(column: number, from: EpochMs, to: EpochMs): number {
    return this.#columnAt(column, to) - this.#columnAt(column, from)
  }

  /** All events ever counted in a column. */
  latestCount(column: number): number {
    return this.#rows.at(-1)?.count(column) ?? 0
  }

  /**
   * Adds what another history counted up to each moment, and nothing after `until`, to columns of this one; `sign` −1 takes
   * it away again. Windows that reach back further than this history did are answered from the rows of the other.
   */
  addHistory(other: CountHistory, columns: readonly ColumnPair[], until: EpochMs, sign: 1 | -1 = 1): void {
    const first = this.#rows[0]
    const older = other.#rows.filter(({ at }) => first === undefined || at < first.at)
    this.#rows = [...older.map(({ at }) => this.#newRow(at, first)), ...this.#rows]
    for (const row of this.#rows) {
      const at = Math.min(row.at, until)
      const bracket = other.#bracket(at)
      if (bracket === undefined) continue
      row.reserve(this.#capacity)
      for (const [own, theirs] of columns) row.add(own, sign * wholeCountIn(bracket, theirs))
      row.dirty = true
    }
    this.#shrink(Number.NEGATIVE_INFINITY)
  }

  /** A history of some columns alone, as they stand now, in the order given. */
  copyOf(columns: readonly number[]): CountHistory {
    const copy = new CountHistory(this.stepMs, this.#horizonMs)
    const rows = this.#rows.map((row) => ({ at: row.at, counts: Float64Array.from(columns, (own) => row.count(own)) }))
    copy.restoreRows(rows)
    return copy
  }

  /** All rows count as changed since the last checkpoint. */
  markUnsaved(): void {
    for (const row of this.#rows) row.dirty = true
    for (const base of this.#bases) base.dirty = true
  }

  /** What changed since the last call, and what was thinned away; it counts as stored from then on. */
  takeChanges(): HistoryChanges {
    if (this.#cleared.isFull) this.markUnsaved()
    const newestBase = this.#bases.at(-1)
    newestBase?.reserve(this.#capacity)
    const savedAfter = this.#cleared.count
    const rows = this.#rows.filter(({ dirty }) => dirty)
    const bases = this.#bases.filter(({ dirty }) => dirty)
    for (const changed of [...rows, ...bases]) {
      changed.dirty = false
      changed.savedAfter = savedAfter
    }
    for (const row of rows) row.savedOn = row.base ?? newestBase
    const saved = [...this.#rows, ...this.#bases]
    this.#cleared.forgetBefore(saved.reduce((oldest, each) => Math.min(oldest, each.savedAfter), savedAfter))
    const removed = { removedRows: this.#removedRows, removedBases: this.#removedBases }
    this.#removedRows = []
    this.#removedBases = []
    const contents = { rows: rows.map((row) => row.content()), bases: bases.map((base) => base.content()) }
    return { ...contents, ...removed, newestBase, cleared: this.#cleared }
  }

  /** Puts back what a checkpoint held; this history must be empty. */
  restore({ columns, freeColumns, rows, bases, cleared }: StoredHistory): void {
    this.reserve(columns)
    this.#columns = columns
    this.#freeColumns.push(...freeColumns)
    this.#cleared.restore(cleared)
    const byId = new Map(bases.map((stored) => [stored.id, this.#restoredBase(stored)]))
    this.#bases = [...byId.values()]
    for (const base of this.#bases) base.reserve(columns)
    for (const { at, counts, base, savedAfter } of rows) {
      this.#cleared.applyTo(counts, savedAfter)
      const row = new HistoryRow(at, counts, base === undefined ? undefined : byId.get(base))
      row.savedOn = row.base
      row.savedAfter = savedAfter
      row.dirty = false
      this.#rows.push(row)
    }
    this.#shrink(Number.NEGATIVE_INFINITY)
  }

  /** Puts back rows in doubles, the oldest first and all equally long; this history must be empty. */
  restoreRows(rows: readonly Pick<StoredRow, 'at' | 'counts'>[]): void {
    const stored = rows.map(({ at, counts }) => ({ at, counts, savedAfter: 0 }))
    this.restore({ columns: rows[0]?.counts.length ?? 0, freeColumns: [], rows: stored, bases: [], cleared: [] })
  }

  #restoredBase({ id, counts, savedAfter }: StoredBase): RowBase {
    this.#cleared.applyTo(counts, savedAfter)
    const base = new RowBase(id, counts)
    base.dirty = false
    base.savedAfter = savedAfter
    this.#lastBase = Math.max(this.#lastBase, id)
    return base
  }

  get freeColumns(): readonly number[] {
    return this.#freeColumns
  }

  #columnAt(column: number, at: EpochMs): number {
    const bracket = this.#bracket(at)
    return bracket === undefined ? 0 : countIn(bracket, column)
  }

  /** The rows around a moment and how far it lies between them. */
  #bracket(at: EpochMs): Bracket | undefined {
    const rows = this.#rows
    if (rows.length === 0) return undefined
    const index = lastAtOrBefore(rows, at)
    const before = rows[Math.max(0, index)]
    before.reserve(this.#capacity)
    if (index < 0) return { before, after: before, share: 0 }
    if (before.at === at || index === rows.length - 1) return { before, after: before, share: 0 }
    const after = rows[index + 1]
    after.reserve(this.#capacity)
    return { before, after, share: (at - before.at) / (after.at - before.at) }
  }

  /** Data older than the oldest row: the counts before it were as they are in the oldest row. */
  #extendBack(from: EpochMs): void {
    const first = this.#rows[0]
    const head = this.#rows[this.#rows.length - 1].at
    const { ageMs } = this.#ladder[this.#ladder.length - 1]
    const oldest = alignDown(Math.max(from, head - ageMs), this.stepMs)
    if (oldest >= first.at) return
    const times: EpochMs[] = []
    for (let at = oldest; at < first.at; at = nextKept(at, head, this.#ladder)) times.push(at)
    this.#rows.unshift(...times.map((at) => this.#newRow(at, first)))
    this.#shrink(Number.NEGATIVE_INFINITY)
  }

  /**
   * Drops rows that have come off the grid of their age since `before` was the newest. The oldest row always stays: it
   * says what was counted before all others, and windows that reach the beginning start there.
   */
  #thin(before: EpochMs): void {
    const rows = this.#rows
    const ladder = this.#ladder
    const head = rows[rows.length - 1].at
    for (let rung = 0; rung < ladder.length - 1; rung++) {
      const { ageMs } = ladder[rung]
      const { resolutionMs } = ladder[rung + 1]
      for (let index = lastAtOrBefore(rows, head - ageMs - 1); index > 0 && rows[index].at >= before - ageMs; index--) {
        const { at } = rows[index]
        if (at % resolutionMs !== 0 && !this.#isBeginning(at)) this.#drop(index, 1)
      }
    }
    // One row past the horizon stays as well: windows of full length start between two rows.
    const expired = lastAtOrBefore(rows, head - ladder[ladder.length - 1].ageMs - 1)
    if (expired > 0) this.#drop(0, expired)
  }

  #drop(index: number, count: number): void {
    this.#reachedFrom = Number.NaN
    for (const row of this.#rows.splice(index, count)) {
      this.#removedRows.push(row.at)
      row.giveTo(this.#pool)
    }
  }

  #newRow(at: EpochMs, from?: HistoryRow): HistoryRow {
    this.#reachedFrom = Number.NaN
    const counts = this.#pool.takeWide()
    if (from === undefined) counts.fill(0)
    else from.copyTo(counts, this.#capacity)
    return new HistoryRow(at, counts)
  }

  /** Makes those rows small that have come of age since `before` was the newest. */
  #shrink(before: EpochMs): void {
    const rows = this.#rows
    if (rows.length === 0) return
    const oldest = before - this.#wideMs
    for (let index = lastAtOrBefore(rows, rows[rows.length - 1].at - this.#wideMs - 1); index >= 0; index--) {
      const row = rows[index]
      if (row.at < oldest) break
      if (row.wide !== undefined) this.#shrinkRow(row, row.wide)
    }
  }

  /** Over the newest base that serves; where none does, the row's own counts are one. Bases that nothing stands on are forgotten. */
  #shrinkRow(row: HistoryRow, wide: Float64Array): void {
    for (let index = this.#bases.length - 1; index >= 0; index--) if (row.shrink(this.#bases[index], this.#pool)) return
    if (!wide.every((count) => Number.isSafeInteger(count) && count >= 0)) return
    const isUsed = (base: RowBase) => this.#rows.some((each) => each.base === base || each.savedOn === base)
    this.#removedBases.push(...this.#bases.filter((base) => !isUsed(base)).map(({ id }) => id))
    this.#bases = this.#bases.filter(isUsed)
    if (this.#bases.length >= basesMax) return
    const base = new RowBase(++this.#lastBase, wide.slice())
    this.#bases.push(base)
    row.shrink(base, this.#pool)
  }
}

/** The running total of a column at a moment. Between two rows the counts lie on a line; where both rows are equal it must not invent a rounding error. */
export function countIn({ before, after, share }: Bracket, column: number): number {
  const low = before.count(column)
  return share === 0 ? low : low + share * (after.count(column) - low)
}

/** The same, but whole where both counts are: what stays in a row is never a part of an event. */
function wholeCountIn(bracket: Bracket, column: number): number {
  const isWhole = Number.isInteger(bracket.before.count(column)) && Number.isInteger(bracket.after.count(column))
  return isWhole ? Math.floor(countIn(bracket, column)) : countIn(bracket, column)
}

/** The hot loop of evaluation: it walks two or three rows side by side, once. */
function fillDifference(
  end: Float64Array,
  { before, after, share }: Bracket,
  columns: number,
  out: Float64Array,
): void {
  const low = before.counts
  const high = share === 0 ? low : after.counts
  if (share === 0) for (let column = 0; column < columns; column++) out[column] = end[column] - low[column]
  else {
    for (let column = 0; column < columns; column++) {
      out[column] = end[column] - (low[column] + share * (high[column] - low[column]))
    }
  }
}

/** The increment of `add`. */
const one = increments(1)

/** Steps for which rows stay in doubles: samples on time are added to the last one or two. */
const wideSteps = 4

/** Bases of small rows: one more for every four thousand million events of a column within what is kept. */
const basesMax = 8

/** The next time after `at` that a history whose newest row is `head` would still keep. */
function nextKept(at: EpochMs, head: EpochMs, ladder: readonly Rung[]): EpochMs {
  let next = head
  for (const { resolutionMs, ageMs } of ladder) {
    next = Math.min(next, Math.max(alignDown(at, resolutionMs) + resolutionMs, alignUp(head - ageMs, resolutionMs)))
  }
  return next
}

function lastAtOrBefore(rows: readonly HistoryRow[], at: EpochMs): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle].at <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The latest multiple of the step at or before a moment. */
export function alignDown(at: EpochMs, stepMs: DurationMs): EpochMs {
  return Math.floor(at / stepMs) * stepMs
}

/** The earliest multiple of the step at or after a moment. */
export function alignUp(at: EpochMs, stepMs: DurationMs): EpochMs {
  return Math.ceil(at / stepMs) * stepMs
}
