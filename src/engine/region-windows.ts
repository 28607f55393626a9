import type { DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import type { CountHistory } from '../core/series/count-history.ts'
import type { Bracket } from '../core/series/row-bracket.ts'
import { sweepBytes } from './sweep-bytes.ts'
import { type ClassesRule, rulesByShort, type SweepClass } from './sweep-class.ts'
import {
  badBetween,
  countBetween,
  type EventColumns,
  eventsBetween,
  type FoundSlots,
  findBadShare,
  type Totals,
  totalsAt,
  wideTotalsAt,
} from './sweep-edges.ts'
import { isBurning, isSurelyBurning, leastShare } from './sweep-step.ts'
import { addListed, type EventSums, eventSums, pushPlace, totalsBetween } from './sweep-windows.ts'

/** So many SLOs are gone through window by window that their counts are still at hand. */
const searchedTogether = 1_024

/** Where a short window begins, and the rules that have it. */
interface ShortStart {
  readonly start: Totals
  /** The share of bad events from which on any of them may burn. */
  readonly least: Ratio
  readonly rules: readonly ClassesRule[]
}

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
  /** By short window. */
  readonly #starts: Float64Array[] = []
  readonly #found: FoundSlots
  /** Those of which a short window burns: the events of the long one, and their places among those found. */
  readonly #longs: EventSums
  readonly #foundOf: Int32Array
  /** All events of windows that were asked for, by window, and as of when. */
  readonly #totals = new Map<number, { readonly counts: Float64Array; at: EpochMs }>()
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
    const different = [...new Set(classes)]
    const places = new Map(different.map((known, place) => [known, place]))
    this.#classPlaces = Int32Array.from(classes, (known) => places.get(known) ?? 0)
    this.#rulesByShort = rulesByShort(different)
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
    for (const each of this.#totals.values()) each.at = Number.NaN
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
    const known = this.#totals.get(window) ?? { counts: new Float64Array(this.#length), at: Number.NaN }
    if (known.at === this.#at) return known.counts
    this.#totals.set(window, known)
    known.at = this.#at
    const start = this.#edges[window]
    if (this.#end === undefined || start === undefined) return known.counts.fill(0)
    totalsBetween(this.#columns, this.#length, start, this.#endTotals, known.counts)
    return known.counts
  }

  /** Window by window, since classes share them: all else is read only where the short window burns. */
  #findBurning(): void {
    const shorts = this.#startsOfShorts()
    const slots = { from: 0, to: 0 }
    for (; slots.to < this.#length; slots.from = slots.to) {
      slots.to = Math.min(this.#length, slots.from + searchedTogether)
      for (const { start, least, rules } of shorts) {
        findBadShare(this.#columns, slots, start, this.#endTotals, least, this.#found)
        for (const rule of rules) this.#noteBurning(this.#found, rule)
      }
    }
  }

  /** Where each short window begins. */
  #startsOfShorts(): readonly ShortStart[] {
    return [...this.#rulesByShort].flatMap(([short, rules], place) => {
      const start = this.#edges[short]
      if (start === undefined) return []
      const least = rules.reduce((ratio, rule) => Math.min(ratio, rule.ratio), 1) * leastShare
      return [{ start: totalsAt(start, () => this.#roomFor(place)), least, rules }]
    })
  }

  /** A place for the totals of a moment at which no row stands. */
  #roomFor(place: number): Float64Array {
    const { columns } = this.#history
    const known = this.#starts[place]
    if (known?.length === columns) return known
    const room = new Float64Array(columns)
    this.#starts[place] = room
    return room
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
    for (let index = 0; index < longs.count; index++) {
      if (!isBurning(longs.bad[index], longs.total[index], ratio)) continue
      const slot = longs.places[index]
      this.burns[slot] |= bit
      const short = this.#foundOf[index]
      const isSure = isSurelyBurning(found.bad[short], found.total[short], ratio)
      if (isSure && isSurelyBurning(longs.bad[index], longs.total[index], ratio)) this.surelyBurns[slot] |= bit
    }
  }
}
