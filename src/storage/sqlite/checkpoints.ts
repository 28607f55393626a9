import type { DatabaseSync } from 'node:sqlite'
import type { Checkpoints } from '../../ports/store.ts'
import { inTransaction } from './database.ts'
import type { LogCopier } from './log-copier.ts'
import type { PartReader } from './part-reader.ts'
import { textIn } from './rows.ts'
import { deletePart, selectNames, upsertPart } from './statements/checkpoint.ts'

/** After so many bytes the log is copied into the file, before SQLite does it within a commit. */
const copiedAfterBytes = 32 * 1024 ** 2

/** Checkpoint parts as blobs in one table; `copier` keeps the log short, and `read` reads them. */
export function sqliteCheckpoints(
  database: DatabaseSync,
  copier: Pick<LogCopier, 'copy'>,
  read: PartReader,
): Checkpoints {
  let uncopiedBytes = 0
  const upsert = database.prepare(upsertPart)
  const remove = database.prepare(deletePart)
  const select = database.prepare(selectNames)

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
    names: async () => select.all().map((row) => textIn(row, 'name')),
    read,
  }
}
