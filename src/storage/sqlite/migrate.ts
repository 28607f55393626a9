import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from './database.ts'
import { migrations } from './migrations/all.ts'
import { storeError, storeRefusal } from './store-error.ts'

/** `slbn`, in the file's header: a file of another program is not touched. */
const applicationId = 0x73_6c_62_6e

/** What is checked at every start; checkpoints are large and their reader finds damage itself. */
const checkedTables = [
  'alert_state',
  'progress',
  'episode',
  'incident',
  'incident_record',
  'outbox',
  'message',
  'attempt',
  'exclusion',
  'exclusion_audit',
]

/**
 * Brings a database to the newest version in one transaction and checks the tables paging rests on. Throws a StoreError
 * when it belongs to another program, was written by a newer sloburn or is damaged.
 */
export function migrate(path: string, database: DatabaseSync, steps: readonly string[] = migrations): void {
  try {
    inTransaction(database, () => upgrade(path, database, steps))
    for (const table of checkedTables) check(path, database, table)
  } catch (cause) {
    throw cause instanceof Error && cause.name === 'StoreError' ? cause : storeError(path, cause)
  }
}

function upgrade(path: string, database: DatabaseSync, steps: readonly string[]): void {
  const version = pragma(database, 'user_version')
  const owner = pragma(database, 'application_id')
  if (owner !== applicationId && (version !== 0 || owner !== 0 || hasTables(database))) {
    throw storeRefusal(path, 'it is a database of another program; give sloburn a file of its own')
  }
  if (version > steps.length) {
    const hint = 'run that version, or give this one a store of its own'
    throw storeRefusal(
      path,
      `it has version ${version}, written by a newer sloburn; this one knows ${steps.length}; ${hint}`,
    )
  }
  // Nothing is written where nothing is new: a process must be able to start on a full disk.
  if (version === steps.length && owner === applicationId) return
  for (const step of steps.slice(version)) database.exec(step)
  database.exec(`PRAGMA application_id = ${applicationId}`)
  database.exec(`PRAGMA user_version = ${steps.length}`)
}

function check(path: string, database: DatabaseSync, table: string): void {
  const found = database.prepare(`PRAGMA quick_check(${table})`).get()?.['quick_check']
  if (found === 'ok') return
  const hint = 'restore a copy, or move it away together with its -wal and -shm files to start empty'
  throw storeRefusal(path, `it is damaged: ${String(found)}; ${hint}`)
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}

function hasTables(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined
}
