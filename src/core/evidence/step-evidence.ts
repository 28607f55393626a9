import type { DurationMs, EpochMs } from '../model/units.ts'
import { column, type EvidenceTable, rowsTogether, weighedBurnRatesMax } from './evidence-table.ts'
import type { EvidenceTerms } from './evidence-terms.ts'

/** The distance from one burn rate's evidence to the next. */
const lane = rowsTogether

/** How the failures of an SLO clump, as learned so far. */
export interface Clumping {
  /** What each event is worth: 1 ÷ dispersion. */
  readonly worth: number
  /** What lies within this time is one clump. */
  readonly lengthMs: DurationMs
}

/** The events of one step of many rows under the same terms, side by side. */
export interface EvidenceSteps {
  /** So many of them count. */
  count: number
  /** Where each row begins. */
  readonly bases: Int32Array
  readonly good: Float64Array
  readonly bad: Float64Array
  /** How the failures of each clump, as in `Clumping`. */
  readonly worth: Float64Array
  readonly lengthMs: Float64Array
  /** 1 where one clump adds at most `terms.clumpRoom`. */
  readonly clumped: Uint8Array
}

/** Room for the steps of as many rows as there may be. */
export function evidenceSteps(length: number): EvidenceSteps {
  return {
    count: 0,
    bases: new Int32Array(length),
    good: new Float64Array(length),
    bad: new Float64Array(length),
    worth: new Float64Array(length),
    lengthMs: new Float64Array(length),
    clumped: new Uint8Array(length),
  }
}

const single = evidenceSteps(1)

/**
 * Weighs the events of one step in the row at `base`: a capped CUSUM of the likelihood ratio per error ratio weighed, each
 * of which is an e-detector (Shin, Ramdas, Rinaldo 2023). Whatever the traffic does, the mean time to a false alarm while
 * the error ratio is at most the null's is at least what `terms.needed` was made of; capping what is added and the power
 * 1 ÷ dispersion only lower the mean of each factor (Jensen). Where `clumped`, one clump adds at most `terms.clumpRoom`.
 *
 * A step without bad events costs little: evidence falls along a line, and where there is none nothing is touched.
 */
export function stepEvidence(
  table: EvidenceTable,
  base: number,
  terms: EvidenceTerms,
  at: EpochMs,
  stepMs: DurationMs,
  good: number,
  bad: number,
  { worth, lengthMs }: Clumping,
  clumped: boolean,
): void {
  single.count = 1
  single.bases[0] = base
  single.good[0] = good
  single.bad[0] = bad
  single.worth[0] = worth
  single.lengthMs[0] = lengthMs
  single.clumped[0] = clumped ? 1 : 0
  stepEvidenceRows(table, terms, at, stepMs, single)
}

/** The same for many rows. What differs from row to row is read where it is needed: doubles that are handed on cost memory each. */
export function stepEvidenceRows(
  table: EvidenceTable,
  terms: EvidenceTerms,
  at: EpochMs,
  stepMs: DurationMs,
  steps: EvidenceSteps,
): void {
  const { cells } = table
  const { count, bases, good, bad } = steps
  const recovered = 2 * terms.recoveryNeeded
  for (let place = 0; place < count; place++) {
    const base = bases[place]
    if (bad[place] > 0) {
      table.touchStepping(base)
      addEvidence(table, base, terms, at, stepMs, steps, place)
      addRecovery(cells, base, terms, steps, place)
      continue
    }
    if (good[place] <= 0) continue
    const hasEvidence = cells[base + column.isAny] === 1
    const isRecovered = cells[base + column.recovery] >= recovered
    if (hasEvidence) {
      table.touchFading(base)
      fadeEvidence(cells, base, terms, at, steps, place)
      if (!isRecovered) addRecovery(cells, base, terms, steps, place)
    } else if (!isRecovered) stepRecovery(table, base, terms, good[place])
  }
}

/** Weighs the good events of a step in a row without evidence: all that they change is its recovery. */
export function stepRecovery(table: EvidenceTable, base: number, terms: EvidenceTerms, good: number): void {
  table.touchRecovering(base)
  const recovery = table.cells[base + column.recovery] + good * terms.recoveryPerGood
  table.cells[base + column.recovery] = Math.min(recovery, 2 * terms.recoveryNeeded)
}

/**
 * Whether the events of one of many steps change nothing in a row without any evidence and with all the recovery that it can have:
 * the good ones speak against each burn rate weighed at least as much as the bad ones speak for it.
 */
