import { countClump } from '../core/evidence/burst-blocks.ts'
import { learnedCell, learnedCells } from '../core/evidence/dispersion-table.ts'
import { column } from '../core/evidence/evidence-table.ts'
import {
  type EvidenceSteps,
  evidenceSteps,
  leavesNoTrace,
  stepEvidenceRows,
  stepRecovery,
} from '../core/evidence/step-evidence.ts'
import { globalScope } from '../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { EndingBlocks } from './end-blocks.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import type { SweepClass, SweepGate } from './sweep-class.ts'
import { pushTotal, type TotalSums, totalSums } from './sweep-windows.ts'
import { clumpMs } from './weigh-step.ts'

/** What the evidence of a scope is about, by the place of each SLO in it. */
export interface EvidenceScope {
  readonly scope: string
  readonly slos: readonly CompiledSlo[]
  readonly classes: readonly (SweepClass | undefined)[]
  readonly stepMs: DurationMs
  /** Adds all events in a window of the SLOs that are listed, as of the moment under way. */
  readonly addTotals: (sums: TotalSums, window: number) => void
}

/** What is left of the evidence of a row after a step: with nothing or recovery alone, none of it was complete a moment ago. */
const leftOf = { unknown: 0, nothing: 1, recovery: 2, evidence: 3 } as const

/** So many rows are weighed at once that what is read of them is still at hand. */
const weighedTogether = 512

/** The evidence of all SLOs of a scope: what a step weighs in each row, side by side. */
export class SweepEvidence {
  /** Whether anything is to be weighed. */
  readonly isGated: boolean
  /** The events of the step under way. */
  readonly bad: Float64Array
  readonly total: Float64Array
  /**
   * Of those whose step was weighed: whether the evidence was complete so shortly ago that a page may open by it. Where it was not, it
   * is not until evidence is weighed again; of others it may be.
   */
  readonly hasCrossed: Uint8Array
  readonly #gates: EvidenceGates
  readonly #scope: EvidenceScope
  /** Regions say how failures clump: of SLOs without any that are scopes, no class is made. */
  readonly #learns: boolean
  /** Where each row begins; −1 for none. */
  readonly #rows: Int32Array
  /** By what number it is learned how failures of each clump. */
  readonly #numbers: Int32Array
  /** The block of time that each row is in, at least. */
  readonly #blocks: Float64Array
  readonly #isGatedSlo: Uint8Array
  /** What is left of the evidence of each: what changes while nothing fails. */
  readonly #left: Uint8Array
  /** Whether the recovery of those that lack nothing else has been stepped already. */
  #hasRecovered = false
  #rolledBack: number
  /** The SLOs that are to be weighed. */
  #count = 0
  readonly #places: Int32Array
  readonly #steps: EvidenceSteps
  readonly #failing: TotalSums
  readonly #blockMs: readonly DurationMs[]
  #blockEnds: readonly number[] = []
  readonly #ending: EndingBlocks

  constructor(gates: EvidenceGates, scope: EvidenceScope) {
    const { slos, classes } = scope
    this.#gates = gates
    this.#scope = scope
    this.#learns = scope.scope !== globalScope
    this.isGated = classes.some((known) => known?.gate !== undefined)
    const length = this.isGated ? slos.length : 0
    const own = slos.slice(0, length)
    this.bad = new Float64Array(length)
    this.total = new Float64Array(length)
    this.#rows = Int32Array.from(own, ({ id }) => gates.slos.get(id)?.rows.get(scope.scope) ?? -1)
    this.#numbers = Int32Array.from(own, ({ id }) => gates.slos.get(id)?.number ?? 0)
    this.#blocks = new Float64Array(length).fill(Number.NEGATIVE_INFINITY)
    this.#isGatedSlo = Uint8Array.from(classes.slice(0, length), (known) => (known?.gate === undefined ? 0 : 1))
    this.#left = new Uint8Array(length)
    this.hasCrossed = new Uint8Array(length).fill(1)
    this.#rolledBack = gates.rolledBack
    this.#places = new Int32Array(length)
    this.#steps = evidenceSteps(Math.min(length, weighedTogether))
    this.#failing = totalSums(Math.min(length, weighedTogether))
    this.#blockMs = [...new Set(classes.flatMap((known) => known?.gate?.settings.dispersion.blockMs ?? []))]
    this.#ending = { count: 0, numbers: new Int32Array(Math.min(length, weighedTogether)) }
  }

