import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { secondMs } from '../../core/model/units.ts'
import { readParts } from './read-parts.ts'

/** The thread of `readPartsAside`: reads some parts of one database file, answers them and ends. */
const { path, names }: { readonly path: unknown; readonly names: unknown } = workerData
assert.ok(typeof path === 'string' && Array.isArray(names))
const database = new DatabaseSync(path, { readOnly: true, timeout: 5 * secondMs })
try {
  parentPort?.postMessage(readParts(database, names, shared), [])
} finally {
  database.close()
}

/** In memory that both threads have. The collector of garbage takes no notice of it: `CountsPool` says why that is good. */
function shared(part: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(part.length))
  copy.set(part)
  return copy
}
