import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { holdStore, killHard } from '../support/store-child.ts'
import { storeFolder } from '../support/store-folder.ts'

test('a second process on the same store is refused and told who has it', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  const holder = await holdStore(t, path)
  assert.throws(() => openSqliteStore(path), {
    name: 'StoreError',
    message: new RegExp(`^store ${path}: in use by process ${holder.pid} on .+; stop it first`),
  })
})

test('a holder killed with SIGKILL leaves nothing that keeps the next one out, and loses nothing', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  await killHard(await holdStore(t, path))
  const store = openSqliteStore(path)
  t.after(() => store.close())
  assert.equal((await store.outbox.list({ limit: 10 })).length, 1)
})

test('one process cannot open a store twice, but again after closing it', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  const first = openSqliteStore(path)
  assert.throws(() => openSqliteStore(path), { name: 'StoreError', message: /in use by process/ })
  await first.close()
  await first.close()
  const second = openSqliteStore(path)
  await second.close()
})

test('a store that could not be opened is not kept locked', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  const foreign = new DatabaseSync(path)
  foreign.exec('CREATE TABLE theirs (x INTEGER)')
  foreign.close()
  for (const _ of [1, 2]) assert.throws(() => openSqliteStore(path), /database of another program/)
})

test('others may read a store while it is held', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  await holdStore(t, path)
  const reader = new DatabaseSync(path, { readOnly: true })
  t.after(() => reader.close())
  assert.deepEqual(
    reader
      .prepare('SELECT status FROM outbox')
      .all()
      .map((row) => row['status']),
    ['queued'],
  )
})

test('stores in memory know nothing of each other', async () => {
  const stores = [openSqliteStore(':memory:'), openSqliteStore(':memory:')]
  for (const store of stores) await store.close()
})
