import type { DurationMs, EpochMs } from '../model/units.ts'
import { ClearedColumns } from './cleared-columns.ts'
import {
  type HistoryChanges,
  markRowsUnsaved,
  restoreStoredRows,
  type StoredColumns,
  type StoredRow,
  type StoredRows,
  takeRowChanges,
} from './history-checkpoint.ts'
import type { HistoryRow } from './history-row.ts'
import { type Increments, increments } from './increments.ts'
import { KeptRows } from './kept-rows.ts'
import { RewrittenColumns } from './rewritten-columns.ts'
import { type Bracket, countIn, fillSince, wholeCountIn } from './row-bracket.ts'

/** A column of one history and the column of another that counts the same. */
export type ColumnPair = readonly [own: number, theirs: number]

/**
 * Event counts over time, for all columns (one signal of one SLO) of one region.
 *
 * A row holds the running total of each column at one moment, so the events of any window are one subtraction of two
 * rows, whatever its length. Which moments have rows, `KeptRows` says. An event that arrives late is added to every row from
 * its time on: a few rows, since data is rarely very late.
 *
 * Time-major rows make a tick over 100 000 columns a sequential walk; docs/decisions/0003 compares layouts.
 */
export class CountHistory {
  readonly stepMs: DurationMs
  readonly #kept: KeptRows
  #columns = 0
  readonly #freeColumns: number[] = []
  readonly #cleared = new ClearedColumns()
  readonly #rewritten = new RewrittenColumns()

  constructor(stepMs: DurationMs, horizonMs: DurationMs) {
    this.stepMs = stepMs
    this.#kept = new KeptRows(stepMs, horizonMs)
  }

  /** The longest window that can be asked for. */
  get horizonMs(): DurationMs {
    return this.#kept.horizonMs
  }

  /** Keeps rows longer from now on; a shorter horizon changes nothing, since counts once kept may be asked for. */
  extendHorizon(horizonMs: DurationMs): void {
    this.#kept.extendHorizon(horizonMs)
  }

  /** Says from which moments budgets are counted: those rows are not thinned, so that such windows stay exact. */
  keepRowsAt(isBeginning: (at: EpochMs) => boolean): void {
    this.#kept.keepRowsAt(isBeginning)
  }

  /** How far rows of an age are apart at most; undefined where they are older than what is kept. */
  resolutionAtAge(ageMs: DurationMs): DurationMs | undefined {
    return this.#kept.resolutionAtAge(ageMs)
  }

  /** The columns of which counts were taken back or replaced since the last call; undefined where that may be any. */
  takeRewritten(): readonly number[] | undefined {
    return this.#rewritten.take()
  }

  /** Number of columns, free ones included: the length a read fills. */
  get columns(): number {
    return this.#columns
  }

  get freeColumns(): readonly number[] {
    return this.#freeColumns
  }

  get rows(): readonly HistoryRow[] {
    return this.#kept.list
  }

  /** The newest moment with a row; undefined before the first event. */
  get headAt(): EpochMs | undefined {
    return this.rows.at(-1)?.at
  }

  /** A column that counts zero so far. */
  addColumn(): number {
    const reused = this.#freeColumns.pop()
    if (reused !== undefined) return reused
    const { capacity } = this.#kept
    if (this.#columns === capacity) this.reserve(Math.ceil(capacity * (capacity < 4_096 ? 1.25 : 1.03)) + 8)
    return this.#columns++
  }

  /** Forgets a column's counts; its place is used again. */
  removeColumn(column: number): void {
    this.#rewritten.add(column)
    for (const row of this.rows) row.clear(column)
    this.#kept.bases.clear(column)
    this.#cleared.add(column)
    this.#freeColumns.push(column)
  }

  /** Makes room for this many columns at once, which is cheaper than growing; rows are made longer where they are used. */
  reserve(capacity: number): void {
    this.#kept.reserve(capacity)
  }

  /** Lets time pass: rows up to the step that holds `at`, each starting from the counts before it. */
  advanceTo(at: EpochMs): void {
    this.#kept.advanceTo(at)
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
    if (sign * amount < 0) this.#rewritten.add(column)
    const from = fromMs[place]
    const to = toMs[place]
    const rows = this.#kept.reachedBy(from, to)
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]
      let share = amount
      if (row.at < to) {
        share = (amount * (row.at - from)) / (to - from)
        if (Number.isInteger(amount)) share = Math.floor(share)
      }
      if (row.addWide(column, sign * share)) continue
      row.reserve(this.#kept.capacity)
      row.add(column, sign * share)
    }
  }

