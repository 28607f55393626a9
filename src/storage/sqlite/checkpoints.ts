import type { DatabaseSync } from 'node:sqlite'
import type { Checkpoints } from '../../ports/store.ts'
import { inTransaction } from './database.ts'
import { bytesIn, textIn } from './rows.ts'
import { deletePart, selectParts, upsertPart } from './statements/checkpoint.ts'

/** Checkpoint parts as blobs in one table. */
export function sqliteCheckpoints(database: DatabaseSync): Checkpoints {
  const upsert = database.prepare(upsertPart)
  const remove = database.prepare(deletePart)
  const select = database.prepare(selectParts)

  return {
    async save(parts, removed) {
      inTransaction(database, () => {
        for (const name of removed) remove.run({ name })
        for (const [name, part] of parts) upsert.run({ name, part })
      })
    },
    async load() {
      return new Map(select.all().map((row) => [textIn(row, 'name'), bytesIn(row, 'part')]))
    },
  }
}
