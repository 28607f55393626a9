import { staleAfterMinMs } from '../core/model/limits.ts'
import { defaultDataPolicy } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import { staleAfter } from '../core/series/seen-intervals.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { PastTraffic, pastTrafficMs } from './past-traffic.ts'
import { isForgotten, regionsOf } from './read-scope.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'
import { RegionWindows } from './region-windows.ts'
import { bytesPerWord, sweepBytes, sweepBytesOf, wordsOf } from './sweep-bytes.ts'
import type { SweepClass, SweepClasses } from './sweep-class.ts'
import { SweepEvidence } from './sweep-evidence.ts'
import { eventPlaces, isPlainlyJudged, takesUnseen, type Validity } from './sweep-place.ts'
import { type LoudSlo, openKind, ticketMayOpen } from './sweep-step.ts'
import { Verdicts } from './verdicts.ts'

/** How well an SLO is seen in a region: not up to now, up to now, or gone for good. */
export const sight = { unseen: 0, whole: 1, gone: 2 } as const

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
  /** The sight of each SLO. */
  readonly sights: Uint8Array
  /** Whether all are seen up to now. */
  isAllWhole = false
  readonly #counting: Counting
  readonly #gates: EvidenceGates
  readonly #traffic: PastTraffic
  readonly #composites: readonly CompiledSlo[]
  readonly #plus: Int32Array
  readonly #minus: Int32Array
  readonly #total: Int32Array
  readonly #seen: Int32Array
  readonly #takes: Uint8Array
  readonly #forgetMs: Float64Array
  readonly #open: Uint8Array<ArrayBuffer>
  readonly #slotOf = new Map<string, number>()
  #preparedAt: EpochMs = Number.NaN
  /** How long data of each may be missing before its region counts as dark for it. */
  readonly #darkAfterMs: Float64Array
  readonly #isLate: Uint8Array
  /** Those that are never passed over: they are judged one by one, or their evidence is weighed. */
  readonly #isWatched: Uint8Array<ArrayBuffer>
  /** What is open, what burns and who is watched, of several SLOs at once. */
  readonly #words: readonly [open: Int32Array, burns: Int32Array, watched: Int32Array]
  readonly #verdicts: Verdicts

  constructor(counting: Counting, gates: EvidenceGates, region: RegionCounts, classes: SweepClasses, at: EpochMs) {
    region.reuseSeen()
    this.#counting = counting
    this.#gates = gates
    this.region = region
    this.slots = [...region.slos.values()]
    const { length } = this.slots
    this.sights = new Uint8Array(length)
    this.#plus = new Int32Array(length)
    this.#minus = new Int32Array(length)
    this.#total = new Int32Array(length)
    this.#seen = new Int32Array(length)
    this.#takes = new Uint8Array(length)
    this.#forgetMs = new Float64Array(length)
    this.#open = sweepBytes(length)
    this.#isLate = new Uint8Array(length)
    this.#verdicts = new Verdicts(length)
    this.#traffic = new PastTraffic(region.history)
    this.#composites = [...counting.slos.values()].filter(
      (compiled) => compiled.slo.indicator.kind === 'composite' && regionsOf(counting, compiled).includes(region),
    )
    this.classes = this.slots.map((slot, index) => this.#place(slot, index, classes, at))
    this.#isWatched = sweepBytesOf(
      this.classes.map((known) => (known === undefined || known.gate !== undefined ? 1 : 0)),
    )
    this.#darkAfterMs = Float64Array.from(this.classes, (known) => known?.gate?.darkAfterMs ?? Number.POSITIVE_INFINITY)
    const columns = { plus: this.#plus, minus: this.#minus, total: this.#total }
    this.windows = new RegionWindows(region.history, columns, classes.windows, this.classes)
    this.#words = [wordsOf(this.#open), wordsOf(this.windows.burns), wordsOf(this.#isWatched)]
    this.evidence = new SweepEvidence(gates, {
      scope: region.region,
      slos: this.slots.map(({ compiled }) => compiled),
      classes: this.classes,
      stepMs: counting.stepMs,
      totalsIn: (window) => this.windows.totalsIn(window),
    })
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
      this.sights.fill(sight.unseen)
      return
    }
    this.#look(at)
    const { isGated, bad, total } = this.evidence
    if (isGated) this.windows.eventsWithin(this.#counting.stepMs, bad, total)
  }

  /** Weighs the evidence of every SLO that is seen, and answers those that must be judged one by one. */
  loud(at: EpochMs, isTakenEmpty: boolean): readonly LoudSlo[] {
    const verdicts = this.#verdicts
    const { evidence } = this
    const weighs = evidence.begin(at)
    verdicts.count = 0
    const [open, burns, watched] = this.#words
    const arePlain = this.isAllWhole && isTakenEmpty
    for (let word = 0; word < open.length; word++) {
      // Where nothing is set for any of them, nothing can be the matter with them.
      if (arePlain && (open[word] | burns[word] | watched[word]) === 0) continue
      this.#judge(word * bytesPerWord, isTakenEmpty, weighs)
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

  /** Notes what is to become of the SLOs of one word: those that something may be the matter with, and those whose evidence is to be weighed. */
  #judge(from: number, isTakenEmpty: boolean, weighs: boolean): void {
    const verdicts = this.#verdicts
    const { evidence } = this
    const to = Math.min(from + bytesPerWord, this.slots.length)
    for (let slot = from; slot < to; slot++) {
      if (this.#passesOver(slot, isTakenEmpty)) continue
      const known = this.classes[slot]
      if (known === undefined || this.sights[slot] !== sight.whole || (!isTakenEmpty && this.#takes[slot] === 1))
        verdicts.add(slot, 0)
      else if (known.gate === undefined) {
        if (this.#isLoud(slot, known)) verdicts.add(slot, 0)
      } else if (!weighs || !evidence.hasRow(slot)) verdicts.add(slot, 0)
      else {
        verdicts.add(slot, 1)
        evidence.push(slot)
        continue
      }
      evidence.wake(slot)
    }
  }

  /** Whether so many events came within the last minutes that traffic cannot be gone, whatever was usual in past weeks. */
  hasTraffic(slot: number, at: EpochMs): boolean {
    const { days } = this.slots[slot]
    if (days.takesOver(at - pastTrafficMs, this.region.inMemorySince) !== Number.NEGATIVE_INFINITY) return false
    return this.#traffic.isThere(this.#total[slot], at)
  }

  #place(counts: SloCounts, slot: number, classes: SweepClasses, at: EpochMs): SweepClass | undefined {
    const { compiled, columns, seen } = counts
    const { slo, id } = compiled
    this.#slotOf.set(id, slot)
    this.#seen[slot] = seen.base
    this.#takes[slot] = takesUnseen(slo) ? 1 : 0
    const isExpected = slo.regions.expected.includes(this.region.region)
    this.#forgetMs[slot] = isExpected ? Number.POSITIVE_INFINITY : (slo.data ?? defaultDataPolicy).forgetRegionAfterMs
    const places = eventPlaces(compiled, columns)
    if (places === undefined) return undefined
    this.#plus[slot] = places.plus
    this.#minus[slot] = places.minus
    this.#total[slot] = places.total
    const gates = this.#gates.slos.get(id)
    if (!isPlainlyJudged(this.#counting, this.region, counts, at, this.validity)) return undefined
    // Evidence of which nothing is known yet begins with the first reading.
    if (compiled.evidence !== undefined && gates === undefined) return undefined
    return classes.of(compiled, gates, at)
  }

  #look(at: EpochMs): void {
    const { cells } = this.region.seenTable
    const { sights } = this
    const seen = this.#seen
    const darkAfterMs = this.#darkAfterMs
    const isLate = this.#isLate
    const fresh = at - staleAfterMinMs
    let isAllWhole = true
    for (let slot = 0; slot < sights.length; slot++) {
      const until = cells[seen[slot] + 1]
      isLate[slot] = at - until >= darkAfterMs[slot] ? 1 : 0
      // Nothing is stale so soon, however often it comes.
      if (until >= fresh || at - until <= staleAfter(cells[seen[slot] + 2])) sights[slot] = sight.whole
      else {
        isAllWhole = false
        sights[slot] = this.#isGone(slot, until, at) ? sight.gone : sight.unseen
      }
    }
    this.isAllWhole = isAllWhole
  }

  /** Whether nothing can be the matter with an SLO at this step, and nothing of it changes either. */
  #passesOver(slot: number, isTakenEmpty: boolean): boolean {
    if (this.sights[slot] !== sight.whole || this.#open[slot] !== 0 || this.windows.burns[slot] !== 0) return false
    if (!isTakenEmpty && this.#takes[slot] === 1) return false
    return this.#isWatched[slot] === 0 || (this.evidence.isQuiet(slot) && this.#isLate[slot] === 0)
  }

  #isGone(slot: number, until: EpochMs, at: EpochMs): boolean {
    if (!Number.isNaN(until)) return at - until > this.#forgetMs[slot]
    return isForgotten(this.slots[slot].compiled, this.region, at)
  }

  #isLoud(slot: number, known: SweepClass): boolean {
    const { burns, surelyBurns } = this.windows
    return openKind.mayMove(this.#open[slot], burns[slot], surelyBurns[slot], known)
  }

  /** The same of an SLO whose evidence was weighed. */
  #isLoudByEvidence(slot: number): boolean {
    if ((this.#open[slot] | this.#isLate[slot] | this.evidence.hasCrossed[slot]) !== 0) return true
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
