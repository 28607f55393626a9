import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Store } from '../../ports/store.ts'
import { sqliteDailyCounts } from './daily-counts.ts'
import { sqliteExclusions } from './exclusions.ts'
import { storedIncidents } from './incident-history.ts'
import { migrations } from './migrations/all.ts'
import { storeError, storeRefusal } from './store-error.ts'

/** What reports are made of, read from a store. */
export interface StoreReading {
  readonly dailyCounts: Pick<Store['dailyCounts'], 'list'>
  readonly exclusions: Pick<Store['exclusions'], 'list'>
  readonly incidents: Pick<Store['incidents'], 'list' | 'timeline'>
  close(): void
}

/**
 * Opens a store to read it, also while an engine runs on it: nothing is locked and nothing can be written. Throws a StoreError
 * when there is none, or when another version wrote it.
 */
export function readSqliteStore(path: string): StoreReading {
  if (!existsSync(path))
    throw storeRefusal(path, 'there is no such file; run the engine first, or give --rules and --data')
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
    if (version !== migrations.length) {
      const hint = 'start the engine of this version on it once'
      throw storeRefusal(path, `it has version ${version}, and this one knows ${migrations.length}; ${hint}`)
    }
    const dailyCounts = sqliteDailyCounts(database)
    const { history } = storedIncidents(database)
    const opened = database
    return {
      dailyCounts,
      exclusions: sqliteExclusions(database),
      incidents: history,
      close: () => opened.close(),
    }
  } catch (cause) {
    database?.close()
    throw cause instanceof Error && cause.name === 'StoreError' ? cause : storeError(path, cause)
  }
}
