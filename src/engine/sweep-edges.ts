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
 * to the same number.
 */
export function eventsBetween(
  { plus, minus, total }: EventColumns,
  length: number,
  start: Bracket,
  end: Bracket,
  outBad: Float64Array,
  outTotal: Float64Array,
): void {
  if (start.share !== 0 || end.share !== 0) {
    for (let slot = 0; slot < length; slot++) {
      outTotal[slot] = countBetween(start, end, total[slot])
      outBad[slot] = badBetween(start, end, plus[slot], minus[slot], outTotal[slot])
      if (!(outTotal[slot] > 0)) outTotal[slot] = 0
    }
    return
  }
  const from = start.before.counts
  const to = end.before.counts
  for (let slot = 0; slot < length; slot++) {
    let all = to[total[slot]] - from[total[slot]]
    if (!(all > 0)) all = 0
    let bad = to[plus[slot]] - from[plus[slot]]
    const good = minus[slot]
    if (good >= 0) bad -= to[good] - from[good]
    outBad[slot] = bad > 0 ? (bad < all ? bad : all) : 0
    outTotal[slot] = all
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
  return countAt(end, column) - countAt(start, column)
}

function countAt({ before, after, share }: Bracket, column: number): number {
  const low = before.counts[column]
  return share === 0 ? low : low + share * (after.counts[column] - low)
}
