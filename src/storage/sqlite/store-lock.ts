import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { inMemory } from './database.ts'
import { numberIn, textIn } from './rows.ts'
import { isStoreOutage, resultCode, storeError, storeRefusal } from './store-error.ts'

/** A claim to be the only process that runs on a store. */
export interface StoreLock {
  release(): void
}

const sqliteBusy = 5

/**
 * Claims a store for this process. The claim is a write transaction held open on `<path>.lock`: it rests on a kernel
 * file lock, so it ends with the process however that dies, and nothing is left to clean up after kill -9. Who holds it is
 * written inside, for the error. The store itself stays readable for everybody. Throws a StoreError when it is taken.
 */
export function lockStore(path: string): StoreLock {
  if (path === inMemory) return { release: () => {} }
  const lockPath = `${path}.lock`
  const database = openLock(lockPath)
  try {
    database.exec('BEGIN IMMEDIATE')
    signIn(database)
  } catch (cause) {
    const refusal = resultCode(cause) === sqliteBusy ? storeRefusal(path, inUse(database)) : storeError(lockPath, cause)
    database.close()
    throw refusal
  }
  return { release: () => database.close() }
}

/** Writes who holds it and keeps the claim; on a full disk the claim alone, since it needs no room. */
function signIn(database: DatabaseSync): void {
  try {
    database.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, host TEXT NOT NULL) STRICT')
    database.exec('DELETE FROM holder')
    database.prepare('INSERT INTO holder (pid, host) VALUES (?, ?)').run(process.pid, hostname())
    database.exec('COMMIT')
  } catch (error) {
    if (!isStoreOutage(error) || resultCode(error) === sqliteBusy) throw error
    if (database.isTransaction) database.exec('ROLLBACK')
  }
  database.exec('BEGIN IMMEDIATE')
}

function openLock(lockPath: string): DatabaseSync {
  try {
    mkdirSync(dirname(lockPath), { recursive: true })
    return new DatabaseSync(lockPath)
  } catch (cause) {
    throw storeError(lockPath, cause)
  }
}

function inUse(database: DatabaseSync): string {
  return `in use by ${holder(database)}; stop it first, or give this one a store of its own`
}

/** Reading is allowed while another process holds the write lock. */
function holder(database: DatabaseSync): string {
  try {
    const row = database.prepare('SELECT pid, host FROM holder').get()
    return row === undefined ? 'another process' : `process ${numberIn(row, 'pid')} on ${textIn(row, 'host')}`
  } catch {
    return 'another process'
  }
}
