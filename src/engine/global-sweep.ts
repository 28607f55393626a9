import { column } from '../core/evidence/evidence-table.ts'
import { globalScope, type Slo } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { type RegionSweep, sight } from './region-sweep.ts'
import { type ClassesRule, rulesByShort, type SweepClass, type SweepClasses } from './sweep-class.ts'
import { isBurning, isSurelyBurning, type LoudSlo, openKind, stepRow, ticketMayOpen } from './sweep-step.ts'
import { type EventSums, eventSums, pushPlace } from './sweep-windows.ts'
import { clumping } from './weigh-step.ts'
import type { SloGates } from './weighed.ts'

/** What can be said of SLOs without reading them, by their place in the order of all. */
export interface Overview {
  /** Whether every SLO is seen everywhere. */
  readonly isAllSeen: boolean
  /** Whether it is seen up to now in every region where it is counted or expected, and is so in any. */
  readonly isSeenEverywhere: (place: number) => boolean
  /** Whether its traffic is surely not gone in any region. */
  readonly hasTraffic: (place: number) => boolean
}

/**
 * The global scopes of all SLOs, judged side by side from what was found in their regions. Events of several regions burn no
 * faster together than those of the region that burns fastest, so that rules which hold in no region need no look.
 */
export class GlobalSweep {
  readonly #counting: Counting
  readonly #gates: EvidenceGates
  readonly #regions: readonly RegionSweep[]
  /** All SLOs, in their order; not all of them have a global scope. */
  readonly #slos: readonly CompiledSlo[]
  readonly #isScope: Uint8Array
  readonly #hasData: Uint8Array
  readonly #placeOf = new Map<string, number>()
  readonly #classes: readonly (SweepClass | undefined)[]
  /** By region: the place of each SLO counted there; −1 where it has no global scope. */
  readonly #placesIn: readonly Int32Array[]
  /** By region: where each SLO is counted there; −1 where it is not. */
  readonly #slotsIn: readonly Int32Array[]
  readonly #rows: Int32Array
  readonly #open: Uint8Array
  readonly #isUnseen: Uint8Array
  readonly #isLiving: Uint8Array
  readonly #isGone: Uint8Array
  readonly #lacksRegion: Uint8Array
  #gatheredAt: EpochMs = Number.NaN
  readonly #shortBurns: Uint8Array
  readonly #burns: Uint8Array
  readonly #surelyBurns: Uint8Array
  readonly #rules: readonly ClassesRule[]
  readonly #classPlaces: Int32Array
  /** Those of which the short window of a rule burns in some region, and their events; then of those that burn, in the long one. */
  readonly #shorts: EventSums
  readonly #longs: EventSums
  readonly #shortOf: Int32Array
  /** All events by window, and as of when. */
  readonly #totals = new Map<number, { readonly counts: Float64Array; at: EpochMs }>()
  readonly #bad: Float64Array
  readonly #total: Float64Array
  readonly #worth: Float64Array
  readonly #clumpMs: Float64Array
  readonly #isGated: boolean
  /** Those that are never passed over: they are judged one by one, or their evidence is weighed. */
  readonly #isWatched: Uint8Array
  /** Those of whose evidence nothing is left, so that nothing changes while nothing fails. */
  readonly #isQuiet: Uint8Array
  /** By region: whether its SLOs are all SLOs, in the same order. */
  readonly #isWhole: readonly boolean[]
  /** What is known of how the failures of each clump was read under this version. */
  readonly #learnedVersions: Float64Array
  readonly #sloGates: readonly (SloGates | undefined)[]
  #rolledBack = -1

