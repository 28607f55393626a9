import { type Bracket, countIn } from '../core/series/row-bracket.ts'
import type { SharedRule } from './sweep-class.ts'
import { badBetween, countBetween, type EventColumns } from './sweep-edges.ts'
import { isBurning, isSurelyBurning } from './sweep-step.ts'

/** Places that are looked at closer, and all events of each, which stand in the order in which the places are listed. */
export interface TotalSums {
  /** So many of them count. */
  count: number
  readonly places: Int32Array
  readonly total: Float64Array
}

/** The same with the bad ones of them. */
export interface EventSums extends TotalSums {
  readonly bad: Float64Array
}

/** Room for as many places as there may be. */
export function totalSums(length: number): TotalSums {
  return { count: 0, places: new Int32Array(length), total: new Float64Array(length) }
}

/** Room for as many places, with the bad events of each. */
export function eventSums(length: number): EventSums {
  return { ...totalSums(length), bad: new Float64Array(length) }
}

/** Lists one more place, of whose events none are added yet. */
export function pushTotal(sums: TotalSums, place: number): void {
  const { count } = sums
  sums.places[count] = place
  sums.total[count] = 0
  sums.count = count + 1
}

/** Lists one more place, of whose events, bad or not, none are added yet. */
export function pushPlace(sums: EventSums, place: number): void {
  sums.bad[sums.count] = 0
  pushTotal(sums, place)
}

/**
 * Notes a rule at those listed of which the long window burns as well as the short one, whose events stand in `shorts`; `shortOf` says
 * where, by the place in the list.
 */
export function noteBothBurn(
  shorts: Pick<EventSums, 'bad' | 'total'>,
  shortOf: Int32Array,
  longs: EventSums,
  { bit, ratios }: Pick<SharedRule, 'bit' | 'ratios'>,
  classPlaces: Int32Array,
  { burns, surelyBurns }: { readonly burns: Uint8Array; readonly surelyBurns: Uint8Array },
): void {
  for (let index = 0; index < longs.count; index++) {
    const place = longs.places[index]
    const ratio = ratios[classPlaces[place]]
    if (!isBurning(longs.bad[index], longs.total[index], ratio)) continue
    burns[place] |= bit
    const short = shortOf[index]
    const isSure = isSurelyBurning(shorts.bad[short], shorts.total[short], ratio)
    if (isSure && isSurelyBurning(longs.bad[index], longs.total[index], ratio)) surelyBurns[place] |= bit
  }
}

/**
 * Adds what was counted between two moments at places that are listed, and of no others: by the same arithmetic as one by one, but in one
 * loop, so that the machine fetches several of them at once. `slots` says where a place is counted, −1 for nowhere.
 */
export function addListed(
  columns: EventColumns,
  start: Bracket,
  end: Bracket,
  endTotals: Float64Array,
  sums: EventSums,
  slots: Int32Array | undefined,
): void {
  const { small, base } = start.before
  const next = start.share === 0 ? small : start.after.small
  if (small === undefined || next === undefined || base === undefined) addFromAny(columns, start, end, sums, slots)
  else if (start.share !== 0 && start.after.base !== base) addFromAny(columns, start, end, sums, slots)
  else addFromSmall(columns, small, next, base.counts, start.share, endTotals, sums, slots)
}

function addFromAny(
  { plus, minus, total }: EventColumns,
  start: Bracket,
  end: Bracket,
  sums: EventSums,
  slots: Int32Array | undefined,
): void {
  for (let index = 0; index < sums.count; index++) {
    const slot = slots === undefined ? sums.places[index] : slots[sums.places[index]]
    if (slot < 0) continue
    const all = Math.max(0, countBetween(start, end, total[slot]))
    sums.bad[index] += badBetween(start, end, plus[slot], minus[slot], all)
    sums.total[index] += all
  }
}

/** Between two small rows over the same base, which nearly all windows begin between. */
function addFromSmall(
  { plus, minus, total }: EventColumns,
  small: Uint32Array,
  next: Uint32Array,
  base: Float64Array,
  share: number,
  end: Float64Array,
  sums: EventSums,
  slots: Int32Array | undefined,
): void {
  const { count, places, bad: badsIn, total: totalsIn } = sums
  for (let index = 0; index < count; index++) {
    const slot = slots === undefined ? places[index] : slots[places[index]]
    if (slot < 0) continue
    const alls = total[slot]
    const bads = plus[slot]
    const goods = minus[slot]
    let all = end[alls] - startCount(small, next, base, share, alls)
    if (!(all > 0)) all = 0
    let bad = end[bads] - startCount(small, next, base, share, bads)
    if (goods >= 0) bad -= end[goods] - startCount(small, next, base, share, goods)
    if (bad > 0) badsIn[index] += bad < all ? bad : all
    totalsIn[index] += all
  }
}

function startCount(small: Uint32Array, next: Uint32Array, base: Float64Array, share: number, column: number): number {
  const low = base[column] + small[column]
  return share === 0 ? low : low + share * (base[column] + next[column] - low)
}

/** The same of all events alone. */
export function addTotals(
  { total }: EventColumns,
  start: Bracket,
  endTotals: Float64Array,
  { count, places, total: sums }: TotalSums,
  slots: Int32Array | undefined,
): void {
  const { share, before } = start
  const { small, base } = before
  const isSmall = small !== undefined && base !== undefined && share === 0
  for (let index = 0; index < count; index++) {
    const slot = slots === undefined ? places[index] : slots[places[index]]
    if (slot < 0) continue
    const column = total[slot]
    const all = endTotals[column] - (isSmall ? base.counts[column] + small[column] : countIn(start, column))
    if (all > 0) sums[index] += all
  }
}
