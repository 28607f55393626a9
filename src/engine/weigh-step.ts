import { closeBlock, countClump } from '../core/evidence/burst-blocks.ts'
import { column, never } from '../core/evidence/evidence-table.ts'
import { type Clumping, stepEvidence } from '../core/evidence/step-evidence.ts'
import { globalScope } from '../core/model/slo.ts'
import { type DurationMs, type EpochMs, secondMs } from '../core/model/units.ts'
import type { CompiledRule } from './compiled-slo.ts'
import type { ScopeReading } from './read-scope.ts'
import { trialsIn } from './trial.ts'
import type { SloGates, Weighed } from './weighed.ts'

/** Failures within so short a time are one clump, also where steps are shorter. */
const clumpMinMs: DurationMs = 15 * secondMs

/** Weighs the events of the step that ends at `end`, the reading's own or one before it that is made up for. */
export function weighStep(weighed: Weighed, reading: ScopeReading, end: EpochMs): void {
  const { table, base, slo, terms, evidence, stepMs } = weighed
  const counts = end === reading.at ? reading.counts(stepMs) : reading.between(end - stepMs, end)
  const { bad, total } = trialsIn(slo.trial, counts, stepMs)
  const good = Math.max(0, total - bad)
  if (bad > 0 && learns(slo, reading.scope)) countClump(table, base, end - stepMs, clumpMs(stepMs))
  const { belowFailures } = evidence.settings.clumps
  const isClumped = bad > 0 && slo.trial.unit === 'events' && hasFewFailures(reading, belowFailures)
  stepEvidence(table, base, terms, end, stepMs, good, bad, clumping(weighed, end), isClumped)
}

/** Whether the block of time that the row counts clumps in ended before a step, so that it is to be closed. */
export function isBlockOver({ table, base, slo, evidence, stepMs }: Weighed, scope: string, end: EpochMs): boolean {
  return (
    table.cells[base + column.block] < blockOf(end - stepMs, evidence.settings.dispersion.blockMs) && learns(slo, scope)
  )
}

/** Closes the blocks of all scopes of an SLO that are over; `weighedAt` says up to when a scope was weighed. */
export function closeBlocks(
  { table, slo, evidence, stepMs }: Weighed,
  end: EpochMs,
  weighedAt: (scope: string) => EpochMs,
): void {
  const { dispersion: settings } = evidence.settings
  const block = blockOf(end - stepMs, settings.blockMs)
  if (slo.block < block) {
    if (slo.block !== never) slo.dispersion.passBlock()
    slo.block = block
  }
  for (const [scope, base] of slo.rows) {
    const endsAt = (table.cells[base + column.block] + 1) * settings.blockMs
    if (learns(slo, scope) && weighedAt(scope) >= endsAt) closeBlock(table, base, block, settings, slo.dispersion)
  }
}

function blockOf(at: EpochMs, blockMs: DurationMs): number {
  return Math.floor(at / blockMs)
}

/** Regions say how failures clump; where there are none, the global scope does. */
function learns({ rows }: SloGates, scope: string): boolean {
  return scope !== globalScope || rows.size === 1
}

/** Within how long failures are always one clump. */
export function clumpMs(stepMs: DurationMs): DurationMs {
  return Math.max(stepMs, clumpMinMs)
}

/** How failures clump at a step; time that is judged comes in minutes, which are no clumps. */
export function clumping({ slo, evidence, stepMs }: Weighed, at: EpochMs): Clumping {
  if (slo.trial.unit === 'minutes') return { worth: 1, lengthMs: clumpMs(stepMs) }
  const { clumps } = evidence.settings
  const dispersion = slo.dispersion.at(at)
  const learned = dispersion > clumps.burstAbove ? clumps.burstMs : clumpMs(stepMs)
  return { worth: 1 / dispersion, lengthMs: clumps.lengthMs === 'auto' ? learned : clumps.lengthMs }
}

/** Whether so few failures reach the rule with the shortest long window that one client's retries could. */
function hasFewFailures(reading: ScopeReading, failures: number): boolean {
  let quickest: CompiledRule | undefined
  for (const rule of reading.compiled.rulesAt(reading.at)) {
    if (rule.severity === 'page' && (quickest === undefined || rule.longMs < quickest.longMs)) quickest = rule
  }
  return quickest !== undefined && quickest.limit.ratio * reading.counts(quickest.longMs).total < failures
}
