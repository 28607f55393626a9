import type { RegionSweep } from './region-sweep.ts'
import { sweepBytes } from './sweep-bytes.ts'
import { differentClasses, type SharedRule, type SweepClass, sharedRules } from './sweep-class.ts'
import { isBurning } from './sweep-step.ts'
import { type EventSums, eventSums, noteBothBurn, pushPlace, type TotalSums } from './sweep-windows.ts'

/** What adding limits of regions up may lose of an event. */
const doubtOfLimits = 1e-6

/** The windows of all SLOs over all their regions, which were looked at as of the same moment. */
export class GlobalWindows {
  /** By SLO, the rules of which both windows may burn, or surely do; a bit for each. */
  readonly burns: Uint8Array<ArrayBuffer>
  readonly surelyBurns: Uint8Array
  /** The rules whose short window may burn in some region; those of which one may, and how many they are. */
  readonly #shortBurns: Uint8Array
  readonly #burning: Int32Array
  #burningCount = 0
  readonly #regions: readonly RegionSweep[]
  /** By region: the place of each SLO counted there, and where each place is counted; −1 for none. */
  readonly #placesIn: readonly Int32Array[]
  readonly #slotsIn: readonly Int32Array[]
  readonly #classPlaces: Int32Array
  readonly #rules: readonly SharedRule[]
  /** Those of which both windows of a rule may burn, and their events in the short one; then of those that burn, in the long one. */
  readonly #shorts: EventSums
  readonly #longs: EventSums
  readonly #shortOf: Int32Array
  /** By the place in the list, how far those are above a limit. */
  readonly #above: Float64Array

  constructor(
    regions: readonly RegionSweep[],
    placesIn: readonly Int32Array[],
    slotsIn: readonly Int32Array[],
    classes: readonly (SweepClass | undefined)[],
  ) {
    const { length } = classes
    this.#regions = regions
    this.#placesIn = placesIn
    this.#slotsIn = slotsIn
    const { different, placeOf } = differentClasses(classes)
    this.#classPlaces = placeOf
    this.#rules = sharedRules(different)
    this.#shortBurns = new Uint8Array(length)
    this.#burning = new Int32Array(length)
    this.burns = sweepBytes(length)
    this.surelyBurns = new Uint8Array(length)
    this.#shorts = eventSums(length)
    this.#longs = eventSums(length)
    this.#shortOf = new Int32Array(length)
    this.#above = new Float64Array(length)
  }

  /** Finds the rules that may hold: only where the short window may burn in some region is anything read, all at once. */
  gather(): void {
    this.#shortBurns.fill(0)
    this.burns.fill(0)
    this.surelyBurns.fill(0)
    this.#burningCount = 0
    for (const [index, { windows }] of this.#regions.entries()) this.#gatherShorts(windows, this.#placesIn[index])
    for (const rule of this.#rules) {
      this.#noteShorts(rule)
      if (this.#shorts.count > 0) this.#noteBurning(rule)
    }
  }

  #gatherShorts({ burning, burningCount, shortBurns: theirs }: RegionSweep['windows'], places: Int32Array): void {
    const shortBurns = this.#shortBurns
    for (let index = 0; index < burningCount; index++) {
      const slot = burning[index]
      const place = places[slot]
      if (place < 0) continue
      if (shortBurns[place] === 0) this.#burning[this.#burningCount++] = place
      shortBurns[place] |= theirs[slot]
    }
  }

  /** Adds the events of one SLO in one window to two sums. */
  addEvents(place: number, window: number, sums: { bad: number; total: number }): void {
    for (const [index, { windows }] of this.#regions.entries()) {
      const slot = this.#slotsIn[index][place]
      if (slot >= 0) windows.addEvents(slot, window, sums)
    }
  }

  /** Adds all events in one window of those that are listed, in all their regions. */
  addTotals(sums: TotalSums, window: number): void {
    for (const [index, { windows }] of this.#regions.entries()) windows.addTotals(sums, window, this.#slotsIn[index])
  }

  #noteShorts(rule: SharedRule): void {
    const { bit, ratios } = rule
    const shorts = this.#shorts
    shorts.count = 0
    for (let index = 0; index < this.#burningCount; index++) {
      const place = this.#burning[index]
      if ((this.#shortBurns[place] & bit) !== 0 && !Number.isNaN(ratios[this.#classPlaces[place]]))
        pushPlace(shorts, place)
    }
    // Few are above the limit of the long window, so that most are done with it.
    for (const isLong of [true, false]) this.#keepAboveLimit(shorts, rule.place, isLong)
    this.#addListed(shorts, rule.short)
  }

  /** Leaves those listed that are above the limit of a rule's window: the limits of regions add up as their events do. */
  #keepAboveLimit(listed: EventSums, ofRule: number, isLong: boolean): void {
    const above = this.#above.fill(0, 0, listed.count)
    for (const [index, { windows }] of this.#regions.entries()) {
      windows.addAboveLimit(listed, this.#slotsIn[index], ofRule, isLong, above)
    }
    const { places, count } = listed
    listed.count = 0
    for (let index = 0; index < count; index++) if (above[index] > -doubtOfLimits) pushPlace(listed, places[index])
  }

  #noteBurning(rule: SharedRule): void {
    const { long, ratios } = rule
    const shorts = this.#shorts
    const longs = this.#longs
    longs.count = 0
    for (let index = 0; index < shorts.count; index++) {
      const place = shorts.places[index]
      if (!isBurning(shorts.bad[index], shorts.total[index], ratios[this.#classPlaces[place]])) continue
      this.#shortOf[longs.count] = index
      pushPlace(longs, place)
    }
    this.#addListed(longs, long)
    noteBothBurn(shorts, this.#shortOf, longs, rule, this.#classPlaces, this)
  }

  #addListed(sums: EventSums, window: number): void {
    if (sums.count === 0) return
    for (const [index, { windows }] of this.#regions.entries()) windows.addListed(sums, window, this.#slotsIn[index])
  }
}
