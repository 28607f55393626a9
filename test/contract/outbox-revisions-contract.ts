import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { NewDelivery } from '../../src/core/model/delivery.ts'
import type { DigestMessage, HeartbeatMessage, Notification } from '../../src/core/model/notification.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { aNewDelivery, aNotification, aResolve, aTick, firedAt, incidentIn } from '../support/delivery-messages.ts'
import {
  claimed,
  delivered,
  drain,
  failed,
  filled,
  lost,
  now,
  refused,
  settleNext,
  statuses,
} from '../support/store-outbox.ts'
import type { OpenStore } from './store-contract.ts'

/** What every outbox does with revisions of one incident, with what is withdrawn, and with digests. */
export function outboxRevisionsContract(name: string, open: OpenStore): void {
  describe(`outbox contract of revisions, ${name}`, () => {
    describe('a newer revision', () => {
      test('takes the place of one that waits, and is as urgent', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        const update = aNewDelivery(anUpdate(2))
        await store.commit(aTick({ deliveries: [update], at: now }))
        const next = await claimed(store)
        const { revision, wakes, change } = incidentIn(next)
        assert.deepEqual([revision, wakes, change, next.opens], [2, true, 'opened', true])
        assert.deepEqual(await statuses(store), ['firing inflight', 'firing superseded'])
      })

      test('goes in the place of one that is under way and fails', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        const first = await claimed(store)
        await store.commit(aTick({ deliveries: [aNewDelivery(anUpdate(2))], at: now }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        await store.outbox.settle(first.id, 1, lost, now, now + minuteMs)
        const next = await store.outbox.claim('oncall', now + minuteMs)
        assert.deepEqual([next?.notification.revision, next?.notification.wakes, next?.maybeSent], [2, true, true])
      })

      test('follows one that is under way and arrives', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        const first = await claimed(store)
        await store.commit(aTick({ deliveries: [aNewDelivery(anUpdate(2))], at: now }))
        await store.outbox.settle(first.id, 1, delivered, now, undefined)
        assert.deepEqual(
          (await drain(store)).map(({ notification }) => [notification.revision, notification.wakes]),
          [[2, false]],
        )
      })

      test('that only brings up to date is not sent where nothing arrived', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, refused)
        await store.commit(aTick({ deliveries: [aNewDelivery(anUpdate(2))], at: now }))
        assert.deepEqual(await drain(store), [])
        assert.deepEqual(await statuses(store), ['firing superseded', 'firing dead'])
      })

      test('that wakes is sent although an earlier one was refused', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, refused)
        const again = aNotification({ revision: 2, change: 'repeated' })
        await store.commit(aTick({ deliveries: [aNewDelivery(again)], at: now }))
        assert.equal((await claimed(store)).opens, true)
      })
    })

    describe('the end', () => {
      test('takes the place of updates that wait once something arrived', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, delivered)
        const update = aNewDelivery(anUpdate(2))
        await store.commit(aTick({ deliveries: [update], at: now }))
        await store.commit(aTick({ deliveries: [aNewDelivery(aResolve({ revision: 3 }))], at: now }))
        assert.deepEqual(
          (await drain(store)).map(({ notification }) => notification.status),
          ['resolved'],
        )
      })

      test('waits for an open that never arrived', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, failed, now + minuteMs)
        await store.commit(aTick({ deliveries: [aNewDelivery(aResolve())], at: now }))
        assert.deepEqual(
          (await drain(store, now + minuteMs)).map(({ notification }) => notification.status),
          ['firing', 'resolved'],
        )
      })
    })

    describe('what is withdrawn', () => {
      const withdrawal = { key: aNotification().key, episode: firedAt, remindersOnly: false, reason: 'silenced by ana' }

      test('does not go out, and says why', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await store.commit(aTick({ superseded: [withdrawal], at: now }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        const [record] = await store.outbox.list({ limit: 1 })
        assert.deepEqual([record.status, record.reason], ['superseded', 'silenced by ana'])
      })

      for (const outcome of [
        { kind: 'retry', reason: 'HTTP 503' },
        { kind: 'ambiguous', reason: 'no answer' },
      ] as const) {
        test(`is not tried again where an attempt was under way that ends ${outcome.kind}`, async (t) => {
          const store = await filled(open, t, [aNewDelivery()])
          const { id, attempt } = await claimed(store)
          await store.commit(aTick({ superseded: [withdrawal], at: now }))
          await store.outbox.settle(id, attempt, outcome, now, now + 1)
          assert.equal(await store.outbox.claim('oncall', now + hourMs), undefined)
          const [record] = await store.outbox.list({ limit: 1 })
          assert.deepEqual([record.status, record.reason], ['superseded', 'silenced by ana'])
          // What may have arrived has an end.
          await store.commit(aTick({ deliveries: [aNewDelivery(aResolve())], at: now }))
          const end = await store.outbox.claim('oncall', now + hourMs)
          assert.equal(end?.notification.status, outcome.kind === 'ambiguous' ? 'resolved' : undefined)
        })
      }

      test('has arrived where the attempt under way says so', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        const { id, attempt } = await claimed(store)
        await store.commit(aTick({ superseded: [withdrawal], at: now }))
        await store.outbox.settle(id, attempt, delivered, now, undefined)
        assert.deepEqual(await statuses(store), ['firing delivered'])
      })

      test('is not taken up again where the process died during the attempt, and has an end', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await claimed(store)
        await store.commit(aTick({ superseded: [withdrawal], deliveries: [aNewDelivery(aResolve())], at: now }))
        await store.outbox.recover(now + 1)
        const [next, ...others] = await drain(store, now + 1)
        assert.deepEqual([next.notification.status, others], ['resolved', []])
      })

      test('gives its place to a newer revision, which does not wake for it', async (t) => {
        const reminder = aNotification({ revision: 2, change: 'repeated' })
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, delivered)
        await store.commit(aTick({ deliveries: [aNewDelivery(reminder)], at: now }))
        const { id, attempt } = await claimed(store)
        const taken = aNotification({ revision: 3, change: 'acknowledged', wakes: false })
        const superseded = [{ ...withdrawal, remindersOnly: true }]
        await store.commit(aTick({ superseded, deliveries: [aNewDelivery(taken)], at: now }))
        await store.outbox.settle(id, attempt, { kind: 'retry', reason: 'HTTP 503' }, now, now)
        const next = await claimed(store)
        assert.deepEqual([next.notification.change, next.notification.wakes], ['acknowledged', false])
      })

      test('is not what was never told of, though a reminder of it took its place', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await store.commit(
          aTick({ deliveries: [aNewDelivery(aNotification({ revision: 2, change: 'repeated' }))], at: now }),
        )
        const { id, attempt } = await claimed(store)
        await store.commit(
          aTick({ deliveries: [aNewDelivery(aNotification({ revision: 3, change: 'repeated' }))], at: now }),
        )
        await store.outbox.settle(id, attempt, { kind: 'retry', reason: 'HTTP 503' }, now, now)
        await store.commit(aTick({ superseded: [{ ...withdrawal, remindersOnly: true }], at: now }))
        const next = incidentIn(await claimed(store))
        assert.deepEqual([next.revision, next.change], [3, 'opened'])
      })

      test('can be a reminder alone', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await store.commit(aTick({ superseded: [{ ...withdrawal, remindersOnly: true }], at: now }))
        assert.equal((await claimed(store)).notification.change, 'opened')
      })

      test('is nothing that has gone out, and no end', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, delivered)
        await store.commit(aTick({ deliveries: [aNewDelivery(aResolve())], at: now }))
        await store.commit(aTick({ superseded: [withdrawal], at: now }))
        assert.deepEqual(await statuses(store), ['resolved queued', 'firing delivered'])
      })
    })

    describe('a digest', () => {
      test('takes its entries along, and what becomes of it becomes of them', async (t) => {
        const { deliveries, digest } = aDigest()
        const store = await filled(open, t, [...deliveries, digest])
        assert.deepEqual(await statuses(store), ['firing queued', 'firing carried', 'firing carried'])
        const [sent, ...others] = await drain(store)
        assert.equal(sent.notification.kind, 'digest')
        assert.deepEqual(others, [])
        assert.deepEqual(await statuses(store), ['firing delivered', 'firing delivered', 'firing delivered'])
      })

      test('lets the end of an entry find it, with what was answered to the digest', async (t) => {
        const { deliveries, digest } = aDigest()
        const store = await filled(open, t, [...deliveries, digest])
        await settleNext(store, { kind: 'delivered', reference: 'C1:1:digest' })
        await store.commit(aTick({ deliveries: [aNewDelivery(aResolve({ slo: 'a', severity: 'ticket' }))], at: now }))
        const end = await claimed(store)
        assert.deepEqual([end.notification.status, end.openReference], ['resolved', 'C1:1:digest'])
      })

      test('has its entries told of although one of them is withdrawn meanwhile, and of their ends', async (t) => {
        const { deliveries, digest } = aDigest()
        const store = await filled(open, t, [...deliveries, digest])
        const superseded = [{ key: 'a', episode: firedAt, remindersOnly: false, reason: 'silenced by ana' }]
        await store.commit(aTick({ superseded, at: now }))
        await settleNext(store, delivered)
        await store.commit(aTick({ deliveries: [aNewDelivery(aResolve({ slo: 'a', severity: 'ticket' }))], at: now }))
        assert.equal((await claimed(store)).notification.status, 'resolved')
      })

      test('that is refused leaves no end to be told', async (t) => {
        const { deliveries, digest } = aDigest()
        const store = await filled(open, t, [...deliveries, digest])
        await settleNext(store, refused)
        await store.commit(aTick({ deliveries: [aNewDelivery(aResolve({ slo: 'a', severity: 'ticket' }))], at: now }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
      })
    })

    test('of heartbeats that wait only the newest is sent', async (t) => {
      const store = await filled(open, t, [aHeartbeat(1), aHeartbeat(2), aHeartbeat(3)])
      assert.deepEqual(
        (await drain(store)).map(({ notification }) => notification.revision),
        [3],
      )
    })

    describe('how far a page has come', () => {
      test('is on its way, then delivered', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        assert.deepEqual(await progress(store), { delivered: false, moving: true, waitingSince: firedAt })
        await settleNext(store, delivered)
        assert.deepEqual(await progress(store), { delivered: true, moving: false, waitingSince: null })
      })

      test('is nowhere when it was refused', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, refused)
        assert.deepEqual(await progress(store), { delivered: false, moving: false, waitingSince: firedAt })
      })

      test('is on its way still when nobody knows whether it arrived', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        const page = await claimed(store)
        await store.outbox.settle(page.id, page.attempt, { kind: 'ambiguous', reason: 'lost' }, now, now + 1)
        assert.deepEqual(await progress(store), { delivered: false, moving: true, waitingSince: firedAt })
      })

      test('is told of those receivers that have nothing: one address of each is enough', async (t) => {
        const addresses = [
          { receiver: 'oncall', recipient: 'a' },
          { receiver: 'oncall', recipient: 'b' },
          { receiver: 'chat', recipient: '' },
        ]
        const pages = addresses.map((address) => aNewDelivery(aNotification(), address))
        const store = await filled(open, t, pages)
        await settleNext(store, delivered)
        assert.deepEqual(await progress(store), { delivered: true, moving: true, waitingSince: firedAt })
        await settleNext(store, refused)
        const chat = await store.outbox.claim('chat', now)
        assert.ok(chat !== undefined)
        await store.outbox.settle(chat.id, chat.attempt, delivered, now, undefined)
        assert.deepEqual(await progress(store), { delivered: true, moving: false, waitingSince: null })
      })

      test('counts only what was decided since a time', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, delivered)
        assert.equal((await store.outbox.pageProgress(aNotification().key, firedAt, firedAt + 1)).delivered, false)
      })
    })
  })
}

