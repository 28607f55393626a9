import { startBurning, stopBurning } from '../core/evidence/burst-blocks.ts'
import { column } from '../core/evidence/evidence-table.ts'
import { nextHoldLevel } from '../core/evidence/hold-level.ts'
import { forgetEvidence } from '../core/evidence/step-evidence.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Weighed } from './slo-evidence.ts'

/** A page opened in a scope: how often it has come again in a row is counted here. */
export function pageOpened(weighed: Weighed, scope: string, at: EpochMs): void {
  const { table, base, slo, stepMs } = weighed
  table.touch(base)
  table.cells[base + column.level] = timesAgain(weighed, at)
  table.cells[base + column.open] = 1
  table.cells[base + column.openTogether] = 0
  for (const other of scope === globalScope ? slo.rows.values() : [base]) startBurning(table, other, at, stepMs)
}

/** How often in a row the page would have come again if it opened now. */
export function timesAgain({ table: { cells }, base, evidence }: Weighed, at: EpochMs): number {
  const { hold } = evidence.settings
  return nextHoldLevel(cells[base + column.level], cells[base + column.clearedAt], at, hold)
}

/** A page resolved in a scope: another needs evidence of its own. */
export function pageResolved(weighed: Weighed, scope: string, at: EpochMs): void {
  const { table, base, slo } = weighed
  table.touch(base)
  forgetEvidence(table, base)
  table.cells[base + column.clearedAt] = at
  table.cells[base + column.open] = 0
  table.cells[base + column.openTogether] = 0
  if (scope !== globalScope) {
    if (!isGlobalOpen(weighed)) stopBurning(table, base, at)
    return
  }
  for (const other of slo.rows.values()) if (table.cells[other + column.open] === 0) stopBurning(table, other, at)
}

/** Remembers that the global scope's page was open while this one was. */
export function noteTogether(weighed: Weighed): void {
  const { table, base } = weighed
  if (table.cells[base + column.openTogether] === 1 || !isGlobalOpen(weighed)) return
  table.touch(base)
  table.cells[base + column.openTogether] = 1
}

/** What speaks for the service being well: in the scope, or globally once a page that was open in both has ended there. */
export function recoveryOf(weighed: Weighed): number {
  const { table, base, slo } = weighed
  const own = table.cells[base + column.recovery]
  const global = slo.rows.get(globalScope)
  if (global === undefined || table.cells[base + column.openTogether] === 0 || isGlobalOpen(weighed)) return own
  return Math.max(own, table.cells[global + column.recovery])
}

function isGlobalOpen({ table, slo }: Weighed): boolean {
  const base = slo.rows.get(globalScope)
  return base !== undefined && table.cells[base + column.open] === 1
}
