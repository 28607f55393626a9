import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { secondMs } from '../../core/model/units.ts'

/** The thread of a log copier: copies the log of one database file whenever it is told to, and answers what kept it from that. */
parentPort?.on('message', () => parentPort?.postMessage(problemOfCopying(String(workerData)), []))

function problemOfCopying(path: string): string | undefined {
  try {
    const database = new DatabaseSync(path, { timeout: 5 * secondMs })
    try {
      database.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } finally {
      database.close()
    }
    return undefined
  } catch (error) {
    return String(error)
  }
}