  /** A step begins: whether its evidence is to be weighed side by side, because none before it was left out. */
  begin(at: EpochMs): boolean {
    this.#count = 0
    if (!this.isGated) return false
    this.#noteRollBack()
    this.#noteBlocks(at)
    return this.#gates.enter(this.#scope.scope, at)
  }

  /**
   * Marks, of those that ask for evidence, the ones whose row is to be weighed at this step. Where `stepsAlike`, because all are seen and
   * are to be weighed side by side, rows that only recover are stepped here at once, and so are those in which nothing happens.
   */
  markRestless(restless: Uint8Array, stepsAlike: boolean): void {
    const left = this.#left
    const isGatedSlo = this.#isGatedSlo
    const { bad, total } = this
    this.#hasRecovered = stepsAlike
    for (let slot = 0; slot < left.length; slot++) {
      if (isGatedSlo[slot] === 0) continue
      const what = left[slot]
      restless[slot] = 0
      if (bad[slot] !== 0 || what === leftOf.unknown) restless[slot] = 1
      else if (what === leftOf.nothing) continue
      else if (!stepsAlike) restless[slot] = 1
      else if (!(total[slot] > 0)) continue
      else if (what === leftOf.recovery) this.#recover(slot)
      else restless[slot] = 1
    }
  }

  /** Whether an SLO has a row yet. */
  hasRow(slot: number): boolean {
    return this.#rows[slot] >= 0
  }

  /** An SLO is judged one by one: whatever becomes of its row then, it is looked at again. */
  wake(slot: number): void {
    if (!this.isGated) return
    this.#left[slot] = leftOf.unknown
    this.hasCrossed[slot] = 1
  }

