import { countClump } from '../core/evidence/burst-blocks.ts'
import { learnedCell, learnedCells } from '../core/evidence/dispersion-table.ts'
import { column } from '../core/evidence/evidence-table.ts'
import { type EvidenceSteps, evidenceSteps, leavesNoTrace, stepEvidenceRows } from '../core/evidence/step-evidence.ts'
import { globalScope } from '../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { EndingBlocks } from './end-blocks.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import type { SweepClass, SweepGate } from './sweep-class.ts'
import { clumpMs } from './weigh-step.ts'

/** What the evidence of a scope is about, by the place of each SLO in it. */
export interface EvidenceScope {
  readonly scope: string
  readonly slos: readonly CompiledSlo[]
  readonly classes: readonly (SweepClass | undefined)[]
  readonly stepMs: DurationMs
  /** All events of each SLO in a window, as of the moment under way. */
  readonly totalsIn: (window: number) => Float64Array
}

/** So many rows are weighed at once that what is read of them is still at hand. */
const weighedTogether = 512

/** The evidence of all SLOs of a scope: what a step weighs in each row, side by side. */
export class SweepEvidence {
  /** Whether anything is to be weighed. */
  readonly isGated: boolean
  /** The events of the step under way. */
  readonly bad: Float64Array
  readonly total: Float64Array
  /** Of those whose step was weighed: whether the evidence was complete so shortly ago that a page may open by it. */
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
  /** Those of whose evidence nothing is left, so that nothing changes while nothing fails. */
  readonly #isQuiet: Uint8Array
  #rolledBack: number
  /** The SLOs that are to be weighed. */
  #count = 0
  readonly #places: Int32Array
  readonly #steps: EvidenceSteps
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
    this.#isQuiet = new Uint8Array(length)
    this.hasCrossed = new Uint8Array(length)
    this.#rolledBack = gates.rolledBack
    this.#places = new Int32Array(length)
    this.#steps = evidenceSteps(Math.min(length, weighedTogether))
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

  /** Marks, of those that ask for evidence, the ones of whose row something may change at this step. */
  markRestless(restless: Uint8Array): void {
    const isQuiet = this.#isQuiet
    const isGatedSlo = this.#isGatedSlo
    const { bad } = this
    for (let slot = 0; slot < isQuiet.length; slot++) {
      if (isGatedSlo[slot] === 1) restless[slot] = isQuiet[slot] === 1 && bad[slot] === 0 ? 0 : 1
    }
  }

  /** Whether an SLO has a row yet. */
  hasRow(slot: number): boolean {
    return this.#rows[slot] >= 0
  }

  /** An SLO is judged one by one: whatever becomes of its row then, it is looked at again. */
  wake(slot: number): void {
    if (this.isGated) this.#isQuiet[slot] = 0
  }

  /** Lists an SLO whose step is to be weighed. */
  push(slot: number): void {
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
    this.#isQuiet.fill(0)
    this.#blocks.fill(Number.NEGATIVE_INFINITY)
  }

  /** Where rows learn, each of them is looked at once a block of time is over. */
  #noteBlocks(at: EpochMs): void {
    if (!this.#learns) return
    const ends = this.#blockMs.map((blockMs) => Math.floor((at - this.#scope.stepMs) / blockMs))
    if (ends.some((end, index) => end !== this.#blockEnds[index])) this.#isQuiet.fill(0)
    this.#blockEnds = ends
  }

  #weighAlike(gate: SweepGate, from: number, to: number, at: EpochMs): void {
    const { table, dispersions } = this.#gates
    const { cells } = table
    const { perEvent, clumpsRatio, clumpsBelow, isMinutes } = gate
    const { byChanceMs, inBurstsMs } = gate.clumpLengths
    const { burstAbove } = gate.settings.clumps
    const learnt = dispersions.cells
    const { stepMs, totalsIn } = this.#scope
    const { bases, clumped, good, bad, worth, lengthMs } = this.#steps
    const places = this.#places
    const rows = this.#rows
    const numbers = this.#numbers
    const bads = this.bad
    const totals = this.total
    const learns = this.#learns
    const isQuiet = this.#isQuiet
    if (learns) this.#endBlocks(gate, from, to, at)
    const recovered = 2 * gate.terms.recoveryNeeded
    const stepStart = at - stepMs
    const clumpLengthMs = clumpMs(stepMs)
    let inWindow: Float64Array | undefined
    let count = 0
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
        inWindow ??= totalsIn(gate.clumpsWindow)
        if (clumpsRatio * inWindow[slot] < clumpsBelow) clumped[count] = 1
        if (isQuiet[slot] === 1 && leavesNoTrace(gate.terms, this.#steps, count)) continue
      }
      places[changing++] = slot
      if (failed <= 0) {
        if (!(all > 0)) continue
        if (cells[base + column.isAny] !== 1 && cells[base + column.recovery] >= recovered) continue
      }
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
      const isLeft = cells[base + column.isAny] === 1 || cells[base + column.recovery] < recovered
      this.hasCrossed[slot] = isCrossed ? 1 : 0
      this.#isQuiet[slot] = isCrossed || isLeft ? 0 : 1
    }
  }

  /** The index of dispersion at a step before the one that learned last: of a scope that trails. */
  #indexBefore(slot: number, at: EpochMs): number {
    return this.#gates.slos.get(this.#scope.slos[slot].id)?.dispersion.at(at) ?? 1
  }
}