  constructor(
    counting: Counting,
    gates: EvidenceGates,
    regions: readonly RegionSweep[],
    classes: SweepClasses,
    at: EpochMs,
  ) {
    this.#counting = counting
    this.#gates = gates
    this.#regions = regions
    this.#slos = [...counting.slos.values()]
    this.#isScope = Uint8Array.from(this.#slos, ({ slo }) => (slo.regions.global === 'none' ? 0 : 1))
    this.#hasData = Uint8Array.from(this.#slos, ({ slo }) => (slo.indicator.kind === 'composite' ? 0 : 1))
    const { length } = this.#slos
    for (const [place, { id }] of this.#slos.entries()) this.#placeOf.set(id, place)
    this.#placesIn = regions.map(({ slots }) =>
      Int32Array.from(slots, ({ compiled }) => this.#placeOf.get(compiled.id) ?? -1),
    )
    this.#slotsIn = regions.map((region) => Int32Array.from(this.#slos, ({ id }) => region.slotOf(id) ?? -1))
    this.#classes = this.#slos.map((compiled, place) => this.#classOf(compiled, place, classes, at))
    this.#isGated = this.#classes.some((known) => known?.gate !== undefined)
    this.#isWatched = Uint8Array.from(this.#classes, (known) =>
      known === undefined || known.gate !== undefined ? 1 : 0,
    )
    this.#isQuiet = new Uint8Array(length)
    this.#isWhole = this.#placesIn.map(
      (places) => places.length === length && places.every((place, slot) => place === slot),
    )
    this.#rows = Int32Array.from(this.#slos, ({ id }) => gates.slos.get(id)?.rows.get(globalScope) ?? -1)
    this.#open = new Uint8Array(length)
    this.#isUnseen = new Uint8Array(length)
    this.#isLiving = new Uint8Array(length)
    this.#isGone = new Uint8Array(length)
    this.#lacksRegion = Uint8Array.from(this.#slos, ({ slo }, place) => (this.#lacks(slo, place) ? 1 : 0))
    this.#shortBurns = new Uint8Array(length)
    this.#burns = new Uint8Array(length)
    this.#surelyBurns = new Uint8Array(length)
    const different = [...new Set(this.#classes)]
    const classPlaces = new Map(different.map((known, place) => [known, place]))
    this.#classPlaces = Int32Array.from(this.#classes, (known) => classPlaces.get(known) ?? 0)
    this.#rules = [...rulesByShort(different).values()].flat()
    this.#shorts = eventSums(length)
    this.#longs = eventSums(length)
    this.#shortOf = new Int32Array(length)
    this.#bad = new Float64Array(length)
    this.#total = new Float64Array(length)
    this.#worth = new Float64Array(length)
    this.#clumpMs = new Float64Array(length)
    this.#learnedVersions = new Float64Array(length).fill(-1)
    this.#sloGates = this.#slos.map(({ id }) => gates.slos.get(id))
  }

  /** No alert is open any more, as far as is known. */
  clearAlerts(): void {
    this.#open.fill(0)
  }

  setAlert(slo: string, kind: number, mask: number): void {
    const place = this.#placeOf.get(slo)
    if (place !== undefined) this.#open[place] = (this.#open[place] & ~mask) | kind
  }

  /** Weighs the evidence of every SLO that is seen in all its regions, and answers those that must be judged one by one. */
  loud(at: EpochMs): readonly LoudSlo[] {
    this.#gather(at)
    const loud: LoudSlo[] = []
    const weighs = this.#isGated && this.#gates.enter(globalScope, at)
    const { rolledBack } = this.#gates
    if (!weighs || rolledBack !== this.#rolledBack) this.#isQuiet.fill(0)
    this.#rolledBack = rolledBack
    const { length } = this.#slos
    for (let place = 0; place < length; place++) {
      if (this.#passesOver(place)) continue
      const known = this.#classes[place]
      this.#isQuiet[place] = 0
      let isLoud = known === undefined || this.#isUnseen[place] === 1 || this.#isLiving[place] === 0
      let isWeighed = false
      if (!isLoud && known !== undefined) {
        if (known.gate === undefined) isLoud = this.#isLoud(place, known)
        else if (!weighs || this.#rows[place] < 0) isLoud = true
        else {
          isLoud = this.#weigh(place, known, at)
          isWeighed = true
          if (!isLoud) this.#noteQuiet(place, known)
        }
      }
      if (isLoud) loud.push({ compiled: this.#slos[place], isWeighed })
    }
    return loud
  }

  /** What is known without reading any SLO; undefined where the regions were not looked at as of this moment. */
  overview(at: EpochMs): Overview | undefined {
    if (this.#gatheredAt !== at) return undefined
    const isSeenEverywhere = (place: number) =>
      this.#isLiving[place] === 1 &&
      this.#isUnseen[place] === 0 &&
      this.#isGone[place] === 0 &&
      this.#lacksRegion[place] === 0
    return {
      isAllSeen: this.#isAllSeen(),
      isSeenEverywhere,
      hasTraffic: (place) =>
        this.#classes[place] !== undefined &&
        this.#regions.every((region, index) => {
          const slot = this.#slotsIn[index][place]
          return slot < 0 || region.hasTraffic(slot, at)
        }),
    }
  }

  /** Forgets what was gathered, because samples may have come. */
  forget(): void {
    this.#gatheredAt = Number.NaN
    for (const each of this.#totals.values()) each.at = Number.NaN
  }

  #isAllSeen(): boolean {
    const hasData = this.#hasData
    const isLiving = this.#isLiving
    const isUnseen = this.#isUnseen
    const isGone = this.#isGone
    const lacksRegion = this.#lacksRegion
    for (let place = 0; place < hasData.length; place++) {
      if (hasData[place] === 0) continue
      if (isLiving[place] === 0 || (isUnseen[place] | isGone[place] | lacksRegion[place]) !== 0) return false
    }
    return true
  }

  /** Whether nothing can be the matter with an SLO at this step, and nothing of it changes either; what is no scope is never looked at. */
  #passesOver(place: number): boolean {
    if (this.#isScope[place] === 0) return true
    if (this.#isUnseen[place] === 1 || this.#isLiving[place] === 0) return false
    if (this.#open[place] !== 0 || this.#shortBurns[place] !== 0) return false
    return this.#isWatched[place] === 0 || (this.#isQuiet[place] === 1 && this.#bad[place] === 0)
  }

  /** After its step was weighed: whether anything can come of an SLO's evidence before something fails. */
  #noteQuiet(place: number, { gate }: SweepClass): void {
    const { cells } = this.#gates.table
    const base = this.#rows[place]
    if (gate === undefined || cells[base + column.isAny] === 1) return
    if (cells[base + column.recovery] >= 2 * gate.terms.recoveryNeeded) this.#isQuiet[place] = 1
  }

  #lacks({ regions }: Slo, place: number): boolean {
    return this.#regions.some(
      ({ region }, index) => this.#slotsIn[index][place] < 0 && regions.expected.includes(region.region),
    )
  }

  /** Only plain sums of regions that are judged alike can be judged together. */
  #classOf(compiled: CompiledSlo, place: number, classes: SweepClasses, at: EpochMs): SweepClass | undefined {
    const { slo, id } = compiled
    if (slo.regions.global === 'none') return undefined
    if (slo.indicator.kind === 'composite' || slo.regions.global !== 'events') return undefined
    const gates = this.#gates.slos.get(id)
    // Where there are no regions that are scopes, the global one says how failures clump.
    if (compiled.evidence !== undefined && (gates === undefined || gates.rows.size < 2)) return undefined
    const own = classes.of(compiled, gates, at)
    let counted = 0
    for (const [index, region] of this.#regions.entries()) {
      const slot = this.#slotsIn[index][place]
      if (slot < 0) {
        if (slo.regions.expected.includes(region.region.region)) return undefined
        continue
      }
      counted++
      if (region.slots[slot].compiled !== compiled || region.classes[slot] !== own) return undefined
    }
    return counted === 0 ? undefined : own
  }

  /** Collects what is known of the regions, which are looked at as of the moment where they were not yet. */
  #gather(at: EpochMs): void {
    this.#isUnseen.fill(0)
    this.#isLiving.fill(0)
    this.#isGone.fill(0)
    this.#gatheredAt = at
    this.#shortBurns.fill(0)
    this.#bad.fill(0)
    this.#total.fill(0)
    for (const [index, region] of this.#regions.entries()) {
      region.prepare(at)
      const places = this.#placesIn[index]
      this.#gatherSights(index, region, places)
      for (let found = 0; found < region.burningCount; found++) {
        const slot = region.burning[found]
        if (places[slot] >= 0) this.#shortBurns[places[slot]] |= region.shortBurns[slot]
      }
      if (this.#isGated && region.stepBad.length > 0) this.#gatherEvents(region, places)
    }
    this.#findBurning()
  }

  #gatherSights(index: number, { sights, isAllWhole }: RegionSweep, places: Int32Array): void {
    if (isAllWhole && this.#isWhole[index]) {
      this.#isLiving.fill(1)
      return
    }
    for (let slot = 0; slot < places.length; slot++) {
      const place = places[slot]
      if (place < 0) continue
      if (sights[slot] === sight.whole) this.#isLiving[place] = 1
      else if (sights[slot] === sight.unseen) this.#isUnseen[place] = 1
      else this.#isGone[place] = 1
    }
  }

  #gatherEvents({ stepBad, stepTotal }: RegionSweep, places: Int32Array): void {
    const bad = this.#bad
    const total = this.#total
    for (let slot = 0; slot < places.length; slot++) {
      const place = places[slot]
      if (place < 0) continue
      bad[place] += stepBad[slot]
      total[place] += stepTotal[slot]
    }
  }

  #addEvents(place: number, window: number, sums: { bad: number; total: number }): void {
    for (let index = 0; index < this.#regions.length; index++) {
      const slot = this.#slotsIn[index][place]
      if (slot >= 0) this.#regions[index].addEvents(slot, window, sums)
    }
  }