function progress({ outbox }: Awaited<ReturnType<OpenStore>>) {
  return outbox.pageProgress(aNotification().key, firedAt, firedAt)
}

function anUpdate(revision: number): Notification {
  return aNotification({ revision, change: 'updated', wakes: false })
}

function aHeartbeat(revision: number): NewDelivery {
  const notification: HeartbeatMessage = {
    kind: 'heartbeat',
    status: 'firing',
    change: 'repeated',
    wakes: false,
    key: 'heartbeat/oncall',
    revision,
    severity: 'ticket',
    at: firedAt,
    nextBy: firedAt + minuteMs,
  }
  return { id: `heartbeat-${revision}`, receiver: 'oncall', recipient: '', episode: 0, notification }
}

function aDigest(): { readonly deliveries: readonly NewDelivery[]; readonly digest: NewDelivery } {
  const entries = ['a', 'b'].map((slo) => aNotification({ slo, severity: 'ticket' }))
  const deliveries = entries.map((entry) => aNewDelivery(entry))
  const notification: DigestMessage = {
    kind: 'digest',
    status: 'firing',
    change: 'opened',
    wakes: true,
    key: 'digest/1',
    revision: 1,
    severity: 'ticket',
    at: firedAt,
    entries,
  }
  const carries = deliveries.map(({ id }) => id)
  return {
    deliveries,
    digest: { id: 'digest', receiver: 'oncall', recipient: '', episode: firedAt, notification, carries },
  }
}
