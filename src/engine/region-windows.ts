import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { CountHistory } from '../core/series/count-history.ts'
import type { Bracket } from '../core/series/row-bracket.ts'
import { BurnLimits } from './burn-limits.ts'
import { sweepBytes } from './sweep-bytes.ts'
import { differentClasses, type SharedRule, type SweepClass, sharedRules } from './sweep-class.ts'
import { badBetween, countBetween, type EventColumns, eventsBetween, totalsAt } from './sweep-edges.ts'
import { isBurning } from './sweep-step.ts'
import {
  addListed,
  addTotals,
  type EventSums,
  eventSums,
  noteBothBurn,
  pushPlace,
  type TotalSums,
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
  readonly #rules: readonly SharedRule[]
  /** Up to where no window needs a look. */
  readonly #limits: BurnLimits
  #at: EpochMs = Number.NaN
  #edges: readonly (Bracket | undefined)[] = []
  #end: Bracket | undefined
  #endTotals: Float64Array = new Float64Array(0)
  /** Up to now, what is bad of each where that is one column. */
  readonly #badEver: Float64Array
  /** Those of which that is above a limit, and how many they are. */
  readonly #looked: Int32Array
  #lookedCount = 0
  /** Of those: the ones whose short window is read, then the ones whose long one is, and where these stand among the first. */
  readonly #shorts: EventSums
  readonly #longs: EventSums
  readonly #shortOf: Int32Array
  #scratch: readonly Float64Array[] = []

  constructor(
    history: CountHistory,
    columns: EventColumns,
    areGrowing: Uint8Array,
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
    this.#rules = sharedRules(different)
    this.#limits = new BurnLimits({ history, columns, areGrowing, windows, rules: this.#rules, classPlaces: placeOf })
    this.shortBurns = new Uint8Array(length)
    this.burns = sweepBytes(length)
    this.surelyBurns = new Uint8Array(length)
    this.burning = new Int32Array(length)
    this.#badEver = new Float64Array(length)
    this.#looked = new Int32Array(length)
    this.#shorts = eventSums(length)
    this.#longs = eventSums(length)
    this.#shortOf = new Int32Array(length)
  }

  /** Counts changed: what was looked at is out of date. */
  forget(): void {
    this.#at = Number.NaN
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
    this.#endTotals = totalsAt(this.#end, atEnd)
    this.#limits.reach(at)
    this.#listLooked()
    for (const rule of this.#rules) this.#noteBurning(rule)
    return true
  }

  /** Fills in the events of each SLO within the last time. */
  eventsWithin(lengthMs: DurationMs, bad: Float64Array, total: Float64Array): void {
    const start = this.#history.rowsAround(this.#at - lengthMs)
    const [, atStart] = this.#scratch
    if (this.#end === undefined || start === undefined || atStart === undefined) return
    eventsBetween(this.#columns, this.#length, totalsAt(start, atStart), this.#endTotals, bad, total)
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

  /** Adds how far those listed are above their limits of a rule's window; `slots` says where each is counted here, −1 for nowhere. */
  addAboveLimit(listed: EventSums, slots: Int32Array, place: number, isLong: boolean, above: Float64Array): void {
    const { places, count } = listed
    const limits = this.#limits
    const badEver = this.#badEver
    for (let index = 0; index < count; index++) {
      const slot = slots[places[index]]
      if (slot >= 0) above[index] += badEver[slot] - limits.limitOf(slot, place, isLong)
    }
  }

  /** Adds all events in one window of those that are listed; `slots` as in `addListed`. */
  addTotals(sums: TotalSums, window: number, slots?: Int32Array): void {
    const start = this.#edges[window]
    if (this.#end !== undefined && start !== undefined) addTotals(this.#columns, start, this.#endTotals, sums, slots)
  }

  /** Lists those of which a short window may burn; nothing can be the matter with the others, whatever the rule. */
  #listLooked(): void {
    const { plus } = this.#columns
    const { least } = this.#limits
    const ends = this.#endTotals
    const badEver = this.#badEver
    const looked = this.#looked
    let count = 0
    for (let slot = 0; slot < badEver.length; slot++) {
      const bad = ends[plus[slot]]
      badEver[slot] = bad
      if (bad > least[slot]) looked[count++] = slot
    }
    this.#lookedCount = count
  }

  /** Of those, the short window of a rule is read, all at once; then the long one of those that burn in it and may in the long one. */
  #noteBurning(rule: SharedRule): void {
    const shorts = this.#shorts
    const longs = this.#longs
    const limits = this.#limits
    this.#listShorts(rule)
    this.addListed(shorts, rule.short)
    longs.count = 0
    for (let index = 0; index < shorts.count; index++) {
      const slot = shorts.places[index]
      if (!isBurning(shorts.bad[index], shorts.total[index], rule.ratios[this.#classPlaces[slot]])) continue
      if (this.shortBurns[slot] === 0) this.burning[this.burningCount++] = slot
      this.shortBurns[slot] |= rule.bit
      if (this.#badEver[slot] <= limits.limitOf(slot, rule.place, true)) continue
      this.#shortOf[longs.count] = index
      pushPlace(longs, slot)
    }
    this.addListed(longs, rule.long)
    noteBothBurn(shorts, this.#shortOf, longs, rule, this.#classPlaces, this)
  }

  #listShorts({ place }: SharedRule): void {
    const limits = this.#limits
    const shorts = this.#shorts
    shorts.count = 0
    for (let index = 0; index < this.#lookedCount; index++) {
      const slot = this.#looked[index]
      if (this.#badEver[slot] > limits.limitOf(slot, place, false)) pushPlace(shorts, slot)
    }
  }
}
