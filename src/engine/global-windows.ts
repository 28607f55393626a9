import type { EpochMs } from '../core/model/units.ts'
import type { RegionSweep } from './region-sweep.ts'
import { bytesPerWord, sweepBytes, wordsOf } from './sweep-bytes.ts'
import { type ClassesRule, differentClasses, rulesByShort, type SweepClass } from './sweep-class.ts'
import { isBurning } from './sweep-step.ts'
import { type EventSums, eventSums, noteBothBurn, pushPlace, WindowTotals } from './sweep-windows.ts'

/** The windows of all SLOs over all their regions, which were looked at as of the same moment. */
export class GlobalWindows {
  /** By SLO, the rules whose short window may burn in some region, and whose both may, or surely do; a bit for each. */
  readonly shortBurns: Uint8Array<ArrayBuffer>
  readonly burns: Uint8Array
  readonly surelyBurns: Uint8Array
  readonly #regions: readonly RegionSweep[]
  /** By region: the place of each SLO counted there, and where each place is counted; −1 for none. */
  readonly #placesIn: readonly Int32Array[]
  readonly #slotsIn: readonly Int32Array[]
  readonly #shortWords: Int32Array
  readonly #classPlaces: Int32Array
  readonly #rules: readonly ClassesRule[]
  /** Those of which the short window of a rule burns in some region, and their events; then of those that burn, in the long one. */
  readonly #shorts: EventSums
  readonly #longs: EventSums
  readonly #shortOf: Int32Array
  #at: EpochMs = Number.NaN
  readonly #totals: WindowTotals

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
    this.#totals = new WindowTotals(length)
    this.#rules = [...rulesByShort(different).values()].flat()
    this.shortBurns = sweepBytes(length)
    this.#shortWords = wordsOf(this.shortBurns)
    this.burns = new Uint8Array(length)
    this.surelyBurns = new Uint8Array(length)
    this.#shorts = eventSums(length)
    this.#longs = eventSums(length)
    this.#shortOf = new Int32Array(length)
  }

  /** Counts changed: what was gathered is out of date. */
  forget(): void {
    this.#at = Number.NaN
    this.#totals.forget()
  }

  /** Finds the rules that may hold: only where the short window burns in some region is anything read, all at once. */
  gather(at: EpochMs): void {
    this.#at = at
    this.shortBurns.fill(0)
    this.burns.fill(0)
    this.surelyBurns.fill(0)
    for (const [index, { windows }] of this.#regions.entries()) {
      const places = this.#placesIn[index]
      for (let found = 0; found < windows.burningCount; found++) {
        const slot = windows.burning[found]
        if (places[slot] >= 0) this.shortBurns[places[slot]] |= windows.shortBurns[slot]
      }
    }
    for (const rule of this.#rules) {
      this.#noteShorts(rule)
      if (this.#shorts.count > 0) this.#noteBurning(rule)
    }
  }

  /** Adds the events of one SLO in one window to two sums. */
  addEvents(place: number, window: number, sums: { bad: number; total: number }): void {
    for (const [index, { windows }] of this.#regions.entries()) {
      const slot = this.#slotsIn[index][place]
      if (slot >= 0) windows.addEvents(slot, window, sums)
    }
  }

  /** All events of each SLO in one window, in all its regions. */
  totalsIn(window: number): Float64Array {
    return this.#totals.of(window, this.#at, (counts) => {
      counts.fill(0)
      for (const [index, { windows }] of this.#regions.entries()) {
        const totals = windows.totalsIn(window)
        const places = this.#placesIn[index]
        for (let slot = 0; slot < places.length; slot++) if (places[slot] >= 0) counts[places[slot]] += totals[slot]
      }
    })
  }

  #noteShorts({ bit, short, classes }: ClassesRule): void {
    const shorts = this.#shorts
    const shortBurns = this.shortBurns
    shorts.count = 0
    const words = this.#shortWords
    for (let word = 0; word < words.length; word++) {
      if (words[word] === 0) continue
      const from = word * bytesPerWord
      const to = Math.min(from + bytesPerWord, shortBurns.length)
      for (let place = from; place < to; place++) {
        if ((shortBurns[place] & bit) !== 0 && classes[this.#classPlaces[place]] === 1) pushPlace(shorts, place)
      }
    }
    this.#addListed(shorts, short)
  }

  #noteBurning({ bit, long, ratio }: ClassesRule): void {
    const shorts = this.#shorts
    const longs = this.#longs
    longs.count = 0
    for (let index = 0; index < shorts.count; index++) {
      if (!isBurning(shorts.bad[index], shorts.total[index], ratio)) continue
      this.#shortOf[longs.count] = index
      pushPlace(longs, shorts.places[index])
    }
    this.#addListed(longs, long)
    noteBothBurn(shorts, this.#shortOf, longs, { bit, ratio }, this)
  }

  #addListed(sums: EventSums, window: number): void {
    if (sums.count === 0) return
    for (const [index, { windows }] of this.#regions.entries()) windows.addListed(sums, window, this.#slotsIn[index])
  }
}
