import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDatabase } from '../../src/storage/sqlite/database.ts'
import { migrations } from '../../src/storage/sqlite/migrations/all.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aNewDelivery, aNotification, anIncident, aTick, firedAt } from '../support/delivery-messages.ts'
import { storeFolder } from '../support/store-folder.ts'

/** The store before what an incident is stood apart from what it is found by. */
const version4 = migrations.slice(0, 4)

test('incidents of a store of version 4 are all there, with what was decided about them', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  const open = { ...anIncident({ id: 'open' }), words: aNotification() }
  const closed = anIncident({ id: 'closed', phase: { kind: 'closed', clearedAt: firedAt + 1, at: firedAt + 2 } })
  const database = openDatabase(path)
  for (const step of version4) database.exec(step)
  database.exec('PRAGMA application_id = 0x736c626e')
  database.exec(`PRAGMA user_version = ${version4.length}`)
  const insert = database.prepare(
    `INSERT INTO incident (id, key, service, opened_at, closed_at, severity, sev, active, record)
     VALUES (?, 'checkout-availability', 'checkout', ?, ?, 'page', 'SEV2', ?, ?)`,
  )
  insert.run('open', firedAt, null, 1, JSON.stringify(open))
  insert.run('closed', firedAt, firedAt + 2, 0, JSON.stringify(closed))
  for (const id of ['open', 'closed']) {
    database
      .prepare(
        `INSERT INTO incident_event (incident_id, sequence, at, kind, reason) VALUES (?, 1, ?, 'opened', 'it burns')`,
      )
      .run(id, firedAt)
  }
  database.close()

  const store = openSqliteStore(path)
  t.after(() => store.close())
  assert.deepEqual((await store.load()).incidents, [open])
  assert.deepEqual((await store.incidents.timeline('open'))?.incident, open)
  assert.equal((await store.incidents.timeline('open'))?.events.length, 1)
  assert.deepEqual((await store.incidents.timeline('closed'))?.incident, closed)
  assert.equal(await store.incidents.prune({ incidentsBefore: firedAt + 3, noticesBefore: 0 }), 1)
  assert.equal(await store.incidents.timeline('closed'), undefined)

  const left = openDatabase(path)
  t.after(() => left.close())
  assert.deepEqual(
    left
      .prepare('SELECT incident_id FROM incident_record')
      .all()
      .map((row) => row['incident_id']),
    ['open'],
  )
})

test('what an open incident said last is written once, and there for whoever asks', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  const store = openSqliteStore(path)
  t.after(() => store.close())
  const history = { from: firedAt, stepMs: 1, burnRates: [1] }
  const told = aNotification({ incidentId: anIncident().id, key: anIncident().key, revision: 1 })
  const incident = { ...anIncident(), words: told }
  await store.commit(aTick({ incidents: [incident], deliveries: [aNewDelivery({ ...told, history })] }))
  assert.equal(recordOf(path).words, undefined)
  assert.deepEqual((await store.load()).incidents, [incident])
  assert.deepEqual(await store.incidents.list({ limit: 1 }), [incident])

  const proven = { ...incident, telling: { ...incident.telling, proven: true } }
  await store.commit(aTick({ incidents: [proven] }))
  assert.equal(recordOf(path).words, undefined, 'also where the message was stored before')
  assert.deepEqual((await store.load()).incidents, [proven])

  const claimed = await store.outbox.claim('oncall', firedAt)
  assert.ok(claimed !== undefined)
  await store.outbox.settle(claimed.id, 1, { kind: 'rejected', reason: 'HTTP 404' }, firedAt, undefined)
  assert.equal(await store.outbox.prune(Number.MAX_SAFE_INTEGER), 0, 'a message is kept while its incident is open')

  const closed = { ...proven, phase: { kind: 'closed', clearedAt: firedAt, at: firedAt } } as const
  await store.commit(aTick({ incidents: [closed] }))
  assert.equal(await store.outbox.prune(Number.MAX_SAFE_INTEGER), 1)
  assert.deepEqual((await store.incidents.timeline(closed.id))?.incident, closed)
})

test('an incident of which no message holds the words keeps them itself', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  const store = openSqliteStore(path)
  t.after(() => store.close())
  const incident = { ...anIncident(), words: aNotification({ key: anIncident().key }) }
  await store.commit(aTick({ incidents: [incident] }))
  assert.deepEqual(recordOf(path).words, incident.words)
  assert.deepEqual((await store.load()).incidents, [incident])
})

function recordOf(path: string): { readonly words?: unknown } {
  const database = openDatabase(path)
  try {
    return JSON.parse(String(database.prepare('SELECT record FROM incident_record').get()?.['record']))
  } finally {
    database.close()
  }
}
