import type { HistoryRow } from '../core/series/history-row.ts'
import { type Bracket, countIn } from '../core/series/row-bracket.ts'

/** Where the bad and all events of many SLOs stand in the rows of a history. */
export interface EventColumns {
  /** The columns of what is bad; where only good events are counted, those of all, from which `minus` is taken. */
  readonly plus: Int32Array
  /** −1 for none. */
  readonly minus: Int32Array
  readonly total: Int32Array
}

/**
 * The totals of all columns at a moment, by the same arithmetic as reading them one by one, so that both come to the same number;
 * `room` takes those that no row holds in doubles.
 */
export function totalsAt(bracket: Bracket, room: Float64Array): Float64Array {
  const { before, share } = bracket
  if (share === 0 && before.wide !== undefined) return before.wide
  if (share === 0) before.copyTo(room, room.length)
  else for (let column = 0; column < room.length; column++) room[column] = countIn(bracket, column)
  return room
}

/** Fills in what some columns stand at in one row: those at the places from `from` up to `to` of the list. */
export function fillCounts(
  { wide, small, base }: HistoryRow,
  columns: Int32Array,
  from: number,
  to: number,
  out: Float64Array,
): void {
  if (wide !== undefined) for (let place = from; place < to; place++) out[place - from] = wide[columns[place]]
  else if (small !== undefined && base !== undefined) {
    const { counts } = base
    for (let place = from; place < to; place++) out[place - from] = counts[columns[place]] + small[columns[place]]
  } else out.fill(0, 0, to - from)
}

/** Fills in the events of many SLOs between two moments. Counters that contradict each other cannot make more bad events than all, nor less than none. */
export function eventsBetween(
  { plus, minus, total }: EventColumns,
  length: number,
  start: Float64Array,
  end: Float64Array,
  outBad: Float64Array,
  outTotal: Float64Array,
): void {
  for (let slot = 0; slot < length; slot++) {
    const alls = total[slot]
    const all = end[alls] - start[alls]
    const bads = plus[slot]
    let bad = end[bads] - start[bads]
    const goods = minus[slot]
    if (goods >= 0) bad -= end[goods] - start[goods]
    outTotal[slot] = all > 0 ? all : 0
    outBad[slot] = bad > 0 && all > 0 ? (bad < all ? bad : all) : 0
  }
}

/** Bad events between two moments; counters that contradict each other cannot make more than all, nor less than none. */
export function badBetween(start: Bracket, end: Bracket, plus: number, minus: number, total: number): number {
  let bad = countBetween(start, end, plus)
  if (minus >= 0) bad -= countBetween(start, end, minus)
  return bad > 0 ? Math.max(0, Math.min(bad, total)) : 0
}

/** The events of one column between two moments. */
export function countBetween(start: Bracket, end: Bracket, column: number): number {
  return countIn(end, column) - countIn(start, column)
}
