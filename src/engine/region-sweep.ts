import { column } from '../core/evidence/evidence-table.ts'
import { defaultDataPolicy } from '../core/model/slo.ts'
import { type DurationMs, dayMs, type EpochMs } from '../core/model/units.ts'
import { trafficGoneOverMs } from '../core/regions/traffic-gone.ts'
import type { Bracket } from '../core/series/count-history.ts'
import { staleAfter } from '../core/series/seen-intervals.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { isForgotten, regionsOf } from './read-scope.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'
import { type ClassesRule, rulesByShort, type SweepClass, type SweepClasses } from './sweep-class.ts'
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
import { eventPlaces, isPlainlyJudged, takesUnseen, type Validity } from './sweep-place.ts'
import { isBurning, isSurelyBurning, type LoudSlo, leastShare, openKind, stepRow, ticketMayOpen } from './sweep-step.ts'
import { addListed, type EventSums, eventSums, pushPlace, totalsBetween } from './sweep-windows.ts'
import { clumping } from './weigh-step.ts'
import type { SloGates } from './weighed.ts'

const weekMs: DurationMs = 7 * dayMs
/** Traffic of so many weeks may be compared with. */
const weeksCompared = 4

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
  /** The sight of each SLO, the rules whose short window may burn, and whose both may, or surely do; a bit for each. */
  readonly sights: Uint8Array
  readonly shortBurns: Uint8Array
  readonly burns: Uint8Array
  readonly surelyBurns: Uint8Array
  /** Whether all are seen up to now. */
  isAllWhole = false
  /** Those of which a short window may burn, and how many they are. */
  readonly burning: Int32Array
  burningCount = 0
  /** The events of the step, where evidence is weighed. */
  readonly stepBad: Float64Array
  readonly stepTotal: Float64Array
  readonly #counting: Counting
  readonly #gates: EvidenceGates
  readonly #windows: readonly DurationMs[]
  readonly #composites: readonly CompiledSlo[]
  readonly #plus: Int32Array
  readonly #minus: Int32Array
  readonly #total: Int32Array
  readonly #seen: Int32Array
  readonly #takes: Uint8Array
  readonly #forgetMs: Float64Array
  readonly #rows: Int32Array
  readonly #open: Uint8Array
  readonly #worth: Float64Array
  readonly #clumpMs: Float64Array
  readonly #slotOf = new Map<string, number>()
  readonly #isGated: boolean
  readonly #classPlaces: Int32Array
  readonly #rulesByShort: ReadonlyMap<number, readonly ClassesRule[]>
  /** What is known of how the failures of each clump was read under this version. */
  readonly #learnedVersions: Float64Array
  readonly #sloGates: readonly (SloGates | undefined)[]
  #rolledBack = -1
  #preparedAt: EpochMs = Number.NaN
  #trafficAt: EpochMs = Number.NaN
  #weeks: readonly { readonly start: Bracket | undefined; readonly end: Bracket | undefined }[] = []
  #edges: readonly (Bracket | undefined)[] = []
  #end: Bracket | undefined
  #endTotals: Float64Array = new Float64Array(0)
  readonly #found: FoundSlots
  /** Those of which a short window burns: the events of the long one, and their places among those found. */
  readonly #longs: EventSums
  readonly #foundOf: Int32Array
  /** All events of windows that were asked for, by window, and as of when. */
  readonly #totals = new Map<number, { readonly counts: Float64Array; at: EpochMs }>()
  #scratch: readonly Float64Array[] = []
  /** How long data of each may be missing before its region counts as dark for it. */
  readonly #darkAfterMs: Float64Array
  readonly #isLate: Uint8Array
  /** Those that are never passed over: they are judged one by one, or their evidence is weighed. */
  readonly #isWatched: Uint8Array
  /** Those of whose evidence nothing is left, so that nothing changes while nothing fails. */
  readonly #isQuiet: Uint8Array
  #blocks: readonly number[] = []
  readonly #blockMs: readonly DurationMs[]

  constructor(counting: Counting, gates: EvidenceGates, region: RegionCounts, classes: SweepClasses, at: EpochMs) {
    region.reuseSeen()
    this.#counting = counting
    this.#gates = gates
    this.region = region
    this.slots = [...region.slos.values()]
    const { length } = this.slots
    this.sights = new Uint8Array(length)
    this.shortBurns = new Uint8Array(length)
    this.burns = new Uint8Array(length)
    this.surelyBurns = new Uint8Array(length)
    this.#plus = new Int32Array(length)
    this.#minus = new Int32Array(length)
    this.#total = new Int32Array(length)
    this.#seen = new Int32Array(length)
    this.#takes = new Uint8Array(length)
    this.#forgetMs = new Float64Array(length)
    this.#rows = new Int32Array(length).fill(-1)
    this.#open = new Uint8Array(length)
    this.#composites = [...counting.slos.values()].filter(
      (compiled) => compiled.slo.indicator.kind === 'composite' && regionsOf(counting, compiled).includes(region),
    )
    this.classes = this.slots.map((slot, index) => this.#place(slot, index, classes, at))
    const different = [...new Set(this.classes)]
    const places = new Map(different.map((known, place) => [known, place]))
    this.#classPlaces = Int32Array.from(this.classes, (known) => places.get(known) ?? 0)
    this.#rulesByShort = rulesByShort(different)
    this.#isGated = this.classes.some((each) => each?.gate !== undefined)
    const gated = this.#isGated ? length : 0
    this.stepBad = new Float64Array(gated)
    this.stepTotal = new Float64Array(gated)
    this.#worth = new Float64Array(gated)
    this.#clumpMs = new Float64Array(gated)
    this.#learnedVersions = new Float64Array(gated).fill(-1)
    this.#sloGates = this.slots.map(({ compiled }) => gates.slos.get(compiled.id))
    this.#windows = classes.windows
    this.#found = {
      count: 0,
      slots: new Int32Array(length),
      bad: new Float64Array(length),
      total: new Float64Array(length),
    }
    this.#longs = eventSums(length)
    this.#foundOf = new Int32Array(length)
    this.burning = new Int32Array(length)
    this.#darkAfterMs = Float64Array.from(this.classes, (known) => known?.gate?.darkAfterMs ?? Number.POSITIVE_INFINITY)
    this.#isLate = new Uint8Array(length)
    this.#isWatched = Uint8Array.from(this.classes, (known) =>
      known === undefined || known.gate !== undefined ? 1 : 0,
    )
    this.#isQuiet = new Uint8Array(length)
    this.#blockMs = [...new Set(different.flatMap((known) => known?.gate?.blockMs ?? []))]
  }

  /** Where an SLO stands; undefined where it is not counted. */
  slotOf(id: string): number | undefined {
    return this.#slotOf.get(id)
  }

  /** Counts changed: what was prepared is out of date. */
  forget(): void {
    this.#preparedAt = Number.NaN
    for (const each of this.#totals.values()) each.at = Number.NaN
    this.#trafficAt = Number.NaN
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
    const { history } = this.region
    this.#end = history.rowsAround(at)
    this.#edges = this.#windows.map((windowMs) => history.rowsAround(at - windowMs))
    this.shortBurns.fill(0)
    this.burns.fill(0)
    this.surelyBurns.fill(0)
    this.burningCount = 0
    this.isAllWhole = false
    if (this.#end === undefined) {
      this.sights.fill(sight.unseen)
      return
    }
    this.#look(at)
    const { columns } = history
    if (this.#scratch[0]?.length !== columns) {
      this.#scratch = Array.from({ length: 2 }, () => new Float64Array(columns))
    }
    const [atEnd, atStart] = this.#scratch
    const end = wideTotalsAt(this.#end, atEnd)
    this.#endTotals = end
    this.#findBurning(end, atStart)
    const start = history.rowsAround(at - this.#counting.stepMs)
    if (!this.#isGated || start === undefined) return
    eventsBetween(this.#columns, this.slots.length, wideTotalsAt(start, atStart), end, this.stepBad, this.stepTotal)
  }

  get #columns(): EventColumns {
    return { plus: this.#plus, minus: this.#minus, total: this.#total }
  }

  /** Weighs the evidence of every SLO that is seen, and answers those that must be judged one by one. */
  loud(at: EpochMs, isTakenEmpty: boolean): readonly LoudSlo[] {
    const { region } = this.region
    const loud: LoudSlo[] = []
    const weighs = this.#isGated && this.#gates.enter(region, at)
    this.#noteBlocks(at, weighs)
    const { length } = this.slots
    for (let slot = 0; slot < length; slot++) {
      if (this.#passesOver(slot, isTakenEmpty)) continue
      const known = this.classes[slot]
      this.#isQuiet[slot] = 0
      let isLoud =
        known === undefined || this.sights[slot] !== sight.whole || (!isTakenEmpty && this.#takes[slot] === 1)
      let isWeighed = false
      if (!isLoud && known !== undefined) {
        if (known.gate === undefined) isLoud = this.#isLoud(slot, known)
        else if (!weighs || this.#rows[slot] < 0) isLoud = true
        else {
          isLoud = this.#weigh(slot, known, at)
          isWeighed = true
          if (!isLoud) this.#noteQuiet(slot, known)
        }
      }
      if (isLoud) loud.push({ compiled: this.slots[slot].compiled, isWeighed })
    }
    for (const compiled of this.#composites) loud.push({ compiled, isWeighed: false })
    return loud
  }

  /** Adds the events of one SLO in one window to two sums. */
  addEvents(slot: number, window: number, sums: { bad: number; total: number }): void {
    const start = this.#edges[window]
    if (this.#end === undefined || start === undefined) return
    const total = Math.max(0, countBetween(start, this.#end, this.#total[slot]))
    sums.bad += badBetween(start, this.#end, this.#plus[slot], this.#minus[slot], total)
    sums.total += total
  }

  /** Adds the events in one window of all that are listed; `slots` says where each is counted here, −1 for nowhere. */
  addListed(sums: EventSums, window: number, slots?: Int32Array): void {
    const start = this.#edges[window]
    if (this.#end === undefined || start === undefined || sums.count === 0) return
    addListed(this.#columns, start, this.#end, this.#endTotals, sums, slots)
  }

  /** All events of each SLO in one window. */
  totalsIn(window: number): Float64Array {
    const known = this.#totals.get(window) ?? { counts: new Float64Array(this.slots.length), at: Number.NaN }
    if (known.at === this.#preparedAt) return known.counts
    this.#totals.set(window, known)
    known.at = this.#preparedAt
    const start = this.#edges[window]
    if (this.#end === undefined || start === undefined) return known.counts.fill(0)
    totalsBetween(this.#columns, this.slots.length, start, this.#endTotals, known.counts)
    return known.counts
  }

  /** Whether so many events came within the last minutes that traffic cannot be gone, whatever was usual in past weeks. */
  hasTraffic(slot: number, at: EpochMs): boolean {
    const { history, inMemorySince } = this.region
    const oldest = at - weeksCompared * weekMs - trafficGoneOverMs
    if (this.slots[slot].days.takesOver(oldest, inMemorySince) !== Number.NEGATIVE_INFINITY) return false
    if (this.#trafficAt !== at) {
      this.#trafficAt = at
      this.#weeks = Array.from({ length: 1 + weeksCompared }, (_, week) => ({
        start: history.rowsAround(at - week * weekMs - trafficGoneOverMs),
        end: history.rowsAround(at - week * weekMs),
      }))
    }
    let now = 0
    for (const [week, { start, end }] of this.#weeks.entries()) {
      const events = start === undefined || end === undefined ? 0 : countBetween(start, end, this.#total[slot])
      if (week === 0) now = events
      else if (now < events / 2) return false
    }
    return now > 0
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
    this.#rows[slot] = gates?.rows.get(this.region.region) ?? -1
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
    let isAllWhole = true
    for (let slot = 0; slot < sights.length; slot++) {
      const until = cells[seen[slot] + 1]
      isLate[slot] = at - until >= darkAfterMs[slot] ? 1 : 0
      if (at - until <= staleAfter(cells[seen[slot] + 2])) sights[slot] = sight.whole
      else {
        isAllWhole = false
        sights[slot] = this.#isGone(slot, until, at) ? sight.gone : sight.unseen
      }
    }
    this.isAllWhole = isAllWhole
  }

  /** Whether nothing can be the matter with an SLO at this step, and nothing of it changes either. */
  #passesOver(slot: number, isTakenEmpty: boolean): boolean {
    if (this.sights[slot] !== sight.whole || this.#open[slot] !== 0 || this.burns[slot] !== 0) return false
    if (!isTakenEmpty && this.#takes[slot] === 1) return false
    if (this.#isWatched[slot] === 0) return true
    return this.#isQuiet[slot] === 1 && this.stepBad[slot] === 0 && this.#isLate[slot] === 0
  }

  /** Once a block of time is over, or a step was left out or taken back, every row is looked at again. */
  #noteBlocks(at: EpochMs, weighs: boolean): void {
    const { rolledBack } = this.#gates
    const isBack = rolledBack !== this.#rolledBack
    this.#rolledBack = rolledBack
    const blocks = this.#blockMs.map((blockMs) => Math.floor((at - this.#counting.stepMs) / blockMs))
    const isSame = blocks.every((block, index) => block === this.#blocks[index])
    this.#blocks = blocks
    if (!isSame || !weighs || isBack) this.#isQuiet.fill(0)
  }

  /** After its step was weighed: whether anything can come of an SLO's evidence before something fails. */
  #noteQuiet(slot: number, { gate }: SweepClass): void {
    const { cells } = this.#gates.table
    const base = this.#rows[slot]
    if (gate === undefined || cells[base + column.isAny] === 1) return
    if (cells[base + column.recovery] >= 2 * gate.terms.recoveryNeeded) this.#isQuiet[slot] = 1
  }

  #isGone(slot: number, until: EpochMs, at: EpochMs): boolean {
    if (!Number.isNaN(until)) return at - until > this.#forgetMs[slot]
    return isForgotten(this.slots[slot].compiled, this.region, at)
  }

  /** Window by window, since classes share them: all else is read only where the short window burns. */
  #findBurning(end: Float64Array, scratch: Float64Array): void {
    const found = this.#found
    for (const [short, rules] of this.#rulesByShort) {
      const start = this.#edges[short]
      if (start === undefined) continue
      const least = rules.reduce((ratio, rule) => Math.min(ratio, rule.ratio), 1) * leastShare
      findBadShare(this.#columns, this.slots.length, totalsAt(start, scratch), end, least, found)
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
    for (let index = 0; index < longs.count; index++) {
      if (!isBurning(longs.bad[index], longs.total[index], ratio)) continue
      const slot = longs.places[index]
      this.burns[slot] |= bit
      const short = this.#foundOf[index]
      const isSure = isSurelyBurning(found.bad[short], found.total[short], ratio)
      if (isSure && isSurelyBurning(longs.bad[index], longs.total[index], ratio)) this.surelyBurns[slot] |= bit
    }
  }

  #isLoud(slot: number, known: SweepClass): boolean {
    return openKind.mayMove(this.#open[slot], this.burns[slot], this.surelyBurns[slot], known)
  }

  #weigh(slot: number, known: SweepClass, at: EpochMs): boolean {
    const { gate } = known
    if (gate === undefined) return true
    const { table } = this.#gates
    const base = this.#rows[slot]
    const { stepMs } = this.#counting
    if (table.cells[base + column.block] < Math.floor((at - stepMs) / gate.blockMs)) this.#endBlock(slot, base, at)
    const bad = this.stepBad[slot] * gate.perEvent
    const total = this.stepTotal[slot] * gate.perEvent
    if (this.#learnedVersions[slot] !== this.#gates.learnedVersion) this.#learn(slot, base, at)
    if (bad > 0) {
      const isClumped = gate.clumpsRatio * this.totalsIn(gate.clumpsWindow)[slot] < gate.clumpsBelow
      stepRow(table, base, gate, at, stepMs, bad, total, this.#worth[slot], this.#clumpMs[slot], isClumped, true)
    } else stepRow(table, base, gate, at, stepMs, bad, total, this.#worth[slot], this.#clumpMs[slot], false, true)
    if (this.#open[slot] !== 0) return true
    const { cells } = table
    const crossedAt = cells[base + column.crossedAt]
    if (crossedAt > cells[base + column.clearedAt] && at - crossedAt <= gate.crossedWithinMs) return true
    if (this.#isLate[slot] === 1) return true
    if (this.burns[slot] === 0) return false
    return ticketMayOpen(known, gate, this.burns[slot], (window, sums) => this.addEvents(slot, window, sums))
  }

  /** What is learned holds from this step on, for every scope. */
  #endBlock(slot: number, base: number, at: EpochMs): void {
    const { evidence } = this.slots[slot].compiled
    const slo = this.#sloGates[slot]
    if (slo === undefined || evidence === undefined) return
    this.#gates.endBlock(this.#gates.weighedOf(evidence, slo, base), this.region.region, at)
    this.#learn(slot, base, at)
  }

  /** What was learned of how failures clump, wherever that was since the last step. */
  #learn(slot: number, base: number, at: EpochMs): void {
    const { evidence } = this.slots[slot].compiled
    const slo = this.#sloGates[slot]
    if (slo === undefined || evidence === undefined) return
    const { worth, lengthMs } = clumping(this.#gates.weighedOf(evidence, slo, base), at)
    this.#worth[slot] = worth
    this.#clumpMs[slot] = lengthMs
    this.#learnedVersions[slot] = this.#gates.learnedVersion
  }
}
