import type { DatabaseSync } from 'node:sqlite'
import type { Checkpoints } from '../../ports/store.ts'
import { inTransaction } from './database.ts'
import type { LogCopier } from './log-copier.ts'
import { bytesIn, textIn } from './rows.ts'
import { deletePart, selectParts, upsertPart } from './statements/checkpoint.ts'

/** More of a database file than this is read the ordinary way. */
const mappedBytesMax = 16 * 1024 ** 3

/** After so many bytes the log is copied into the file, before SQLite does it within a commit. */
const copiedAfterBytes = 32 * 1024 ** 2

/** Checkpoint parts as blobs in one table; `copier` keeps the log short. */
export function sqliteCheckpoints(database: DatabaseSync, copier: Pick<LogCopier, 'copy'>): Checkpoints {
  let uncopiedBytes = 0
  const upsert = database.prepare(upsertPart)
  const remove = database.prepare(deletePart)
  const select = database.prepare(selectParts)

  return {
    async save(parts, removed) {
      inTransaction(database, () => {
        for (const name of removed) remove.run({ name })
        for (const [name, part] of parts) upsert.run({ name, part })
      })
      for (const part of parts.values()) uncopiedBytes += part.length
      if (uncopiedBytes < copiedAfterBytes) return
      uncopiedBytes = 0
      await copier.copy()
    },
    async load() {
      // Gigabytes are read at once: mapped into memory that takes half as long, and is over before anything is written.
      database.exec(`PRAGMA mmap_size = ${mappedBytesMax}`)
      try {
        return new Map(select.all().map((row) => [textIn(row, 'name'), bytesIn(row, 'part')]))
      } finally {
        database.exec('PRAGMA mmap_size = 0')
      }
    },
  }
}