  /**
   * Adds what another history counted up to each moment, and nothing after `until`, to columns of this one; `sign` −1 takes
   * it away again. Windows that reach back further than this history did are answered from the rows of the other.
   */
  addHistory(other: CountHistory, columns: readonly ColumnPair[], until: EpochMs, sign: 1 | -1 = 1): void {
    this.#rewritten.addAll()
    const first = this.rows[0]
    const older = other.rows.filter(({ at }) => first === undefined || at < first.at)
    this.#kept.insertOlder(older.map(({ at }) => at))
    for (const row of this.rows) {
      const bracket = other.rowsAround(Math.min(row.at, until))
      if (bracket === undefined) continue
      row.reserve(this.#kept.capacity)
      for (const [own, theirs] of columns) row.add(own, sign * wholeCountIn(bracket, theirs))
      row.dirty = true
    }
    this.#kept.shrinkAged()
  }

  /** Fills `out` with the events of each column in (at − window, at]. */
  windowCounts(at: EpochMs, windowMs: DurationMs, out: Float64Array): void {
    const end = this.rowsAround(at)
    const start = this.rowsAround(at - windowMs)
    if (end === undefined || start === undefined) out.fill(0)
    else if (end.share === 0) fillSince(start, end.before.counts, this.#columns, out)
    else {
      this.countsAt(at, out)
      fillSince(start, out, this.#columns, out)
    }
  }

  /** Fills `out` with the running totals at a moment. */
  countsAt(at: EpochMs, out: Float64Array): void {
    const bracket = this.rowsAround(at)
    if (bracket === undefined) out.fill(0)
    else for (let column = 0; column < this.#columns; column++) out[column] = countIn(bracket, column)
  }

  /** The rows that hold the running totals at a moment, to read many columns side by side; undefined before the first event. */
  rowsAround(at: EpochMs): Bracket | undefined {
    return this.#kept.around(at)
  }

  /** Events of one column in (from, to]. */
  countBetween(column: number, from: EpochMs, to: EpochMs): number {
    return this.#columnAt(column, to) - this.#columnAt(column, from)
  }

  /** All events ever counted in a column. */
  latestCount(column: number): number {
    return this.rows.at(-1)?.count(column) ?? 0
  }

  /** A history of some columns alone, as they stand now, in the order given. */
  copyOf(columns: readonly number[]): CountHistory {
    const copy = new CountHistory(this.stepMs, this.horizonMs)
    const rows = this.rows.map((row) => ({ at: row.at, counts: Float64Array.from(columns, (own) => row.count(own)) }))
    copy.restoreWide(rows)
    return copy
  }

  /** What changed since the last call, and what was thinned away; it counts as stored from then on. */
  takeChanges(): HistoryChanges {
    return takeRowChanges(this.#kept, this.#cleared)
  }

  /** All rows count as changed since the last checkpoint. */
  markUnsaved(): void {
    markRowsUnsaved(this.#kept)
  }

  /** Puts back the columns of a checkpoint; this history must be empty. They may be given away and taken before the rows are back. */
  restoreColumns({ columns, freeColumns, cleared }: StoredColumns): void {
    this.reserve(columns)
    this.#columns = columns
    this.#freeColumns.push(...freeColumns)
    this.#cleared.restore(cleared)
  }

  /** Puts back the rows of a checkpoint, whose columns are back; nothing must have been counted yet. */
  restoreRows(stored: StoredRows): void {
    this.#rewritten.addAll()
    restoreStoredRows(this.#kept, this.#cleared, stored)
  }

  /** Puts back rows in doubles, the oldest first and all equally long; this history must be empty. */
  restoreWide(rows: readonly Pick<StoredRow, 'at' | 'counts'>[]): void {
    this.restoreColumns({ columns: rows[0]?.counts.length ?? 0, freeColumns: [], cleared: [] })
    this.restoreRows({ rows: rows.map(({ at, counts }) => ({ at, counts, savedAfter: 0 })), bases: [] })
  }

  #columnAt(column: number, at: EpochMs): number {
    const bracket = this.rowsAround(at)
    return bracket === undefined ? 0 : countIn(bracket, column)
  }
}

/** The increment of `add`. */
const one = increments(1)
