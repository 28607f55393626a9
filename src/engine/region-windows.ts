import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { CountHistory } from '../core/series/count-history.ts'
import type { Bracket } from '../core/series/row-bracket.ts'
import { sweepBytes } from './sweep-bytes.ts'
import { type ClassesRule, differentClasses, rulesByShort, type SweepClass } from './sweep-class.ts'
import {
  badBetween,
  countBetween,
  type EventColumns,
  eventsBetween,
  type FoundSlots,
  findBadShare,
  totalsAt,
  wideTotalsAt,
} from './sweep-edges.ts'
import { isBurning, leastShare } from './sweep-step.ts'
import {
  addListed,
  type EventSums,
  eventSums,
  noteBothBurn,
  pushPlace,
  totalsBetween,
  WindowTotals,
} from './sweep-windows.ts'

/** The windows of all SLOs of one region as of a moment: what happened in them, and which rules may hold by it. */
export class RegionWindows {
  /** By SLO, the rules whose short window may burn, and whose both may, or surely do; a bit for each. */
  readonly shortBurns: Uint8Array
  readonly burns: Uint8Array<ArrayBuffer>
  readonly surelyBurns: Uint8Array
  /** Those of which a short window may burn, and how many they are. */
  readonly burning: Int32Array
  burningCount = 0
  readonly #history: CountHistory
  readonly #columns: EventColumns
  readonly #length: number
  readonly #windows: readonly DurationMs[]
  readonly #classPlaces: Int32Array
  readonly #rulesByShort: ReadonlyMap<number, readonly ClassesRule[]>
  #at: EpochMs = Number.NaN
  #edges: readonly (Bracket | undefined)[] = []
  #end: Bracket | undefined
  #endTotals: Float64Array = new Float64Array(0)
  readonly #found: FoundSlots
  /** Those of which a short window burns: the events of the long one, and their places among those found. */
  readonly #longs: EventSums
  readonly #foundOf: Int32Array
  readonly #totals: WindowTotals
  #scratch: readonly Float64Array[] = []

  constructor(
    history: CountHistory,
    columns: EventColumns,
    windows: readonly DurationMs[],
    classes: readonly (SweepClass | undefined)[],
  ) {
    const { length } = classes
    this.#history = history
    this.#columns = columns
    this.#length = length
    this.#windows = windows
    const { different, placeOf } = differentClasses(classes)
    this.#classPlaces = placeOf
    this.#rulesByShort = rulesByShort(different)
    this.#totals = new WindowTotals(length)
    this.shortBurns = new Uint8Array(length)
    this.burns = sweepBytes(length)
    this.surelyBurns = new Uint8Array(length)
    this.burning = new Int32Array(length)
    this.#found = {
      count: 0,
      slots: new Int32Array(length),
      bad: new Float64Array(length),
      total: new Float64Array(length),
    }
    this.#longs = eventSums(length)
    this.#foundOf = new Int32Array(length)
  }

  /** Counts changed: what was looked at is out of date. */
  forget(): void {
    this.#at = Number.NaN
    this.#totals.forget()
  }

  /** Looks at all windows as of a moment; false before the first event. */
  prepare(at: EpochMs): boolean {
    this.#at = at
    this.#end = this.#history.rowsAround(at)
    this.#edges = this.#windows.map((windowMs) => this.#history.rowsAround(at - windowMs))
    this.shortBurns.fill(0)
    this.burns.fill(0)
    this.surelyBurns.fill(0)
    this.burningCount = 0
    if (this.#end === undefined) return false
    const { columns } = this.#history
    if (this.#scratch[0]?.length !== columns) {
      this.#scratch = Array.from({ length: 2 }, () => new Float64Array(columns))
    }
    const [atEnd] = this.#scratch
    this.#endTotals = wideTotalsAt(this.#end, atEnd)
    this.#findBurning()
    return true
  }

  /** Fills in the events of each SLO within the last time. */
  eventsWithin(lengthMs: DurationMs, bad: Float64Array, total: Float64Array): void {
    const start = this.#history.rowsAround(this.#at - lengthMs)
    const [, atStart] = this.#scratch
    if (this.#end === undefined || start === undefined || atStart === undefined) return
    eventsBetween(this.#columns, this.#length, wideTotalsAt(start, atStart), this.#endTotals, bad, total)
  }

  /** Adds the events of one SLO in one window to two sums. */
  addEvents(slot: number, window: number, sums: { bad: number; total: number }): void {
    const { plus, minus, total } = this.#columns
    const start = this.#edges[window]
    if (this.#end === undefined || start === undefined) return
    const all = Math.max(0, countBetween(start, this.#end, total[slot]))
    sums.bad += badBetween(start, this.#end, plus[slot], minus[slot], all)
    sums.total += all
  }

  /** Adds the events in one window of all that are listed; `slots` says where each is counted here, −1 for nowhere. */
  addListed(sums: EventSums, window: number, slots?: Int32Array): void {
    const start = this.#edges[window]
    if (this.#end === undefined || start === undefined || sums.count === 0) return
    addListed(this.#columns, start, this.#end, this.#endTotals, sums, slots)
  }

  /** All events of each SLO in one window. */
  totalsIn(window: number): Float64Array {
    return this.#totals.of(window, this.#at, (counts) => {
      const start = this.#edges[window]
      if (this.#end === undefined || start === undefined) counts.fill(0)
      else totalsBetween(this.#columns, this.#length, start, this.#endTotals, counts)
    })
  }

  /** Window by window, since classes share them: all else is read only where the short window burns. */
  #findBurning(): void {
    const found = this.#found
    const [, room] = this.#scratch
    for (const [short, rules] of this.#rulesByShort) {
      const start = this.#edges[short]
      if (start === undefined) continue
      const least = rules.reduce((ratio, rule) => Math.min(ratio, rule.ratio), 1) * leastShare
      findBadShare(this.#columns, this.#length, totalsAt(start, room), this.#endTotals, least, found)
      for (const rule of rules) this.#noteBurning(found, rule)
    }
  }

  /** Of those found, the ones of which the short window burns are looked at in the long one, all at once. */
  #noteBurning(found: FoundSlots, { bit, long, ratio, classes }: ClassesRule): void {
    const longs = this.#longs
    longs.count = 0
    for (let index = 0; index < found.count; index++) {
      const slot = found.slots[index]
      if (classes[this.#classPlaces[slot]] === 0 || !isBurning(found.bad[index], found.total[index], ratio)) continue
      if (this.shortBurns[slot] === 0) this.burning[this.burningCount++] = slot
      this.shortBurns[slot] |= bit
      this.#foundOf[longs.count] = index
      pushPlace(longs, slot)
    }
    this.addListed(longs, long)
    noteBothBurn(found, this.#foundOf, longs, { bit, ratio }, this)
  }
}
