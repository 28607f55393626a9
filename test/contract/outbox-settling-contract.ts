import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { aNewDelivery, aNotification, aResolve, aTick, firedAt } from '../support/delivery-messages.ts'
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

/** What every outbox does once a message was tried: what follows an open, what is kept of it, what a restart finds. */
export function outboxSettlingContract(name: string, open: OpenStore): void {
  describe(`outbox contract after attempts, ${name}`, () => {
    describe('a resolve', () => {
      test('follows an open that was delivered, with what the receiver answered to it', async (t) => {
        const store = await filled(open, t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, { kind: 'delivered', reference: 'C1:17.1' })
        const resolve = await store.outbox.claim('oncall', now)
        assert.equal(resolve?.notification.status, 'resolved')
        assert.equal(resolve?.openReference, 'C1:17.1')
      })

      test('is due as soon as its open is settled', async (t) => {
        const store = await filled(open, t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, delivered)
        assert.equal(await store.outbox.nextDueAt('oncall'), now)
      })

      test('comes after an open that was still queued when it was over: nothing that happened is left out', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, failed, now + minuteMs)
        await store.commit(aTick({ deliveries: [aNewDelivery(aResolve())], at: now }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        assert.equal((await drain(store, now + minuteMs)).length, 2)
      })

      test('goes out when nobody knows whether its open arrived', async (t) => {
        const store = await filled(open, t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, lost)
        assert.equal((await store.outbox.claim('oncall', now))?.notification.status, 'resolved')
      })

      test('goes out when one attempt at its open was lost and a later one refused', async (t) => {
        const store = await filled(open, t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, lost, now)
        await settleNext(store, refused)
        assert.equal((await store.outbox.claim('oncall', now))?.notification.status, 'resolved')
      })

      test('is superseded when its open was refused', async (t) => {
        const store = await filled(open, t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, refused)
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        const [resolve] = await store.outbox.list({ limit: 1 })
        assert.equal(resolve.status, 'superseded')
        assert.equal(resolve.settledAt, now)
        assert.match(resolve.reason ?? '', /its open never arrived: HTTP 404/)
      })

      test('is superseded when there was no open here', async (t) => {
        const store = await filled(open, t, [aNewDelivery(aResolve())])
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        assert.deepEqual(await statuses(store), ['resolved superseded'])
      })

      test('that is superseded lets the next episode go', async (t) => {
        const store = await filled(open, t, [
          aNewDelivery(aResolve()),
          aNewDelivery(aNotification({ firedAt: firedAt + hourMs })),
        ])
        assert.equal((await store.outbox.claim('oncall', now))?.episode, firedAt + hourMs)
      })
    })

    describe('an open', () => {
      test('older than a resolve that was delivered is not sent any more', async (t) => {
        const later = { firedAt: firedAt + hourMs }
        const store = await filled(open, t, [aNewDelivery(aNotification(later)), aNewDelivery(aResolve(later))])
        await drain(store)
        await store.commit(aTick({ deliveries: [aNewDelivery()], at: now }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        const [overtaken] = await store.outbox.list({ limit: 1 })
        assert.deepEqual([overtaken.messageStatus, overtaken.status], ['firing', 'superseded'])
        assert.match(overtaken.reason ?? '', /older than a resolve that was delivered/)
      })

      test('of a later episode is sent after the resolve of the one before', async (t) => {
        const store = await filled(open, t, [aNewDelivery(), aNewDelivery(aResolve())])
        await drain(store)
        await store.commit(aTick({ deliveries: [aNewDelivery(aNotification({ firedAt: firedAt + hourMs }))], at: now }))
        assert.equal((await store.outbox.claim('oncall', now))?.episode, firedAt + hourMs)
      })
    })

    describe('settling', () => {
      test('keeps what became of each message, when and why', async (t) => {
        const store = await filled(open, t, [
          aNewDelivery(aNotification({ slo: 'a' })),
          aNewDelivery(aNotification({ slo: 'b' })),
          aNewDelivery(aNotification({ slo: 'c' })),
        ])
        await settleNext(store, delivered)
        await settleNext(store, refused)
        await settleNext(store, failed)
        const records = (await store.outbox.list({ limit: 10 })).map(({ status, reason, settledAt, attempts }) => {
          return { status, reason, settledAt, attempts }
        })
        assert.deepEqual(records, [
          { status: 'dead', reason: 'HTTP 503', settledAt: now, attempts: 1 },
          { status: 'dead', reason: 'HTTP 404', settledAt: now, attempts: 1 },
          { status: 'delivered', reason: null, settledAt: now, attempts: 1 },
        ])
      })

      test('counts attempts over retries', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        assert.equal((await settleNext(store, failed, now)).attempt, 1)
        assert.equal((await settleNext(store, failed, now)).attempt, 2)
        assert.equal((await settleNext(store, delivered)).attempt, 3)
      })

      test('remembers for good that an attempt was lost', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        assert.equal((await settleNext(store, lost, now)).maybeSent, false)
        assert.equal((await settleNext(store, failed, now)).maybeSent, true)
        assert.equal((await settleNext(store, delivered)).maybeSent, true)
      })

      test('ignores a late word about an older attempt', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        const { outbox } = store
        const first = await claimed(store)
        await outbox.recover(now)
        const second = await claimed(store)
        await outbox.settle(first.id, first.attempt, refused, now, undefined)
        assert.deepEqual(await statuses(store), ['firing inflight'])
        await outbox.settle(second.id, second.attempt, delivered, now, undefined)
        await outbox.settle(second.id, second.attempt, refused, now, undefined)
        assert.deepEqual(await statuses(store), ['firing delivered'])
      })

      test('ignores a word about a message that does not exist', async (t) => {
        const { outbox } = await open(t)
        await outbox.settle('nothing', 1, delivered, now, undefined)
        assert.deepEqual(await outbox.list({ limit: 10 }), [])
      })
    })

    describe('recovering', () => {
      test('makes what was in flight due again and says that it may have been sent', async (t) => {
        const store = await filled(open, t, [aNewDelivery(), aNewDelivery(aNotification({ slo: 'search' }))])
        await store.outbox.claim('oncall', now)
        assert.equal(await store.outbox.recover(now), 1)
        const again = await drain(store)
        assert.deepEqual(again.map(({ attempt, maybeSent }) => `${attempt} ${maybeSent}`).sort(), ['1 false', '2 true'])
      })

      test('changes nothing when nothing was in flight', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        assert.equal(await store.outbox.recover(now), 0)
        assert.equal((await store.outbox.claim('oncall', now))?.maybeSent, false)
      })
    })
  })
}
