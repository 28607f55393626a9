import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentLog } from '../../src/ports/log.ts'
import { logCopier } from '../../src/storage/sqlite/log-copier.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { recordingLog } from '../support/delivery-recorders.ts'
import { storeFolder } from '../support/store-folder.ts'

const mebibyte = 1024 * 1024

test('a large checkpoint is in the file before the log is long, and the log goes with the store', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  const store = openSqliteStore(path)
  for (let number = 0; number < 33; number++) {
    await store.checkpoints.save(new Map([[`row/${number}`, new Uint8Array(mebibyte).fill(number)]]), [])
  }
  assert.ok(statSync(path).size > 30 * mebibyte, `${statSync(path).size} bytes`)
  assert.ok(statSync(`${path}-wal`).size < 40 * mebibyte)
  await store.close()
  assert.equal(existsSync(`${path}-wal`), false)
  const again = openSqliteStore(path)
  t.after(() => again.close())
  assert.equal((await again.checkpoints.read(await again.checkpoints.names())).size, 33)
})

test('a log that cannot be copied is left to the store, and said', async (t) => {
  const log = recordingLog()
  const copier = logCopier(join(storeFolder(t), 'missing', 'sloburn.db'), log)
  await copier.copy()
  assert.equal(log.lines.length, 1)
  assert.match(JSON.stringify(log.lines), /could not be copied now/)
  await copier.close()
})

test('a store in memory has nothing to copy', async () => {
  const copier = logCopier(':memory:', silentLog)
  await copier.copy()
  await copier.close()
})
