import type { Ratio } from '../core/model/units.ts'
import type { Bracket } from '../core/series/count-history.ts'

/** Where the bad and all events of many SLOs stand in the rows of a history. */
export interface EventColumns {
  /** The columns of what is bad; where only good events are counted, those of all, from which `minus` is taken. */
  readonly plus: Int32Array
  /** −1 for none. */
  readonly minus: Int32Array
  readonly total: Int32Array
}

/**
 * Fills in the events of many SLOs between two moments, by the same arithmetic as reading them one by one, so that both come
 * to the same number. Where a moment has a row of its own, the line between two rows is one between that row and itself.
 */
export function eventsBetween(
  { plus, minus, total }: EventColumns,
  length: number,
  start: Bracket,
  end: Bracket,
  outBad: Float64Array,
  outTotal: Float64Array,
): void {
  const from = start.before.counts
  const fromNext = start.share === 0 ? from : start.after.counts
  const fromShare = start.share
  const to = end.before.counts
  const toNext = end.share === 0 ? to : end.after.counts
  const toShare = end.share
  for (let slot = 0; slot < length; slot++) {
    const bads = plus[slot]
    let bad = to[bads] + toShare * (toNext[bads] - to[bads]) - (from[bads] + fromShare * (fromNext[bads] - from[bads]))
    const goods = minus[slot]
    if (goods >= 0) {
      bad -=
        to[goods] + toShare * (toNext[goods] - to[goods]) - (from[goods] + fromShare * (fromNext[goods] - from[goods]))
    }
    const alls = total[slot]
    const all =
      to[alls] + toShare * (toNext[alls] - to[alls]) - (from[alls] + fromShare * (fromNext[alls] - from[alls]))
    outTotal[slot] = all > 0 ? all : 0
    outBad[slot] = bad > 0 && all > 0 ? (bad < all ? bad : all) : 0
  }
}

/** The SLOs of which more than this share of the events between two moments is bad: their places, and how many there are. */
export function findBadShare(
  { plus, minus, total }: EventColumns,
  length: number,
  start: Bracket,
  end: Bracket,
  share: Ratio,
  out: Int32Array,
  scratch: readonly Float64Array[],
): number {
  const from = start.before.widened(scratch[0])
  const fromNext = start.share === 0 ? from : start.after.widened(scratch[1])
  const fromShare = start.share
  const to = end.before.widened(scratch[2])
  const toNext = end.share === 0 ? to : end.after.widened(scratch[3])
  const toShare = end.share
  let found = 0
  for (let slot = 0; slot < length; slot++) {
    const bads = plus[slot]
    let bad = to[bads] + toShare * (toNext[bads] - to[bads]) - (from[bads] + fromShare * (fromNext[bads] - from[bads]))
    if (bad <= 0) continue
    const goods = minus[slot]
    if (goods >= 0) {
      bad -=
        to[goods] + toShare * (toNext[goods] - to[goods]) - (from[goods] + fromShare * (fromNext[goods] - from[goods]))
      if (bad <= 0) continue
    }
    const alls = total[slot]
    const all =
      to[alls] + toShare * (toNext[alls] - to[alls]) - (from[alls] + fromShare * (fromNext[alls] - from[alls]))
    if (bad >= all * share) out[found++] = slot
  }
  return found
}

/** Bad events between two moments; counters that contradict each other cannot make more than all, nor less than none. */
export function badBetween(start: Bracket, end: Bracket, plus: number, minus: number, total: number): number {
  let bad = countBetween(start, end, plus)
  if (minus >= 0) bad -= countBetween(start, end, minus)
  return bad > 0 ? Math.max(0, Math.min(bad, total)) : 0
}

/** The events of one column between two moments. */
export function countBetween(start: Bracket, end: Bracket, column: number): number {
  return countAt(end, column) - countAt(start, column)
}

function countAt({ before, after, share }: Bracket, column: number): number {
  const low = before.count(column)
  return share === 0 ? low : low + share * (after.count(column) - low)
}
