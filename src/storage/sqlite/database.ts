import { DatabaseSync } from 'node:sqlite'
import { storeError } from './store-error.ts'

/** The path that means a store in memory, for tests and for trying out. */
export const inMemory = ':memory:'

/** After a large checkpoint the log is cut back to this, instead of keeping its largest size for ever. */
const logBytesKept = 64 * 1024 * 1024

/**
 * Pages of 4 KiB that the log holds before they are copied into the file, 128 MiB: a tick at which ten thousand incidents open writes
 * 75, and the messages of all of them change most of those pages again. With SQLite's own 1,000 they would wait for it again and again.
 */
const logPagesBeforeCopy = 32_768

/** What a tick writes and does not fit is written twice: SQLite's own 2 MiB are less than one at which a thousand SLOs break. */
const cacheKib = 64 * 1024

/**
 * Opens or creates a database file with the settings durability rests on: write-ahead log, synced at
 * every commit. Throws a StoreError when the file is not a database or cannot be used.
 */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5_000 })
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec(`PRAGMA journal_size_limit = ${logBytesKept}`)
    database.exec(`PRAGMA wal_autocheckpoint = ${logPagesBeforeCopy}`)
    database.exec(`PRAGMA cache_size = -${cacheKib}`)
    return database
  } catch (cause) {
    if (database?.isOpen === true) database.close()
    throw storeError(path, cause)
  }
}

/** Runs `work` in one transaction: all of it is kept, or, when it throws, nothing. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