  /** Lists an SLO whose step is to be weighed, unless it was. */
  push(slot: number): void {
    if (this.#hasRecovered && this.#left[slot] === leftOf.recovery && this.bad[slot] === 0) return
    this.#places[this.#count++] = slot
  }

  /** Weighs the step of all that are listed, those together that are weighed alike: as many as the machine holds at once. */
  weigh(at: EpochMs): void {
    const { classes } = this.#scope
    for (let from = 0; from < this.#count; ) {
      const known = classes[this.#places[from]]
      let to = from + 1
      while (to < this.#count && to < from + weighedTogether && classes[this.#places[to]] === known) to++
      if (known?.gate !== undefined) this.#weighAlike(known.gate, from, to, at)
      from = to
    }
  }

  /** Rows that were put back may not be quiet, and may be in an earlier block. */
  #noteRollBack(): void {
    const { rolledBack } = this.#gates
    if (rolledBack === this.#rolledBack) return
    this.#rolledBack = rolledBack
    this.#left.fill(leftOf.unknown)
    this.hasCrossed.fill(1)
    this.#blocks.fill(Number.NEGATIVE_INFINITY)
  }

  /** Where rows learn, each of them is looked at once a block of time is over. */
  #noteBlocks(at: EpochMs): void {
    if (!this.#learns) return
    const ends = this.#blockMs.map((blockMs) => Math.floor((at - this.#scope.stepMs) / blockMs))
    if (ends.some((end, index) => end !== this.#blockEnds[index])) this.#left.fill(leftOf.unknown)
    this.#blockEnds = ends
  }

  #weighAlike(gate: SweepGate, from: number, to: number, at: EpochMs): void {
    const { table, dispersions } = this.#gates
    const { cells } = table
    const { perEvent, clumpsRatio, clumpsBelow, isMinutes } = gate
    const { byChanceMs, inBurstsMs } = gate.clumpLengths
    const { burstAbove } = gate.settings.clumps
    const learnt = dispersions.cells
    const { stepMs } = this.#scope
    const failing = this.#listFailing(gate, from, to)
    const { bases, clumped, good, bad, worth, lengthMs } = this.#steps
    const places = this.#places
    const rows = this.#rows
    const numbers = this.#numbers
    const bads = this.bad
    const totals = this.total
    const learns = this.#learns
    const left = this.#left
    const hasCrossed = this.hasCrossed
    if (learns) this.#endBlocks(gate, from, to, at)
    const recovered = 2 * gate.terms.recoveryNeeded
    const stepStart = at - stepMs
    const clumpLengthMs = clumpMs(stepMs)
    let count = 0
    let failingBefore = 0
    let changing = from
    for (let listed = from; listed < to; listed++) {
      const slot = places[listed]
      const base = rows[slot]
      const failed = bads[slot] * perEvent
      const all = totals[slot] * perEvent
      bad[count] = failed
      good[count] = all > failed ? all - failed : 0
      clumped[count] = 0
      if (failed > 0) {
        if (learns) countClump(table, base, stepStart, clumpLengthMs)
        if (clumpsRatio * failing.total[failingBefore++] < clumpsBelow) clumped[count] = 1
        if (left[slot] === leftOf.nothing && leavesNoTrace(gate.terms, this.#steps, count)) continue
      } else if (cells[base + column.isAny] !== 1) {
        if (all > 0 && cells[base + column.recovery] < recovered) stepRecovery(table, base, gate.terms, all)
        // What was not complete a moment ago is not without new evidence.
        if (hasCrossed[slot] === 0) left[slot] = leftWithout(cells, base, recovered)
        else places[changing++] = slot
        continue
      }
      places[changing++] = slot
      if (failed <= 0 && !(all > 0)) continue
      // What was learned at the end of a block holds for later steps, wherever they are.
      const known = numbers[slot] * learnedCells
      let index = 1
      if (!isMinutes)
        index =
          at > learnt[known + learnedCell.newUntil] ? learnt[known + learnedCell.index] : this.#indexBefore(slot, at)
      bases[count] = base
      worth[count] = 1 / index
      lengthMs[count++] = index > burstAbove ? inBurstsMs : byChanceMs
    }
    this.#steps.count = count
    stepEvidenceRows(table, gate.terms, at, stepMs, this.#steps)
    this.#noteAfter(gate, from, changing, at)
  }

  /** Lists those of which something failed, with all their events in the window that tells one client from many. */
  #listFailing({ clumpsWindow }: SweepGate, from: number, to: number): TotalSums {
    const failing = this.#failing
    failing.count = 0
    for (let index = from; index < to; index++) {
      const slot = this.#places[index]
      if (this.bad[slot] > 0) pushTotal(failing, slot)
    }
    if (failing.count > 0) this.#scope.addTotals(failing, clumpsWindow)
    return failing
  }

  /** What is learned at the end of a block of time holds from the step on that begins there, for every scope. */
  #endBlocks({ settings: { dispersion } }: SweepGate, from: number, to: number, at: EpochMs): void {
    const block = Math.floor((at - this.#scope.stepMs) / dispersion.blockMs)
    const { cells } = this.#gates.table
    const places = this.#places
    const blocks = this.#blocks
    const ending = this.#ending
    ending.count = 0
    for (let index = from; index < to; index++) {
      const slot = places[index]
      if (blocks[slot] >= block) continue
      blocks[slot] = block
      if (cells[this.#rows[slot] + column.block] < block) ending.numbers[ending.count++] = this.#numbers[slot]
    }
    this.#gates.endBlocks(ending, dispersion, this.#scope.scope, at)
  }

  /** Whether the evidence was complete so shortly ago that a page may open by it, and if not, whether anything can come of what is left. */
  #noteAfter({ terms, crossedWithinMs }: SweepGate, from: number, to: number, at: EpochMs): void {
    const { cells } = this.#gates.table
    const recovered = 2 * terms.recoveryNeeded
    const since = at - crossedWithinMs
    for (let index = from; index < to; index++) {
      const slot = this.#places[index]
      const base = this.#rows[slot]
      const crossedAt = cells[base + column.crossedAt]
      const isCrossed = crossedAt >= since && crossedAt > cells[base + column.clearedAt]
      const isAny = cells[base + column.isAny] === 1
      this.hasCrossed[slot] = isCrossed ? 1 : 0
      if (isCrossed) this.#left[slot] = leftOf.unknown
      else if (isAny) this.#left[slot] = leftOf.evidence
      else this.#left[slot] = leftWithout(cells, base, recovered)
    }
  }

  /** Steps a row that only recovers. */
  #recover(slot: number): void {
    const gate = this.#scope.classes[slot]?.gate
    if (gate === undefined) return
    const { table } = this.#gates
    const base = this.#rows[slot]
    stepRecovery(table, base, gate.terms, this.total[slot] * gate.perEvent)
    this.#left[slot] = leftWithout(table.cells, base, 2 * gate.terms.recoveryNeeded)
  }

  /** The index of dispersion at a step before the one that learned last: of a scope that trails. */
  #indexBefore(slot: number, at: EpochMs): number {
    return this.#gates.slos.get(this.#scope.slos[slot].id)?.dispersion.at(at) ?? 1
  }
}

/** What is left of a row without evidence, which recovers up to a sum. */
function leftWithout(cells: Float64Array, base: number, recovered: number): number {
  return cells[base + column.recovery] < recovered ? leftOf.recovery : leftOf.nothing
}
