import type { Ratio } from '../core/model/units.ts'
import { type Bracket, countIn } from '../core/series/row-bracket.ts'

/** Where the bad and all events of many SLOs stand in the rows of a history. */
export interface EventColumns {
  /** The columns of what is bad; where only good events are counted, those of all, from which `minus` is taken. */
  readonly plus: Int32Array
  /** −1 for none. */
  readonly minus: Int32Array
  readonly total: Int32Array
}

/** The running totals of all columns at a moment: in doubles; small ones over a base; or on the way from those to the next ones. */
export type Totals =
  | { readonly kind: 'wide'; readonly counts: Float64Array }
  | { readonly kind: 'small'; readonly counts: Uint32Array; readonly base: Float64Array }
  | {
      readonly kind: 'between'
      readonly counts: Uint32Array
      readonly next: Uint32Array
      readonly base: Float64Array
      readonly share: Ratio
    }

/**
 * The totals of all columns at a moment, by the same arithmetic as reading them one by one, so that both come to the same number;
 * `room` takes those that no row holds.
 */
export function totalsAt({ before, after, share }: Bracket, room: Float64Array): Totals {
  if (share === 0) {
    const { wide, small, base } = before
    if (wide !== undefined) return { kind: 'wide', counts: wide }
    if (small !== undefined && base !== undefined) return { kind: 'small', counts: small, base: base.counts }
    return { kind: 'wide', counts: room.fill(0) }
  }
  const { small, base } = before
  const next = after.small
  if (small !== undefined && next !== undefined && base !== undefined && base === after.base) {
    return { kind: 'between', counts: small, next, base: base.counts, share }
  }
  for (let column = 0; column < room.length; column++) room[column] = countIn({ before, after, share }, column)
  return { kind: 'wide', counts: room }
}

/** The same as doubles in any case. */
export function wideTotalsAt(bracket: Bracket, into: Float64Array): Float64Array {
  const totals = totalsAt(bracket, into)
  if (totals.kind === 'wide') return totals.counts
  const { counts, base } = totals
  if (totals.kind === 'between') fillBetween(counts, totals.next, base, totals.share, into)
  else for (let column = 0; column < into.length; column++) into[column] = base[column] + counts[column]
  return into
}

/** The loop over two small rows, which nearly all windows begin between. */
function fillBetween(
  small: Uint32Array,
  next: Uint32Array,
  base: Float64Array,
  share: Ratio,
  into: Float64Array,
): void {
  const length = Math.min(into.length, small.length, next.length)
  for (let column = 0; column < length; column++) {
    const low = base[column] + small[column]
    into[column] = low + share * (base[column] + next[column] - low)
  }
  into.fill(0, length)
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

/** SLOs found by their places, and their events. */
export interface FoundSlots {
  count: number
  readonly slots: Int32Array
  readonly bad: Float64Array
  readonly total: Float64Array
}

/** Finds the SLOs of which at least this share of the events between two moments is bad. */
export function findBadShare(
  columns: EventColumns,
  length: number,
  start: Totals,
  end: Float64Array,
  share: Ratio,
  out: FoundSlots,
): void {
  if (start.kind === 'wide') findFromWide(columns, length, start.counts, end, share, out)
  else if (start.kind === 'small') findFromSmall(columns, length, start.counts, start.base, end, share, out)
  else findFromBetween(columns, length, start, end, share, out)
}

function findFromWide(
  { plus, minus, total }: EventColumns,
  length: number,
  start: Float64Array,
  end: Float64Array,
  share: Ratio,
  out: FoundSlots,
): void {
  const { slots, bad: outBad, total: outTotal } = out
  let found = 0
  for (let slot = 0; slot < length; slot++) {
    const bads = plus[slot]
    let bad = end[bads] - start[bads]
    if (bad <= 0) continue
    const goods = minus[slot]
    if (goods >= 0) bad -= end[goods] - start[goods]
    const alls = total[slot]
    const all = end[alls] - start[alls]
    if (bad <= 0 || bad < all * share) continue
    slots[found] = slot
    outBad[found] = all > 0 ? (bad < all ? bad : all) : 0
    outTotal[found++] = all > 0 ? all : 0
  }
  out.count = found
}

/** The same where the window begins at a row that is small, as most do. */
function findFromSmall(
  { plus, minus, total }: EventColumns,
  length: number,
  small: Uint32Array,
  base: Float64Array,
  end: Float64Array,
  share: Ratio,
  out: FoundSlots,
): void {
  const { slots, bad: outBad, total: outTotal } = out
  let found = 0
  for (let slot = 0; slot < length; slot++) {
    const bads = plus[slot]
    let bad = end[bads] - (base[bads] + small[bads])
    if (bad <= 0) continue
    const goods = minus[slot]
    if (goods >= 0) bad -= end[goods] - (base[goods] + small[goods])
    const alls = total[slot]
    const all = end[alls] - (base[alls] + small[alls])
    if (bad <= 0 || bad < all * share) continue
    slots[found] = slot
    outBad[found] = all > 0 ? (bad < all ? bad : all) : 0
    outTotal[found++] = all > 0 ? all : 0
  }
  out.count = found
}

/** The same where it begins between two such rows: nothing is written, and most is told by the bad events alone. */
function findFromBetween(
  { plus, minus, total }: EventColumns,
  length: number,
  { counts, next, base, share: way }: Extract<Totals, { kind: 'between' }>,
  end: Float64Array,
  share: Ratio,
  out: FoundSlots,
): void {
  const { slots, bad: outBad, total: outTotal } = out
  let found = 0
  for (let slot = 0; slot < length; slot++) {
    const bads = plus[slot]
    const lowBad = base[bads] + counts[bads]
    let bad = end[bads] - (lowBad + way * (base[bads] + next[bads] - lowBad))
    if (bad <= 0) continue
    const goods = minus[slot]
    if (goods >= 0) {
      const lowGood = base[goods] + counts[goods]
      bad -= end[goods] - (lowGood + way * (base[goods] + next[goods] - lowGood))
    }
    const alls = total[slot]
    const low = base[alls] + counts[alls]
    const all = end[alls] - (low + way * (base[alls] + next[alls] - low))
    if (bad <= 0 || bad < all * share) continue
    slots[found] = slot
    outBad[found] = all > 0 ? (bad < all ? bad : all) : 0
    outTotal[found++] = all > 0 ? all : 0
  }
  out.count = found
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
