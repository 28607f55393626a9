import type { DurationMs, EpochMs } from '../model/units.ts'
import { column, type EvidenceTable, weighedBurnRatesMax } from './evidence-table.ts'
import type { EvidenceTerms } from './evidence-terms.ts'

/** How the failures of an SLO clump, as learned so far. */
export interface Clumping {
  /** What each event is worth: 1 ÷ dispersion. */
  readonly worth: number
  /** What lies within this time is one clump. */
  readonly lengthMs: DurationMs
}

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
  clumping: Clumping,
  clumped: boolean,
): void {
  if (bad > 0) {
    table.touch(base)
    addEvidence(table.cells, base, terms, at, stepMs, good, bad, clumping, clumped)
    addRecovery(table.cells, base, terms, good, bad)
    return
  }
  if (good <= 0) return
  const { cells } = table
  const hasEvidence = cells[base + column.isAny] === 1
  const isRecovered = cells[base + column.recovery] >= 2 * terms.recoveryNeeded
  if (!hasEvidence && isRecovered) return
  table.touch(base)
  if (hasEvidence) fadeEvidence(cells, base, terms, at, good, clumping)
  if (!isRecovered) addRecovery(cells, base, terms, good, bad)
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
    if (cells[base + index] > cells[base + strongest]) strongest = index
  }
  return { strength: cells[base + strongest], since: cells[base + column.since + strongest] }
}

/** Takes all evidence away: it has been acted on. */
export function forgetEvidence({ cells }: EvidenceTable, base: number): void {
  cells.fill(0, base + column.evidence, base + column.evidence + weighedBurnRatesMax)
  cells[base + column.isAny] = 0
}

function addEvidence(
  cells: Float64Array,
  base: number,
  terms: EvidenceTerms,
  at: EpochMs,
  stepMs: DurationMs,
  good: number,
  bad: number,
  { worth, lengthMs }: Clumping,
  clumped: boolean,
): void {
  const { perBad, perGood, needed, max } = terms
  const room = clumped ? roomOf(cells, base, terms, Math.floor((at - stepMs) / lengthMs)) : Number.POSITIVE_INFINITY
  let used = 0
  let isLeft = false
  let isComplete = false
  for (let index = 0; index < perBad.length; index++) {
    let added = (bad * perBad[index] + good * perGood[index]) * worth
    if (added > room) added = room
    if (added > used) used = added
    let evidence = cells[base + index] + added
    if (evidence > 0) {
      isLeft = true
      if (evidence >= needed) isComplete = true
      if (evidence > max) evidence = max
      if (cells[base + index] === 0) cells[base + column.since + index] = at - stepMs
      cells[base + index] = evidence
    } else cells[base + index] = 0
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
  good: number,
  { worth }: Clumping,
): void {
  let isLeft = false
  let isComplete = false
  for (let index = 0; index < perGood.length; index++) {
    const evidence = cells[base + index] + good * perGood[index] * worth
    cells[base + index] = evidence > 0 ? evidence : 0
    if (evidence > 0) isLeft = true
    if (evidence >= needed) isComplete = true
  }
  if (isComplete) cells[base + column.crossedAt] = at
  if (!isLeft) cells[base + column.isAny] = 0
}

function addRecovery(cells: Float64Array, base: number, terms: EvidenceTerms, good: number, bad: number): void {
  const recovery = cells[base + column.recovery] + good * terms.recoveryPerGood + bad * terms.recoveryPerBad
  cells[base + column.recovery] = recovery < 0 ? 0 : Math.min(recovery, 2 * terms.recoveryNeeded)
}

/** What the clump that a step belongs to may still add; a new clump has all of its room. */
function roomOf(cells: Float64Array, base: number, { clumpRoom }: EvidenceTerms, clump: number): number {
  if (cells[base + column.clump] === clump) return cells[base + column.room]
  cells[base + column.clump] = clump
  return clumpRoom
}
