import { countClump } from '../core/evidence/burst-blocks.ts'
import { column, type EvidenceTable } from '../core/evidence/evidence-table.ts'
import { type Clumping, stepEvidence } from '../core/evidence/step-evidence.ts'
import type { DispersionSettings, EvidenceSettings } from '../core/model/evidence-settings.ts'
import { globalScope } from '../core/model/slo.ts'
import { type DurationMs, type EpochMs, secondMs } from '../core/model/units.ts'
import type { CompiledRule } from './compiled-slo.ts'
import { judgedBetween, type ScopeReading } from './read-scope.ts'
import type { SloEvidence, Weighed } from './slo-evidence.ts'
import { type Trial, trialsIn } from './trial.ts'

/** Failures within so short a time are one clump, also where steps are shorter. */
const clumpMinMs: DurationMs = 15 * secondMs

/** Weighs the events of the step that ends at `end`, the reading's own or one before it that is made up for. */
export function weighStep(weighed: Weighed, reading: ScopeReading, end: EpochMs): void {
  const { table, base, slo, terms, evidence, stepMs } = weighed
  const counts = end === reading.at ? reading.counts(stepMs) : judgedBetween(reading, end - stepMs, end)
  const { bad, total } = trialsIn(slo.trial, counts, stepMs)
  const good = Math.max(0, total - bad)
  if (bad > 0 && learns(slo, reading.scope)) countClump(table, base, end - stepMs, clumpMs(stepMs))
  const { belowFailures } = evidence.settings.clumps
  const isClumped = bad > 0 && slo.trial.unit === 'events' && hasFewFailures(reading, belowFailures)
  stepEvidence(table, base, terms, end, stepMs, good, bad, clumping(weighed, end), isClumped)
}

/** Whether the block of time that the row counts clumps in ended before a step begins, so that it is to be closed. */
export function isBlockOver(
  table: EvidenceTable,
  base: number,
  slo: SloEvidence,
  { blockMs }: DispersionSettings,
  scope: string,
  stepStart: EpochMs,
): boolean {
  return table.cells[base + column.block] < blockOf(stepStart, blockMs) && learns(slo, scope)
}

function blockOf(at: EpochMs, blockMs: DurationMs): number {
  return Math.floor(at / blockMs)
}

/** Regions say how failures clump; where there are none, the global scope does. */
function learns({ rows }: SloEvidence, scope: string): boolean {
  return scope !== globalScope || rows.size === 1
}

/** Within how long failures are always one clump. */
export function clumpMs(stepMs: DurationMs): DurationMs {
  return Math.max(stepMs, clumpMinMs)
}

/** The length of a clump while failures come by chance, and while they come in bursts. */
export interface ClumpLengths {
  readonly byChanceMs: DurationMs
  readonly inBurstsMs: DurationMs
}

/** How long clumps are; time that is judged comes in minutes, which are no clumps. */
export function clumpLengths(
  { unit }: Trial,
  { lengthMs, burstMs }: EvidenceSettings['clumps'],
  stepMs: DurationMs,
): ClumpLengths {
  const byChanceMs = clumpMs(stepMs)
  if (unit === 'minutes') return { byChanceMs, inBurstsMs: byChanceMs }
  return lengthMs === 'auto' ? { byChanceMs, inBurstsMs: burstMs } : { byChanceMs: lengthMs, inBurstsMs: lengthMs }
}

/** How failures clump at a step. */
function clumping({ slo: { trial, dispersion }, evidence, stepMs }: Weighed, at: EpochMs): Clumping {
  const { clumps } = evidence.settings
  const learned = trial.unit === 'minutes' ? 1 : dispersion.at(at)
  const { byChanceMs, inBurstsMs } = clumpLengths(trial, clumps, stepMs)
  return { worth: 1 / learned, lengthMs: learned > clumps.burstAbove ? inBurstsMs : byChanceMs }
}

/** Whether so few failures reach the rule with the shortest long window that one client's retries could. */
function hasFewFailures(reading: ScopeReading, failures: number): boolean {
  let quickest: CompiledRule | undefined
  for (const rule of reading.compiled.rulesAt(reading.at)) {
    if (rule.severity === 'page' && (quickest === undefined || rule.longMs < quickest.longMs)) quickest = rule
  }
  return quickest !== undefined && quickest.limit.ratio * reading.counts(quickest.longMs).total < failures
}
