import type { DispersionSettings } from '../model/evidence-settings.ts'
import type { DurationMs, EpochMs } from '../model/units.ts'
import type { Dispersion } from './dispersion.ts'
import { column, type EvidenceTable, never } from './evidence-table.ts'

/** Counts a clump of bad events in the block under way. `clumpMs` is the length of one. */
export function countClump(table: EvidenceTable, base: number, stepStart: EpochMs, clumpMs: DurationMs): void {
  const { cells } = table
  const clump = Math.floor(stepStart / clumpMs)
  if (cells[base + column.clumpCounted] === clump) return
  table.touchCounting(base)
  cells[base + column.clumpCounted] = clump
  cells[base + column.blockClumps]++
}

/**
 * Closes the row's block once its time is over, and lets what it says about clumping be learned. A block that ends while a
 * page has been open for long says nothing of it.
 */
export function closeBlock(
  table: EvidenceTable,
  base: number,
  block: number,
  settings: DispersionSettings,
  learning: Dispersion,
): void {
  const { cells } = table
  const closed = cells[base + column.block]
  if (closed >= block) return
  table.touchBlock(base)
  if (closed !== never) {
    const until = (closed + 1) * settings.blockMs
    const clumps = Math.min(cells[base + column.blockClumps], settings.perBlockMax)
    const before = cells[base + column.blockClumpsBefore]
    if (isBurningLong(cells, base, until, settings.skipAfterMs)) cells[base + column.blockClumpsBefore] = -1
    else {
      if (before >= 0) learning.learn(before, clumps, until)
      cells[base + column.blockClumpsBefore] = clumps
    }
    if (block > closed + 1) cells[base + column.blockClumpsBefore] = -1
  }
  cells[base + column.block] = block
  cells[base + column.blockClumps] = 0
}

/** A page of the row's scope or of the global one opened with this step. */
export function startBurning(table: EvidenceTable, base: number, at: EpochMs, stepMs: DurationMs): void {
  const { cells } = table
  const until = cells[base + column.burningUntil]
  if (until === Number.POSITIVE_INFINITY) return
  table.touch(base)
  if (until !== at) cells[base + column.burningSince] = at - stepMs
  cells[base + column.burningUntil] = Number.POSITIVE_INFINITY
}

/** No page of the row's scope or of the global one is open any more. */
export function stopBurning(table: EvidenceTable, base: number, at: EpochMs): void {
  if (table.cells[base + column.burningUntil] !== Number.POSITIVE_INFINITY) return
  table.touch(base)
  table.cells[base + column.burningUntil] = at
}

function isBurningLong(cells: Float64Array, base: number, at: EpochMs, longMs: DurationMs): boolean {
  return cells[base + column.burningUntil] > at && at - cells[base + column.burningSince] > longMs
}
