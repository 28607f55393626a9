import type { CountsPool } from './counts-pool.ts'
import type { HistoryRow } from './history-row.ts'
import { RowBase } from './row-base.ts'

/** One more for every four thousand million events of a column within what is kept. */
const basesMax = 8

/** The bases that the small rows of a history stand on, and which of them were given up. */
export class RowBases {
  #bases: RowBase[] = []
  #lastId = 0
  #removed: number[] = []

  /** The oldest first. */
  get list(): readonly RowBase[] {
    return this.#bases
  }

  /** Over this one, rows that are still in doubles are stored; undefined without any. */
  get newest(): RowBase | undefined {
    return this.#bases.at(-1)
  }

  /** Forgets what a column counted. */
  clear(column: number): void {
    for (const base of this.#bases) base.clear(column)
  }

  /**
   * Makes a row small over the newest base that serves; where none does, the row's own counts are one. Bases that none of
   * `rows` stands on are forgotten.
   */
  shrink(row: HistoryRow, rows: readonly HistoryRow[], pool: CountsPool): void {
    const { wide } = row
    if (wide === undefined) return
    for (let index = this.#bases.length - 1; index >= 0; index--) if (row.shrink(this.#bases[index], pool)) return
    if (!wide.every((count) => Number.isSafeInteger(count) && count >= 0)) return
    this.#forgetUnused(rows)
    if (this.#bases.length >= basesMax) return
    const base = new RowBase(++this.#lastId, wide.slice())
    this.#bases.push(base)
    row.shrink(base, pool)
  }

  /** The ids of those forgotten since the last call. */
  takeRemoved(): readonly number[] {
    const removed = this.#removed
    this.#removed = []
    return removed
  }

  /** Puts back what was stored, with room for so many columns; there must be none yet. */
  restore(bases: readonly RowBase[], columns: number): void {
    this.#bases = [...bases]
    for (const base of bases) {
      this.#lastId = Math.max(this.#lastId, base.id)
      base.reserve(columns)
    }
  }

  #forgetUnused(rows: readonly HistoryRow[]): void {
    const isUsed = (base: RowBase) => rows.some((row) => row.base === base || row.savedOn === base)
    this.#removed.push(...this.#bases.filter((base) => !isUsed(base)).map(({ id }) => id))
    this.#bases = this.#bases.filter(isUsed)
  }
}
