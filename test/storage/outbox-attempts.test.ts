import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Delivery, Outcome } from '../../src/core/model/delivery.ts'
import { openDatabase } from '../../src/storage/sqlite/database.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aNewDelivery, aNotification, aResolve, aTick, firedAt } from '../support/delivery-messages.ts'
import { storeFolder } from '../support/store-folder.ts'

const keys = Array.from({ length: 60 }, (_, index) => `slo-${index}`)

test('of many messages claimed together no two are of one chain, and each has an attempt that is durable', async (t) => {
  const { store, path } = aBurst(t)
  await store.commit(
    aTick({
      deliveries: keys.flatMap((key) => [aNewDelivery(aNotification({ key })), aNewDelivery(aResolve({ key }))]),
    }),
  )
  const claimed = await claimMany(100)
  assert.deepEqual(new Set(claimed.map(({ notification }) => notification.key)), new Set(keys))
  assert.ok(
    claimed.every(({ notification, attempt, opens }) => notification.status === 'firing' && attempt === 1 && opens),
  )
  const reader = openDatabase(path)
  t.after(() => reader.close())
  const attempts = reader.prepare('SELECT count(*) AS count FROM attempt WHERE ended_at IS NULL AND attempt = 1').get()
  assert.equal(attempts?.['count'], keys.length)

  async function claimMany(count: number): Promise<readonly Delivery[]> {
    const answers = await Promise.all(Array.from({ length: count }, () => store.outbox.claim('oncall', firedAt)))
    return answers.filter((one) => one !== undefined)
  }
})

test('what is settled together ends as if each were settled alone, and lets what waits behind it go', async (t) => {
  const outcomes: readonly Outcome[] = [
    { kind: 'delivered' },
    { kind: 'delivered', reference: 'C1:1.2' },
    { kind: 'rejected', reason: 'HTTP 404' },
    { kind: 'retry', reason: 'HTTP 503' },
    { kind: 'ambiguous', reason: 'connection lost' },
  ]
  const together = await played(async (settlements) => void (await Promise.all(settlements.map((settle) => settle()))))
  const alone = await played(async (settlements) => {
    for (const settle of settlements) await settle()
  })
  assert.deepEqual(together, alone)
  assert.deepEqual(new Set(together.rows.map(({ status }) => status)), new Set(['delivered', 'dead', 'queued']))
  assert.ok(together.next.length > 0)

  async function played(settle: (settlements: readonly (() => Promise<void>)[]) => Promise<void>) {
    const { store, path } = aBurst(t)
    const opens = keys.map((key) => aNewDelivery(aNotification({ key })))
    await store.commit(aTick({ deliveries: opens }))
    const claimed = await Promise.all(keys.map(() => store.outbox.claim('oncall', firedAt)))
    await store.commit(aTick({ deliveries: keys.map((key) => aNewDelivery(aResolve({ key }))), at: firedAt + 1 }))
    const deliveries = claimed.filter((one) => one !== undefined)
    await settle(
      deliveries.map(({ id, attempt }, index) => () => {
        const outcome = outcomes[index % outcomes.length]
        const retryAt = outcome.kind === 'retry' || outcome.kind === 'ambiguous' ? firedAt + 1_000 : undefined
        return store.outbox.settle(id, attempt, outcome, firedAt + 10 + (index % 3), retryAt)
      }),
    )
    // A late word on the same attempt.
    await store.outbox.settle(deliveries[0].id, 1, { kind: 'rejected', reason: 'late' }, firedAt + 20, undefined)
    const reader = openDatabase(path)
    t.after(() => reader.close())
    const rows = reader
      .prepare(
        'SELECT id, status, attempts, due_at, settled_at, reference, reason, maybe_sent FROM outbox ORDER BY sequence',
      )
      .all()
    const attempts = reader.prepare('SELECT * FROM attempt ORDER BY sequence, attempt').all()
    const next = await Promise.all(keys.map(() => store.outbox.claim('oncall', firedAt + 30)))
    const said = next.flatMap((one) =>
      one === undefined ? [] : [[one.id, one.notification.status, one.openReference]],
    )
    return {
      rows: rows.map((row) => ({ ...row })),
      attempts: attempts.map((row) => ({ ...row })),
      next: said.map((one) => one.join(' ')).sort((a, b) => (a < b ? -1 : 1)),
    }
  }
})

function aBurst(t: TestContext) {
  const path = join(storeFolder(t), 'sloburn.db')
  const store = openSqliteStore(path)
  t.after(() => void store.close())
  return { store, path }
}
