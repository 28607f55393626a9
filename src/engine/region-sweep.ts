import { defaultDataPolicy } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { PastTraffic, pastTrafficMs } from './past-traffic.ts'
import { isSilentForGood, regionsOf } from './read-scope.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'
import { RegionSights, sight } from './region-sights.ts'
import { RegionWindows } from './region-windows.ts'
import { SetPlaces, sweepBytes, sweepBytesOf } from './sweep-bytes.ts'
import type { SweepClass, SweepClasses } from './sweep-class.ts'
import { SweepEvidence } from './sweep-evidence.ts'
import { eventPlaces, isPlainlyJudged, takesUnseen, type Validity } from './sweep-place.ts'
import { type LoudSlo, openKind, ticketMayOpen } from './sweep-step.ts'
import { Verdicts } from './verdicts.ts'

/**
 * All SLOs of one region, judged side by side from typed arrays: nearly always nothing is the matter with nearly all of them.
 * Those with which something may be are answered, to be judged one by one; nothing that is decided depends on which way an SLO goes.
 */
export class RegionSweep {
  readonly region: RegionCounts
  readonly validity: Validity = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }
  readonly slots: readonly SloCounts[]
  readonly classes: readonly (SweepClass | undefined)[]
  readonly windows: RegionWindows
  /** Evidence, with the events of the step. */
  readonly evidence: SweepEvidence
  readonly #sights: RegionSights
  /** Whether all are seen up to now, and none is late. */
  isAllWhole = false
  readonly #counting: Counting
  readonly #gates: EvidenceGates
  readonly #traffic: PastTraffic
  readonly #composites: readonly CompiledSlo[]
  readonly #plus: Int32Array
  readonly #minus: Int32Array
  readonly #total: Int32Array
  readonly #areGrowing: Uint8Array
  readonly #takes: Uint8Array
  readonly #forgetMs: Float64Array
  /** Whether older counts may be asked of the days; once those of an SLO are not, they stay so under its rules. */
  readonly #needsDays: Uint8Array
  readonly #open: Uint8Array<ArrayBuffer>
  readonly #slotOf = new Map<string, number>()
  #preparedAt: EpochMs = Number.NaN
  /** Those that are judged one by one, and those whose evidence something may become of at this step. */
  readonly #isRestless: Uint8Array<ArrayBuffer>
  /** Those of which something is open, burns or is restless. */
  readonly #stirring: SetPlaces
  readonly #verdicts: Verdicts

  constructor(counting: Counting, gates: EvidenceGates, region: RegionCounts, classes: SweepClasses, at: EpochMs) {
    region.reuseSeen()
    this.#counting = counting
    this.#gates = gates
    this.region = region
    this.slots = [...region.slos.values()]
    const { length } = this.slots
    this.#plus = new Int32Array(length)
    this.#minus = new Int32Array(length)
    this.#total = new Int32Array(length)
    this.#areGrowing = new Uint8Array(length)
    this.#takes = new Uint8Array(length)
    this.#forgetMs = new Float64Array(length)
    this.#needsDays = new Uint8Array(length).fill(1)
    this.#open = sweepBytes(length)
    this.#verdicts = new Verdicts(length)
    this.#traffic = new PastTraffic(region.history)
    this.#composites = [...counting.slos.values()].filter(
      (compiled) => compiled.slo.indicator.kind === 'composite' && regionsOf(counting, compiled).includes(region),
    )
    this.classes = this.slots.map((slot, index) => this.#place(slot, index, classes, at))
    this.#isRestless = sweepBytesOf(this.classes.map((known) => (known === undefined ? 1 : 0)))
    this.#sights = new RegionSights({
      seenTable: region.seenTable,
      seen: Int32Array.from(this.slots, ({ seen }) => seen.base),
      darkAfterMs: Float64Array.from(this.classes, (known) => known?.gate?.darkAfterMs ?? Number.POSITIVE_INFINITY),
      stepMs: counting.stepMs,
      isGone: (slot, until, asOf) => this.#isGone(slot, until, asOf),
    })
    const columns = { plus: this.#plus, minus: this.#minus, total: this.#total }
    this.windows = new RegionWindows(region.history, columns, this.#areGrowing, classes.windows, this.classes)
    this.#stirring = new SetPlaces(this.#open, this.windows.burns, this.#isRestless)
    this.evidence = new SweepEvidence(gates, {
      scope: region.region,
      slos: this.slots.map(({ compiled }) => compiled),
      classes: this.classes,
      stepMs: counting.stepMs,
      addTotals: (sums, window) => this.windows.addTotals(sums, window),
    })
  }

  /** The sight of each SLO. */
  get sights(): Uint8Array {
    return this.#sights.sights
  }

  /** Where an SLO stands; undefined where it is not counted. */
  slotOf(id: string): number | undefined {
    return this.#slotOf.get(id)
  }

  /** Counts changed: what was prepared is out of date. */
  forget(): void {
    this.#preparedAt = Number.NaN
    this.windows.forget()
    this.#traffic.forget()
  }

  /** No alert is open any more, as far as is known. */
  clearAlerts(): void {
    this.#open.fill(0)
  }

  setAlert(slo: string, kind: number, mask: number): void {
    const slot = this.#slotOf.get(slo)
    if (slot !== undefined) this.#open[slot] = (this.#open[slot] & ~mask) | kind
  }

  /** Looks at all SLOs as of a moment. */
  prepare(at: EpochMs): void {
    if (at === this.#preparedAt) return
    this.#preparedAt = at
    this.isAllWhole = false
    if (!this.windows.prepare(at)) {
      this.#sights.clear()
      return
    }
    this.isAllWhole = this.#sights.look(at)
    const { isGated, bad, total } = this.evidence
    if (isGated) this.windows.eventsWithin(this.#counting.stepMs, bad, total)
  }

  /** Weighs the evidence of every SLO that is seen, and answers those that must be judged one by one. */
  loud(at: EpochMs, isAssumedEmpty: boolean): readonly LoudSlo[] {
    const verdicts = this.#verdicts
    const { evidence } = this
    const weighs = evidence.begin(at)
    verdicts.count = 0
    const isPlain = this.isAllWhole && isAssumedEmpty
    evidence.markRestless(this.#isRestless, isPlain && weighs)
    if (isPlain) {
      const { places } = this.#stirring
      const count = this.#stirring.list()
      for (let index = 0; index < count; index++) this.#judge(places[index], isAssumedEmpty, weighs)
    } else {
      for (let slot = 0; slot < this.slots.length; slot++) {
        if (!this.#passesOver(slot, isAssumedEmpty)) this.#judge(slot, isAssumedEmpty, weighs)
      }
    }
    evidence.weigh(at)
    const loud: LoudSlo[] = []
    for (let place = 0; place < verdicts.count; place++) {
      const slot = verdicts.slots[place]
      const isWeighed = verdicts.isWeighed[place] === 1
      if (!isWeighed || this.#isLoudByEvidence(slot)) loud.push({ compiled: this.slots[slot].compiled, isWeighed })
    }
    for (const compiled of this.#composites) loud.push({ compiled, isWeighed: false })
    return loud
  }

  /** Notes what is to become of an SLO that something may be the matter with: it is judged by itself, or its evidence is weighed. */
  #judge(slot: number, isAssumedEmpty: boolean, weighs: boolean): void {
    const known = this.classes[slot]
    const { evidence } = this
    if (known !== undefined && this.sights[slot] === sight.whole && (isAssumedEmpty || this.#takes[slot] === 0)) {
      if (known.gate === undefined) {
        if (this.#isLoud(slot, known)) this.#verdicts.add(slot, 0)
        return
      }
      if (weighs && evidence.hasRow(slot)) {
        this.#verdicts.add(slot, 1)
        evidence.push(slot)
        return
      }
    }
    this.#verdicts.add(slot, 0)
    evidence.wake(slot)
  }

  /** Whether so many events came within the last minutes that traffic cannot be gone, whatever was usual in past weeks. */
  hasTraffic(slot: number, at: EpochMs): boolean {
    if (this.#needsDays[slot] === 1) {
      const { days } = this.slots[slot]
      if (days.takesOver(at - pastTrafficMs, this.region.inMemorySince) !== Number.NEGATIVE_INFINITY) return false
      if (!days.isAskedForOld) this.#needsDays[slot] = 0
    }
    return this.#traffic.isThere(this.#total[slot], at)
  }

  #place(counts: SloCounts, slot: number, classes: SweepClasses, at: EpochMs): SweepClass | undefined {
    const { compiled, columns } = counts
    const { slo, id } = compiled
    this.#slotOf.set(id, slot)
    this.#takes[slot] = takesUnseen(slo) ? 1 : 0
    const isExpected = slo.regions.expected.includes(this.region.region)
    this.#forgetMs[slot] = isExpected ? Number.POSITIVE_INFINITY : (slo.data ?? defaultDataPolicy).forgetRegionAfterMs
    const places = eventPlaces(compiled, columns)
    if (places === undefined) return undefined
    this.#plus[slot] = places.plus
    this.#minus[slot] = places.minus
    this.#total[slot] = places.total
    this.#areGrowing[slot] = places.areGrowing ? 1 : 0
    const gates = this.#gates.slos.get(id)
    if (!isPlainlyJudged(this.#counting, this.region, counts, at, this.validity)) return undefined
    // Evidence of which nothing is known yet begins with the first reading.
    if (compiled.evidence !== undefined && gates === undefined) return undefined
    return classes.of(compiled, gates, at)
  }

  /** Whether nothing can be the matter with an SLO at this step, and nothing of it changes either. */
  #passesOver(slot: number, isAssumedEmpty: boolean): boolean {
    if (this.sights[slot] !== sight.whole || this.#open[slot] !== 0 || this.windows.burns[slot] !== 0) return false
    if (!isAssumedEmpty && this.#takes[slot] === 1) return false
    return this.#isRestless[slot] === 0 && this.#sights.isLate[slot] === 0
  }

  #isGone(slot: number, until: EpochMs, at: EpochMs): boolean {
    if (!Number.isNaN(until)) return at - until > this.#forgetMs[slot]
    return isSilentForGood(this.slots[slot].compiled, this.region, at)
  }

  #isLoud(slot: number, known: SweepClass): boolean {
    const { burns, surelyBurns } = this.windows
    return openKind.mayMove(this.#open[slot], burns[slot], surelyBurns[slot], known)
  }

  /** The same of an SLO whose evidence was weighed. */
  #isLoudByEvidence(slot: number): boolean {
    if ((this.#open[slot] | this.#sights.isLate[slot] | this.evidence.hasCrossed[slot]) !== 0) return true
    return this.windows.burns[slot] !== 0 && this.#ticketMayOpen(slot)
  }

  #ticketMayOpen(slot: number): boolean {
    const known = this.classes[slot]
    const gate = known?.gate
    if (known === undefined || gate === undefined) return true
    return ticketMayOpen(known, gate, this.windows.burns[slot], (window, sums) =>
      this.windows.addEvents(slot, window, sums),
    )
  }
}