  #isLoud(place: number, known: SweepClass): boolean {
    return openKind.mayMove(this.#open[place], this.#burns[place], this.#surelyBurns[place], known)
  }

  /** Finds the rules that may hold: only where the short window burns in some region is anything read, all at once. */
  #findBurning(): void {
    this.#burns.fill(0)
    this.#surelyBurns.fill(0)
    for (const rule of this.#rules) {
      this.#noteShorts(rule)
      if (this.#shorts.count > 0) this.#noteBurning(rule)
    }
  }

  #noteShorts({ bit, short, classes }: ClassesRule): void {
    const shorts = this.#shorts
    const shortBurns = this.#shortBurns
    shorts.count = 0
    for (let place = 0; place < shortBurns.length; place++) {
      if ((shortBurns[place] & bit) !== 0 && classes[this.#classPlaces[place]] === 1) pushPlace(shorts, place)
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
    for (let index = 0; index < longs.count; index++) {
      if (!isBurning(longs.bad[index], longs.total[index], ratio)) continue
      const place = longs.places[index]
      this.#burns[place] |= bit
      const short = this.#shortOf[index]
      const isSure = isSurelyBurning(shorts.bad[short], shorts.total[short], ratio)
      if (isSure && isSurelyBurning(longs.bad[index], longs.total[index], ratio)) this.#surelyBurns[place] |= bit
    }
  }

  #addListed(sums: EventSums, window: number): void {
    if (sums.count === 0) return
    for (const [index, region] of this.#regions.entries()) region.addListed(sums, window, this.#slotsIn[index])
  }

  /** All events of each SLO in one window, in all its regions. */
  #totalsIn(window: number): Float64Array {
    const known = this.#totals.get(window) ?? { counts: new Float64Array(this.#slos.length), at: Number.NaN }
    if (known.at === this.#gatheredAt) return known.counts
    this.#totals.set(window, known)
    known.at = this.#gatheredAt
    const { counts } = known
    counts.fill(0)
    for (const [index, region] of this.#regions.entries()) {
      const totals = region.totalsIn(window)
      const places = this.#placesIn[index]
      for (let slot = 0; slot < places.length; slot++) if (places[slot] >= 0) counts[places[slot]] += totals[slot]
    }
    return counts
  }

  #weigh(place: number, known: SweepClass, at: EpochMs): boolean {
    const { gate } = known
    if (gate === undefined) return true
    const { table } = this.#gates
    const base = this.#rows[place]
    const bad = this.#bad[place] * gate.perEvent
    const total = this.#total[place] * gate.perEvent
    const isClumped = bad > 0 && gate.clumpsRatio * this.#totalsIn(gate.clumpsWindow)[place] < gate.clumpsBelow
    if (this.#learnedVersions[place] !== this.#gates.learnedVersion) this.#learn(place, at)
    const { stepMs } = this.#counting
    stepRow(table, base, gate, at, stepMs, bad, total, this.#worth[place], this.#clumpMs[place], isClumped, false)
    if (this.#open[place] !== 0) return true
    const crossedAt = table.cells[base + column.crossedAt]
    if (crossedAt > table.cells[base + column.clearedAt] && at - crossedAt <= gate.crossedWithinMs) return true
    const burns = this.#burns[place]
    return burns !== 0 && ticketMayOpen(known, gate, burns, (window, sums) => this.#addEvents(place, window, sums))
  }

  #learn(place: number, at: EpochMs): void {
    const { evidence } = this.#slos[place]
    const slo = this.#sloGates[place]
    if (slo === undefined || evidence === undefined) return
    const { worth, lengthMs } = clumping(this.#gates.weighedOf(evidence, slo, this.#rows[place]), at)
    this.#worth[place] = worth
    this.#clumpMs[place] = lengthMs
    this.#learnedVersions[place] = this.#gates.learnedVersion
  }
}
