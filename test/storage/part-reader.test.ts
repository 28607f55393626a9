import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { silentLog } from '../../src/ports/log.ts'
import { inMemory, openDatabase } from '../../src/storage/sqlite/database.ts'
import { migrate } from '../../src/storage/sqlite/migrate.ts'
import { partReader } from '../../src/storage/sqlite/part-reader.ts'
import { upsertPart } from '../../src/storage/sqlite/statements/checkpoint.ts'
import { recordingLog } from '../support/delivery-recorders.ts'
import { storeFolder } from '../support/store-folder.ts'

test('what is large is read on a thread of its own, into memory that both have, and what is small is not', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  const database = databaseAt(path)
  t.after(() => database.close())
  putPart(database, 'row/eu/1', Uint8Array.of(1, 2, 3))
  // Larger than a page, so that it lies in several.
  const large = new Uint8Array(100_000).map((_, index) => index % 251)
  putPart(database, 'row/eu/2', large)
  const read = partReader(path, database, silentLog, 50_000)

  const aside = await read(['row/eu/1', 'row/eu/2', 'row/eu/3'])
  assert.deepEqual([...aside.keys()].sort(), ['row/eu/1', 'row/eu/2'])
  assert.deepEqual([...(aside.get('row/eu/1') ?? [])], [1, 2, 3])
  assert.deepEqual([...(aside.get('row/eu/2') ?? [])], [...large])
  assert.ok(aside.get('row/eu/2')?.buffer instanceof SharedArrayBuffer)

  const here = await read(['row/eu/1'])
  assert.deepEqual([...(here.get('row/eu/1') ?? [])], [1, 2, 3])
  assert.ok(here.get('row/eu/1')?.buffer instanceof ArrayBuffer)
})

test('what cannot be read on a thread of its own is read all the same, and said', async (t) => {
  const database = databaseAt(inMemory)
  t.after(() => database.close())
  putPart(database, 'row/eu/1', Uint8Array.of(1, 2, 3))
  const log = recordingLog()
  const parts = await partReader(join(storeFolder(t), 'missing.db'), database, log, 1)(['row/eu/1'])
  assert.deepEqual([...(parts.get('row/eu/1') ?? [])], [1, 2, 3])
  assert.match(JSON.stringify(log.lines), /not read on a thread of its own/)
})

function databaseAt(path: string): DatabaseSync {
  const database = openDatabase(path)
  migrate(path, database)
  return database
}

function putPart(database: DatabaseSync, name: string, part: Uint8Array): void {
  database.prepare(upsertPart).run({ name, part })
}