export function leavesNoTrace(terms: EvidenceTerms, steps: EvidenceSteps, place: number): boolean {
  const { perBad, perGood } = terms
  const good = steps.good[place]
  const bad = steps.bad[place]
  if (steps.clumped[place] === 1) return false
  const recovered = 2 * terms.recoveryNeeded
  if (recovered + good * terms.recoveryPerGood + bad * terms.recoveryPerBad < recovered) return false
  for (let index = 0; index < perBad.length; index++) {
    if (bad * perBad[index] + good * perGood[index] > 0) return false
  }
  return true
}

/** Whether the likeliest of the burn rates weighed is borne out: the evidence was complete within this time. */
export function hasCrossed(table: EvidenceTable, base: number, at: EpochMs, withinMs: DurationMs): boolean {
  const crossedAt = table.cells[base + column.crossedAt]
  return crossedAt > table.cells[base + column.clearedAt] && at - crossedAt <= withinMs
}

/** The evidence for the burn rate that it is strongest for. */
export interface StrongestEvidence {
  /** In natural logarithms; 0 where there is none. */
  readonly strength: number
  /** Since when it has been piling up. */
  readonly since: EpochMs
}

/** Finds the burn rate that a row's evidence is strongest for. */
export function strongestEvidence(
  { cells }: EvidenceTable,
  base: number,
  { perBad }: EvidenceTerms,
): StrongestEvidence {
  let strongest = 0
  for (let index = 1; index < perBad.length; index++) {
    if (cells[base + index * lane] > cells[base + strongest * lane]) strongest = index
  }
  return { strength: cells[base + strongest * lane], since: cells[base + column.since + strongest * lane] }
}

/** Takes all evidence away: it has been acted on. */
export function forgetEvidence({ cells }: EvidenceTable, base: number): void {
  for (let index = 0; index < weighedBurnRatesMax; index++) cells[base + index * lane] = 0
  cells[base + column.isAny] = 0
}

function addEvidence(
  table: EvidenceTable,
  base: number,
  terms: EvidenceTerms,
  at: EpochMs,
  stepMs: DurationMs,
  steps: EvidenceSteps,
  place: number,
): void {
  const { cells } = table
  const { perBad, perGood, needed, max } = terms
  const good = steps.good[place]
  const bad = steps.bad[place]
  const worth = steps.worth[place]
  const clumped = steps.clumped[place] === 1
  let room = Number.POSITIVE_INFINITY
  if (clumped) {
    const clump = Math.floor((at - stepMs) / steps.lengthMs[place])
    // What the clump that a step belongs to may still add; a new clump has all of its room.
    room = cells[base + column.clump] === clump ? cells[base + column.room] : terms.clumpRoom
    cells[base + column.clump] = clump
  }
  let used = 0
  let isLeft = false
  let isComplete = false
  for (let index = 0; index < perBad.length; index++) {
    let added = (bad * perBad[index] + good * perGood[index]) * worth
    if (added > room) added = room
    if (added > used) used = added
    const cell = base + index * lane
    let evidence = cells[cell] + added
    if (evidence > 0) {
      isLeft = true
      if (evidence >= needed) isComplete = true
      if (evidence > max) evidence = max
      if (cells[cell] === 0) {
        table.touch(base)
        cells[cell + column.since] = at - stepMs
      }
      cells[cell] = evidence
    } else cells[cell] = 0
  }
  if (clumped) cells[base + column.room] = room - used
  if (isComplete) cells[base + column.crossedAt] = at
  cells[base + column.isAny] = isLeft ? 1 : 0
}

function fadeEvidence(
  cells: Float64Array,
  base: number,
  { perGood, needed }: EvidenceTerms,
  at: EpochMs,
  steps: EvidenceSteps,
  place: number,
): void {
  const good = steps.good[place]
  const worth = steps.worth[place]
  let isLeft = false
  let isComplete = false
  for (let index = 0; index < perGood.length; index++) {
    const cell = base + index * lane
    const evidence = cells[cell] + good * perGood[index] * worth
    cells[cell] = evidence > 0 ? evidence : 0
    if (evidence > 0) isLeft = true
    if (evidence >= needed) isComplete = true
  }
  if (isComplete) cells[base + column.crossedAt] = at
  if (!isLeft) cells[base + column.isAny] = 0
}

function addRecovery(
  cells: Float64Array,
  base: number,
  terms: EvidenceTerms,
  { good, bad }: EvidenceSteps,
  place: number,
): void {
  const before = cells[base + column.recovery]
  const recovery = before + good[place] * terms.recoveryPerGood + bad[place] * terms.recoveryPerBad
  cells[base + column.recovery] = recovery < 0 ? 0 : Math.min(recovery, 2 * terms.recoveryNeeded)
}
