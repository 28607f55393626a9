import { closeBlock } from '../core/evidence/burst-blocks.ts'
import { Dispersion } from '../core/evidence/dispersion.ts'
import type { DispersionTable } from '../core/evidence/dispersion-table.ts'
import { column, type EvidenceTable, never } from '../core/evidence/evidence-table.ts'
import type { DispersionSettings } from '../core/model/evidence-settings.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import { endOfChain, type RowChains } from './row-chains.ts'

/** SLOs, by number, that go by the same constants, and of which a block of time is over. */
export interface EndingBlocks {
  /** So many of them count. */
  count: number
  readonly numbers: Int32Array
}

/** The tables in which it stands what is known of each SLO. */
export interface BlockTables {
  readonly table: EvidenceTable
  readonly dispersions: DispersionTable
  readonly chains: RowChains
}

/** Closes the blocks of all scopes of SLOs that are over when a step begins; `weighedAt` says up to when a scope was weighed. */
export function endBlocks(
  { table, dispersions, chains }: BlockTables,
  { count, numbers }: EndingBlocks,
  settings: DispersionSettings,
  stepStart: EpochMs,
  weighedAt: (scope: string) => EpochMs,
): void {
  if (count === 0) return
  const { blockMs } = settings
  const block = Math.floor(stepStart / blockMs)
  const { bases, scopes, next, first } = chains
  const { cells } = table
  const weighed = Float64Array.from(chains.scopeNames, weighedAt)
  const global = chains.scopeNumber(globalScope)
  const dispersion = new Dispersion(settings, dispersions, numbers[0])
  for (let index = 0; index < count; index++) {
    const number = numbers[index]
    dispersions.touch(number)
    dispersion.moveTo(number)
    passBlock(dispersion, block)
    const start = first[number]
    for (let place = start; place !== endOfChain; place = next[place]) {
      const base = bases[place]
      // Regions say how failures clump; where there are none, the global scope does.
      if (scopes[place] === global && (place !== start || next[place] !== endOfChain)) continue
      if (weighed[scopes[place]] >= (cells[base + column.block] + 1) * blockMs) {
        closeBlock(table, base, block, settings, dispersion)
      }
    }
  }
}

function passBlock(dispersion: Dispersion, block: number): void {
  const before = dispersion.block
  if (before >= block) return
  if (before !== never) dispersion.passBlock()
  dispersion.block = block
}
