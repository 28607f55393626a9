import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { minuteMs } from '../../src/core/model/units.ts'
import { Counting } from '../../src/engine/counting.ts'
import { IncidentDesk } from '../../src/engine/incident-desk.ts'
import { openDatabase } from '../../src/storage/sqlite/database.ts'
import { migrations } from '../../src/storage/sqlite/migrations/all.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aFiredRule, aTick, firedAt } from '../support/delivery-messages.ts'
import { everythingToOncall } from '../support/engine-world.ts'
import { storeFolder } from '../support/store-folder.ts'

/** What version 1 stored of an alert that was told. */
const opened = {
  status: 'firing',
  key: 'checkout/eu/page',
  slo: 'checkout',
  service: 'shop',
  scope: 'eu',
  severity: 'page',
  description: '',
  labels: { team: 'payments' },
  runbook: null,
  dashboard: null,
  objective: 0.999,
  window: '30d',
  firedAt,
  resolvedAt: null,
  at: firedAt,
  rule: { longMs: 3_600_000, shortMs: 300_000, burnRate: 14.4 },
  long: { bad: 1, total: 2, errorRatio: 0.5, burnRate: 500 },
  short: { bad: 1, total: 2, errorRatio: 0.5, burnRate: 500 },
  budget: { bad: 1, total: 2, remaining: 0.5, timeToExhaustionMs: null },
  regions: [{ region: 'eu', burnRate: 500, state: 'ok' }],
}

/** A store of version 1 with one open alert that was told, and a message that still waits. */
function storeOfVersion1(path: string): void {
  const database = openDatabase(path)
  database.exec(migrations[0])
  database.exec('PRAGMA application_id = 0x736c626e')
  database.exec('PRAGMA user_version = 1')
  const record = {
    state: { kind: 'firing', since: firedAt, rule: aFiredRule },
    told: [{ receiver: 'oncall', recipient: '' }],
    opened,
  }
  database
    .prepare('INSERT INTO alert_state (alert_key, slo, scope, severity, record) VALUES (?, ?, ?, ?, ?)')
    .run('checkout/eu/page', 'checkout', 'eu', 'page', JSON.stringify(record))
  const insert = database.prepare(
    `INSERT INTO outbox (id, receiver, recipient, alert_key, episode, message_status, lane, notification, status, due_at,
       created_at, settled_at, reference)
     VALUES (?, ?, '', ?, ?, 'firing', 0, ?, ?, ?, ?, ?, ?)`,
  )
  const told = JSON.stringify(opened)
  insert.run('delivered', 'oncall', 'checkout/eu/page', firedAt, told, 'delivered', null, firedAt, firedAt, 'C1:1')
  insert.run('waiting', 'slow', 'checkout/eu/page', firedAt, told, 'queued', firedAt, firedAt, null, null)
  database.close()
}

test('an alert that version 1 told keeps its key: its end finds the beginning, with what the receiver answered', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  storeOfVersion1(path)
  const store = openSqliteStore(path)
  t.after(() => store.close())
  const state = await store.load()
  assert.deepEqual(
    state.alerts.map(({ id, service }) => [id, service]),
    [[{ slo: 'checkout', scope: 'eu', severity: 'page' }, 'shop']],
  )
  assert.deepEqual(
    state.adopted.map(({ key, openedAt, telling }) => [key, openedAt, telling.told.length]),
    [['checkout/eu/page', firedAt, 1]],
  )
  await store.commit(aTick({ incidents: state.adopted }))
  assert.deepEqual((await store.load()).adopted, [], 'adopted once')

  const desk = new IncidentDesk({ counting: new Counting(15_000), stepMs: 15_000, routing: () => everythingToOncall })
  desk.restore(await store.load())
  const now = firedAt + 10 * minuteMs
  const [{ id, rule, labels }] = state.incidents[0].alerts
  const end = {
    id,
    event: 'resolved',
    firedAt,
    at: now,
    rule,
    service: 'shop',
    labels,
    receivers: [],
    data: null,
  } as const
  desk.turn([end], now, () => now)
  await store.commit(aTick({ ...desk.commit(), at: now }))

  const told = await store.outbox.claim('oncall', now)
  assert.deepEqual(
    [told?.notification.key, told?.notification.status, told?.openReference, told?.episode],
    ['checkout/eu/page', 'resolved', 'C1:1', firedAt],
  )
})

test('a message that version 1 left waiting is sent in the form of today', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  storeOfVersion1(path)
  const store = openSqliteStore(path)
  t.after(() => store.close())
  const waiting = await store.outbox.claim('slow', firedAt)
  assert.ok(waiting?.notification.kind === 'incident')
  const { change, wakes, alerts, revision } = waiting.notification
  assert.deepEqual([change, wakes, revision, alerts.length], ['opened', true, 1, 1])
})
