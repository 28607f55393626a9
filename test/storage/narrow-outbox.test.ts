import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDatabase } from '../../src/storage/sqlite/database.ts'
import { migrations } from '../../src/storage/sqlite/migrations/all.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aNotification, firedAt } from '../support/delivery-messages.ts'
import { storeFolder } from '../support/store-folder.ts'

/** The store before messages and attempts stood apart from what changes. */
const version3 = migrations.slice(0, 3)

test('messages and attempts of a store of version 3 are all there, each with the other', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  storeOfVersion3(path)
  const store = openSqliteStore(path)
  t.after(() => store.close())
  assert.equal(await store.outbox.recover(firedAt + 5), 1)
  for (const id of ['second', 'first']) {
    const claimed = await store.outbox.claim('oncall', firedAt + 10)
    assert.equal(claimed?.id, id)
    assert.deepEqual(claimed.notification, aNotification({ key: id }))
    assert.equal(claimed.attempt, id === 'first' ? 2 : 1)
    await store.outbox.settle(id, claimed.attempt, { kind: 'delivered' }, firedAt + 11, undefined)
  }
  const database = openDatabase(path)
  t.after(() => database.close())
  const attempts = database
    .prepare('SELECT id, attempt, outcome FROM attempt JOIN outbox USING (sequence) ORDER BY sequence, attempt')
    .all()
  assert.deepEqual(
    attempts.map((row) => Object.values(row)),
    [
      ['first', 1, 'ambiguous'],
      ['first', 2, 'delivered'],
      ['second', 1, 'delivered'],
    ],
  )
})

function storeOfVersion3(path: string): void {
  const database = openDatabase(path)
  for (const step of version3) database.exec(step)
  database.exec('PRAGMA application_id = 0x736c626e')
  database.exec(`PRAGMA user_version = ${version3.length}`)
  const insert = database.prepare(
    `INSERT INTO outbox (id, receiver, recipient, alert_key, episode, message_status, lane, notification, status, attempts, due_at,
       created_at)
     VALUES (?, 'oncall', '', ?, ?, 'firing', 0, ?, ?, ?, ?, ?)`,
  )
  for (const [id, status, attempts] of [
    ['first', 'inflight', 1],
    ['second', 'queued', 0],
  ] as const) {
    insert.run(id, id, firedAt, JSON.stringify(aNotification({ key: id })), status, attempts, firedAt, firedAt)
  }
  database.prepare(`INSERT INTO attempt (delivery_id, attempt, started_at) VALUES ('first', 1, ?)`).run(firedAt)
  database.close()
}
