import type { EpochMs } from '../model/units.ts'
import type { ClearedColumns } from './cleared-columns.ts'
import { HistoryRow, type RowContent } from './history-row.ts'
import type { KeptRows } from './kept-rows.ts'
import { type BaseContent, RowBase } from './row-base.ts'

/** What is to be stored of a history since it was stored last, as it stands at one moment. */
export interface HistoryChanges {
  readonly rows: readonly RowContent[]
  readonly bases: readonly BaseContent[]
  /** The base to store rows over that are in doubles, to take less room. */
  readonly newestBase: RowBase | undefined
  readonly removedRows: readonly EpochMs[]
  readonly removedBases: readonly number[]
  readonly cleared: ClearedColumns
}

/** What a checkpoint held of the columns of a history. */
export interface StoredColumns {
  readonly columns: number
  readonly freeColumns: readonly number[]
  readonly cleared: Iterable<number>
}

/** What a checkpoint held of the rows of a history. */
export interface StoredRows {
  /** The oldest first; their counts are given away. */
  readonly rows: readonly StoredRow[]
  readonly bases: readonly StoredBase[]
}

/** A row as it was stored: in doubles, or small over a base. */
export interface StoredRow {
  readonly at: EpochMs
  readonly counts: Float64Array | Uint32Array
  readonly base?: number | undefined
  readonly savedAfter: number
}

/** A base as it was stored. */
export interface StoredBase {
  readonly id: number
  readonly counts: Float64Array
  readonly savedAfter: number
}

/** What changed in rows since the last call, and what was thinned away; it counts as stored from then on. */
export function takeRowChanges(kept: KeptRows, cleared: ClearedColumns): HistoryChanges {
  if (cleared.isFull) markRowsUnsaved(kept)
  const { newest: newestBase } = kept.bases
  newestBase?.reserve(kept.capacity)
  const savedAfter = cleared.count
  const rows = kept.list.filter(({ dirty }) => dirty)
  const bases = kept.bases.list.filter(({ dirty }) => dirty)
  for (const changed of [...rows, ...bases]) {
    changed.dirty = false
    changed.savedAfter = savedAfter
  }
  for (const row of rows) row.savedOn = row.base ?? newestBase
  const saved = [...kept.list, ...kept.bases.list]
  cleared.forgetBefore(saved.reduce((oldest, each) => Math.min(oldest, each.savedAfter), savedAfter))
  const removed = { removedRows: kept.takeRemoved(), removedBases: kept.bases.takeRemoved() }
  const contents = { rows: rows.map((row) => row.content()), bases: bases.map((base) => base.content()) }
  return { ...contents, ...removed, newestBase, cleared }
}

/** All rows count as changed since the last checkpoint. */
export function markRowsUnsaved({ list, bases }: KeptRows): void {
  for (const row of list) row.dirty = true
  for (const base of bases.list) base.dirty = true
}

/** Puts back rows and what they stand on; columns that were cleared after they were stored are cleared in them. */
export function restoreStoredRows(kept: KeptRows, cleared: ClearedColumns, { rows, bases }: StoredRows): void {
  const byId = new Map(bases.map((stored) => [stored.id, restoredBase(stored, cleared)]))
  kept.bases.restore([...byId.values()], kept.capacity)
  kept.restore(
    rows.map((stored) => {
      return restoredRow(stored, stored.base === undefined ? undefined : byId.get(stored.base), cleared)
    }),
  )
}

function restoredBase({ id, counts, savedAfter }: StoredBase, cleared: ClearedColumns): RowBase {
  cleared.applyTo(counts, savedAfter)
  const base = new RowBase(id, counts)
  base.dirty = false
  base.savedAfter = savedAfter
  return base
}

function restoredRow(
  { at, counts, savedAfter }: StoredRow,
  base: RowBase | undefined,
  cleared: ClearedColumns,
): HistoryRow {
  cleared.applyTo(counts, savedAfter)
  const row = new HistoryRow(at, counts, base)
  row.savedOn = row.base
  row.savedAfter = savedAfter
  row.dirty = false
  return row
}
