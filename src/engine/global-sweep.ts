import { globalScope, type Slo } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { GlobalWindows } from './global-windows.ts'
import { sight } from './region-sights.ts'
import type { RegionSweep } from './region-sweep.ts'
import { SetPlaces, sweepBytes, sweepBytesOf } from './sweep-bytes.ts'
import type { SweepClass, SweepClasses } from './sweep-class.ts'
import { SweepEvidence } from './sweep-evidence.ts'
import { type LoudSlo, openKind, ticketMayOpen } from './sweep-step.ts'
import { Verdicts } from './verdicts.ts'

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
  readonly #open: Uint8Array<ArrayBuffer>
  readonly #isUnseen: Uint8Array
  readonly #isLiving: Uint8Array
  readonly #isGone: Uint8Array
  readonly #lacksRegion: Uint8Array
  readonly #lacksAnyRegion: boolean
  #gatheredAt: EpochMs = Number.NaN
  readonly #windows: GlobalWindows
  readonly #evidence: SweepEvidence
  /** Those that are judged one by one, and those whose evidence something may become of at this step. */
  readonly #isRestless: Uint8Array<ArrayBuffer>
  /** Those of which something is open, burns or is restless. */
  readonly #stirring: SetPlaces
  /** Whether all SLOs are seen in all regions. */
  #isAllWhole = false
  /** By region: whether its SLOs are all SLOs, in the same order. */
  readonly #isWhole: readonly boolean[]
  readonly #verdicts: Verdicts

  constructor(
    counting: Counting,
    gates: EvidenceGates,
    regions: readonly RegionSweep[],
    classes: SweepClasses,
    at: EpochMs,
  ) {
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
    this.#isRestless = sweepBytesOf(this.#classes.map((known) => (known === undefined ? 1 : 0)))
    this.#isWhole = this.#placesIn.map(
      (places) => places.length === length && places.every((place, slot) => place === slot),
    )
    this.#open = sweepBytes(length)
    this.#isUnseen = new Uint8Array(length)
    this.#isLiving = new Uint8Array(length)
    this.#isGone = new Uint8Array(length)
    this.#lacksRegion = Uint8Array.from(this.#slos, ({ slo }, place) => (this.#lacks(slo, place) ? 1 : 0))
    this.#lacksAnyRegion = this.#lacksRegion.some((lacks, place) => lacks === 1 && this.#hasData[place] === 1)
    this.#windows = new GlobalWindows(regions, this.#placesIn, this.#slotsIn, this.#classes)
    this.#stirring = new SetPlaces(this.#open, this.#windows.burns, this.#isRestless)
    this.#evidence = new SweepEvidence(gates, {
      scope: globalScope,
      slos: this.#slos,
      classes: this.#classes,
      stepMs: counting.stepMs,
      addTotals: (sums, window) => this.#windows.addTotals(sums, window),
    })
    this.#verdicts = new Verdicts(length)
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
    const verdicts = this.#verdicts
    const evidence = this.#evidence
    const weighs = evidence.begin(at)
    verdicts.count = 0
    evidence.markRestless(this.#isRestless, this.#isAllWhole && weighs)
    if (this.#isAllWhole) {
      const { places } = this.#stirring
      const count = this.#stirring.list()
      for (let index = 0; index < count; index++)
        if (this.#isScope[places[index]] === 1) this.#judge(places[index], weighs)
    } else {
      for (let place = 0; place < this.#slos.length; place++) if (!this.#passesOver(place)) this.#judge(place, weighs)
    }
    evidence.weigh(at)
    const loud: LoudSlo[] = []
    for (let index = 0; index < verdicts.count; index++) {
      const place = verdicts.slots[index]
      const isWeighed = verdicts.isWeighed[index] === 1
      if (!isWeighed || this.#isLoudByEvidence(place)) loud.push({ compiled: this.#slos[place], isWeighed })
    }
    return loud
  }

  /** Notes what is to become of an SLO that something may be the matter with: it is judged by itself, or its evidence is weighed. */
  #judge(place: number, weighs: boolean): void {
    const known = this.#classes[place]
    const evidence = this.#evidence
    if (known !== undefined && this.#isUnseen[place] === 0 && this.#isLiving[place] === 1) {
      if (known.gate === undefined) {
        if (this.#isLoud(place, known)) this.#verdicts.add(place, 0)
        return
      }
      if (weighs && evidence.hasRow(place)) {
        this.#verdicts.add(place, 1)
        evidence.push(place)
        return
      }
    }
    this.#verdicts.add(place, 0)
    evidence.wake(place)
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
      hasTraffic: (place) => this.#classes[place] !== undefined && this.#hasTraffic(place, at),
    }
  }

  #hasTraffic(place: number, at: EpochMs): boolean {
    for (let index = 0; index < this.#regions.length; index++) {
      const slot = this.#slotsIn[index][place]
      if (slot >= 0 && !this.#regions[index].hasTraffic(slot, at)) return false
    }
    return true
  }

  /** Forgets what was gathered, because samples may have come. */
  forget(): void {
    this.#gatheredAt = Number.NaN
  }

  #isAllSeen(): boolean {
    if (this.#isAllWhole) return !this.#lacksAnyRegion
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
    if (this.#open[place] !== 0 || this.#windows.burns[place] !== 0) return false
    return this.#isRestless[place] === 0
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
    this.#isAllWhole = this.#regions.length > 0
    const { isGated, bad, total } = this.#evidence
    bad.fill(0)
    total.fill(0)
    for (const [index, region] of this.#regions.entries()) {
      region.prepare(at)
      const places = this.#placesIn[index]
      this.#gatherSights(index, region, places)
      if (isGated && region.evidence.isGated) this.#gatherEvents(region.evidence, places)
    }
    this.#windows.gather()
  }

  #gatherSights(index: number, { sights, isAllWhole }: RegionSweep, places: Int32Array): void {
    if (isAllWhole && this.#isWhole[index]) {
      this.#isLiving.fill(1)
      return
    }
    this.#isAllWhole = false
    for (let slot = 0; slot < places.length; slot++) {
      const place = places[slot]
      if (place < 0) continue
      if (sights[slot] === sight.whole) this.#isLiving[place] = 1
      else if (sights[slot] === sight.unseen) this.#isUnseen[place] = 1
      else this.#isGone[place] = 1
    }
  }

  #gatherEvents({ bad: stepBad, total: stepTotal }: SweepEvidence, places: Int32Array): void {
    const { bad, total } = this.#evidence
    for (let slot = 0; slot < places.length; slot++) {
      const place = places[slot]
      if (place < 0) continue
      bad[place] += stepBad[slot]
      total[place] += stepTotal[slot]
    }
  }

  #isLoud(place: number, known: SweepClass): boolean {
    const { burns, surelyBurns } = this.#windows
    return openKind.mayMove(this.#open[place], burns[place], surelyBurns[place], known)
  }

  /** The same of an SLO whose evidence was weighed. */
  #isLoudByEvidence(place: number): boolean {
    if ((this.#open[place] | this.#evidence.hasCrossed[place]) !== 0) return true
    return this.#windows.burns[place] !== 0 && this.#ticketMayOpen(place)
  }

  #ticketMayOpen(place: number): boolean {
    const known = this.#classes[place]
    const gate = known?.gate
    if (known === undefined || gate === undefined) return true
    return ticketMayOpen(known, gate, this.#windows.burns[place], (window, sums) =>
      this.#windows.addEvents(place, window, sums),
    )
  }
}
