import type { DurationMs, EpochMs } from '../model/units.ts'
import { alignDown, alignUp } from '../time/alignment.ts'
import { CountsPool } from './counts-pool.ts'
import { HistoryRow } from './history-row.ts'
import { type Rung, resolutionAtAge, retentionLadder } from './retention-ladder.ts'
import { RowBases } from './row-bases.ts'
import { type Bracket, bracketAt, lastAtOrBefore } from './row-bracket.ts'

/** Moments whose rows are remembered: the ends of all windows and days that are asked for in one tick, not those of a chart. */
const bracketsMax = 128

/** Steps for which rows stay in doubles: samples on time are added to the last one or two. */
const wideSteps = 4

/**
 * The rows of a history in order of time: dense where they are young, thinned as they age (`retentionLadder`) and small from
 * then on. Time passes by `advanceTo`; what is in the rows is for the history to say.
 */
export class KeptRows {
  readonly stepMs: DurationMs
  /** What small rows stand on. */
  readonly bases = new RowBases()
  #horizonMs: DurationMs
  #ladder: readonly Rung[]
  #rows: HistoryRow[] = []
  /** The rows that the increment before counted in, until rows come or go, and when its events were. */
  #reached: readonly HistoryRow[] = []
  #reachedFrom: EpochMs = Number.NaN
  #reachedTo: EpochMs = Number.NaN
  /** The rows around moments that were asked for, until rows come or go. */
  readonly #brackets = new Map<EpochMs, Bracket>()
  #capacity = 0
  readonly #pool = new CountsPool()
  #removed: EpochMs[] = []
  #isBeginning: (at: EpochMs) => boolean = () => false

  constructor(stepMs: DurationMs, horizonMs: DurationMs) {
    this.stepMs = stepMs
    this.#horizonMs = horizonMs
    this.#ladder = retentionLadder(stepMs, horizonMs)
  }

  /** The oldest first. */
  get list(): readonly HistoryRow[] {
    return this.#rows
  }

  /** For how long rows are kept. */
  get horizonMs(): DurationMs {
    return this.#horizonMs
  }

  /** Keeps rows longer from now on; a shorter horizon changes nothing, since counts once kept may be asked for. */
  extendHorizon(horizonMs: DurationMs): void {
    if (horizonMs <= this.#horizonMs) return
    this.#horizonMs = horizonMs
    this.#ladder = retentionLadder(this.stepMs, horizonMs)
  }

  /** How far rows of an age are apart at most; undefined where they are older than what is kept. */
  resolutionAtAge(ageMs: DurationMs): DurationMs | undefined {
    return resolutionAtAge(this.#ladder, ageMs)
  }

  /** Says which rows are not thinned. */
  keepRowsAt(isBeginning: (at: EpochMs) => boolean): void {
    this.#isBeginning = isBeginning
  }

  /** For how many columns there is room in rows from now on. */
  get capacity(): number {
    return this.#capacity
  }

  /** Makes room for this many columns at once, which is cheaper than growing; rows are made longer where they are used. */
  reserve(capacity: number): void {
    if (capacity <= this.#capacity) return
    this.#capacity = capacity
    this.#brackets.clear()
    this.#pool.setLength(capacity)
  }

  /** The rows that events of (from, to] count in, made where there are none: those of most increments of a batch are the same. */
  reachedBy(from: EpochMs, to: EpochMs): readonly HistoryRow[] {
    if (from !== this.#reachedFrom || to !== this.#reachedTo) this.#reach(from, to)
    return this.#reached
  }

  /** The rows around a moment, with room for all columns; undefined while there are none. */
  around(at: EpochMs): Bracket | undefined {
    const known = this.#brackets.get(at)
    if (known !== undefined || this.#rows.length === 0) return known
    const bracket = bracketAt(this.#rows, at)
    bracket.before.reserve(this.#capacity)
    bracket.after.reserve(this.#capacity)
    if (this.#brackets.size >= bracketsMax) this.#brackets.clear()
    this.#brackets.set(at, bracket)
    return bracket
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

  /** Puts rows before all others, each with the counts of the oldest so far. */
  insertOlder(times: readonly EpochMs[]): void {
    const first = this.#rows[0]
    this.#rows = [...times.map((at) => this.#newRow(at, first)), ...this.#rows]
  }

  /** Makes all rows small that are old enough. */
  shrinkAged(): void {
    this.#shrink(Number.NEGATIVE_INFINITY)
  }

  /** Puts back rows that were stored; there must be none yet. */
  restore(rows: readonly HistoryRow[]): void {
    this.#forgetPlaces()
    this.#rows = [...rows]
    this.shrinkAged()
  }

  /** When those rows were that were dropped since the last call. */
  takeRemoved(): readonly EpochMs[] {
    const removed = this.#removed
    this.#removed = []
    return removed
  }

  #reach(from: EpochMs, to: EpochMs): void {
    if (this.#rows.length === 0 || to > this.#rows[this.#rows.length - 1].at) this.advanceTo(to)
    if (from < this.#rows[0].at) this.#extendBack(from)
    this.#reached = this.#rows.slice(lastAtOrBefore(this.#rows, from) + 1)
    this.#reachedFrom = from
    this.#reachedTo = to
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
    this.insertOlder(times)
    this.shrinkAged()
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
    this.#forgetPlaces()
    for (const row of this.#rows.splice(index, count)) {
      this.#removed.push(row.at)
      row.giveTo(this.#pool)
    }
  }

  #newRow(at: EpochMs, from?: HistoryRow): HistoryRow {
    this.#forgetPlaces()
    const counts = this.#pool.takeWide()
    if (from === undefined) counts.fill(0)
    else from.copyTo(counts, this.#capacity)
    return new HistoryRow(at, counts)
  }

  /** Rows come or go: where others stand among them is to be found anew. */
  #forgetPlaces(): void {
    this.#reachedFrom = Number.NaN
    this.#brackets.clear()
  }

  /** Makes those rows small that have come of age since `before` was the newest. */
  #shrink(before: EpochMs): void {
    const rows = this.#rows
    if (rows.length === 0) return
    const wideMs = wideSteps * this.stepMs
    const oldest = before - wideMs
    for (let index = lastAtOrBefore(rows, rows[rows.length - 1].at - wideMs - 1); index >= 0; index--) {
      const row = rows[index]
      if (row.at < oldest) break
      this.bases.shrink(row, rows, this.#pool)
    }
  }
}

/** The next time after `at` that a history whose newest row is `head` would still keep. */
function nextKept(at: EpochMs, head: EpochMs, ladder: readonly Rung[]): EpochMs {
  let next = head
  for (const { resolutionMs, ageMs } of ladder) {
    next = Math.min(next, Math.max(alignDown(at, resolutionMs) + resolutionMs, alignUp(head - ageMs, resolutionMs)))
  }
  return next
}
