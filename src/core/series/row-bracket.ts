import type { EpochMs } from '../model/units.ts'
import type { HistoryRow } from './history-row.ts'

/** The rows around a moment, and how far it lies between them: none of the way where it is the first of the two. */
export interface Bracket {
  readonly before: HistoryRow
  readonly after: HistoryRow
  readonly share: number
}

/** The rows around a moment among some in order of time, at least one: before the first, counts were as they are there. */
export function bracketAt(rows: readonly HistoryRow[], at: EpochMs): Bracket {
  const index = lastAtOrBefore(rows, at)
  const before = rows[Math.max(0, index)]
  if (index < 0 || before.at === at || index === rows.length - 1) return { before, after: before, share: 0 }
  const after = rows[index + 1]
  return { before, after, share: (at - before.at) / (after.at - before.at) }
}

/** The place of the last row at or before a moment; −1 without one. */
export function lastAtOrBefore(rows: readonly HistoryRow[], at: EpochMs): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle].at <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The running total of a column at a moment. Between two rows the counts lie on a line; where both rows are equal it must not invent a rounding error. */
export function countIn({ before, after, share }: Bracket, column: number): number {
  const low = before.count(column)
  return share === 0 ? low : low + share * (after.count(column) - low)
}

/** The same, but whole where both counts are: what stays in a row is never a part of an event. */
export function wholeCountIn(bracket: Bracket, column: number): number {
  const isWhole = Number.isInteger(bracket.before.count(column)) && Number.isInteger(bracket.after.count(column))
  return isWhole ? Math.floor(countIn(bracket, column)) : countIn(bracket, column)
}

/**
 * Fills in what each column counted since a moment, up to the totals given. The hot loop of evaluation: it walks two or three
 * rows side by side, once.
 */
export function fillSince(
  { before, after, share }: Bracket,
  end: Float64Array,
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
