import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Delivery, NewDelivery } from '../../src/core/model/delivery.ts'
import { outboxRowsPerReceiverMax } from '../../src/core/model/limits.ts'
import type { Notification } from '../../src/core/model/notification.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { aNewDelivery, aNotification, anIncident, aResolve, aTick, firedAt } from '../support/delivery-messages.ts'
import { delivered, drain, failed, filled, now, refused, settleNext, statuses } from '../support/store-outbox.ts'
import type { OpenStore } from './store-contract.ts'

/** What every outbox does with what is put in: order, one at a time, limits, overview. */
export function outboxContract(name: string, open: OpenStore): void {
  describe(`outbox contract, ${name}`, () => {
    describe('taking messages', () => {
      test('hands out a message once', async (t) => {
        const { outbox } = await filled(open, t, [aNewDelivery()])
        const first = await outbox.claim('oncall', now)
        assert.deepEqual(first, {
          ...aNewDelivery(),
          attempt: 1,
          createdAt: firedAt,
          maybeSent: false,
          opens: true,
          openReference: null,
        })
        assert.equal(await outbox.claim('oncall', now), undefined)
      })

      test('makes one message of the same decision made twice', async (t) => {
        const store = await filled(open, t, [aNewDelivery(), aNewDelivery()])
        await store.commit(aTick({ deliveries: [aNewDelivery()], at: now }))
        assert.deepEqual(await statuses(store), ['firing queued'])
      })

      test('does not bring a settled message back when its decision is made again', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, delivered)
        await store.commit(aTick({ deliveries: [aNewDelivery()], at: now }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
      })

      test('hands a receiver only what is its own', async (t) => {
        const { outbox } = await filled(open, t, [aNewDelivery(undefined, { receiver: 'a' })])
        assert.equal(await outbox.claim('b', now), undefined)
        assert.equal((await outbox.claim('a', now))?.receiver, 'a')
      })

      test('hands out pages before tickets, and the oldest first', async (t) => {
        const store = await open(t)
        await store.commit(aTick({ deliveries: [named('ticket-old', 'ticket')], at: firedAt }))
        await store.commit(
          aTick({ deliveries: [named('page-old', 'page'), named('page-next', 'page')], at: firedAt + 1 }),
        )
        await store.commit(
          aTick({ deliveries: [named('page-new', 'page'), named('ticket-new', 'ticket')], at: firedAt + 2 }),
        )
        const order = await drain(store)
        assert.deepEqual(
          order.map(({ notification }) => notification.key),
          ['page-old', 'page-next', 'page-new', 'ticket-old', 'ticket-new'],
        )
      })

      test('does not hand out what is not due yet', async (t) => {
        const store = await filled(open, t, [aNewDelivery()])
        await settleNext(store, failed, now + minuteMs)
        assert.equal(await store.outbox.claim('oncall', now + minuteMs - 1), undefined)
        assert.equal((await store.outbox.claim('oncall', now + minuteMs))?.attempt, 2)
      })

      test('tells when the next message falls due', async (t) => {
        const store = await open(t)
        assert.equal(await store.outbox.nextDueAt('oncall'), undefined)
        await store.commit(aTick({ deliveries: [aNewDelivery(aNotification({ severity: 'ticket' }))] }))
        assert.equal(await store.outbox.nextDueAt('oncall'), firedAt)
        await settleNext(store, failed, now + minuteMs)
        assert.equal(await store.outbox.nextDueAt('oncall'), now + minuteMs)
        assert.equal(await store.outbox.nextDueAt('other'), undefined)
      })

      test('names no due time for what waits for another message', async (t) => {
        const store = await filled(open, t, [aNewDelivery(), aNewDelivery(aResolve())])
        await store.outbox.claim('oncall', now)
        assert.equal(await store.outbox.nextDueAt('oncall'), undefined)
      })
    })

    describe('messages of one alert', () => {
      test('are never two at once', async (t) => {
        const later = aNotification({ firedAt: firedAt + minuteMs })
        const { outbox } = await filled(open, t, [aNewDelivery(), aNewDelivery(later)])
        assert.equal((await outbox.claim('oncall', now))?.episode, firedAt)
        assert.equal(await outbox.claim('oncall', now), undefined)
      })

      test('go out at once to different recipients, receivers and for different alerts', async (t) => {
        const { outbox } = await filled(open, t, [
          aNewDelivery(undefined, { recipient: 'a@example.com' }),
          aNewDelivery(undefined, { recipient: 'b@example.com' }),
          aNewDelivery(aNotification({ slo: 'search' }), { recipient: 'a@example.com' }),
        ])
        const together = [
          await outbox.claim('oncall', now),
          await outbox.claim('oncall', now),
          await outbox.claim('oncall', now),
        ]
        assert.equal(new Set(together.map((delivery) => delivery?.id)).size, 3)
      })

      test('go out in order when several episodes are waiting, although a later one is due first', async (t) => {
        const second = { firedAt: firedAt + hourMs }
        const store = await filled(open, t, [
          aNewDelivery(),
          aNewDelivery(aResolve()),
          aNewDelivery(aNotification(second)),
          aNewDelivery(aResolve(second)),
        ])
        await settleNext(store, failed, now + minuteMs)
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        const order = await drain(store, now + minuteMs)
        assert.deepEqual(order.map(described), [
          `firing ${firedAt}`,
          `resolved ${firedAt}`,
          `firing ${firedAt + hourMs}`,
          `resolved ${firedAt + hourMs}`,
        ])
      })

      test('keep their order when the resolve was written before the open', async (t) => {
        const store = await filled(open, t, [aNewDelivery(aResolve()), aNewDelivery()])
        assert.deepEqual((await drain(store)).map(described), [`firing ${firedAt}`, `resolved ${firedAt}`])
      })

      test('an open that is being sent holds an older one back', async (t) => {
        const store = await filled(open, t, [aNewDelivery(aNotification({ firedAt: firedAt + hourMs }))])
        await store.outbox.claim('oncall', now)
        await store.commit(aTick({ deliveries: [aNewDelivery()] }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
      })
    })

    describe('limits and overview', () => {
      test('refuses tickets that open while the queue is full, with a reason, and never a page or a resolve', async (t) => {
        const store = await open(t)
        const flood = Array.from({ length: outboxRowsPerReceiverMax }, (_, index) =>
          aNewDelivery(ticket(`flood-${index}`)),
        )
        await store.commit(aTick({ deliveries: flood }))
        await store.commit(
          aTick({
            deliveries: [
              aNewDelivery(ticket('one-too-many')),
              aNewDelivery(aNotification({ slo: 'a-page' })),
              aNewDelivery(aResolve({ slo: 'flood-0', severity: 'ticket' })),
              aNewDelivery(ticket('elsewhere'), { receiver: 'other' }),
            ],
          }),
        )
        const [elsewhere, resolve, page, refusedTicket] = await store.outbox.list({ limit: 4 })
        assert.deepEqual([elsewhere.status, resolve.status, page.status], ['queued', 'queued', 'queued'])
        assert.deepEqual([refusedTicket.status, refusedTicket.settledAt], ['dead', firedAt])
        assert.match(refusedTicket.reason ?? '', /10000 messages wait for this receiver/)
        assert.equal((await store.outbox.depths()).get('oncall'), outboxRowsPerReceiverMax + 2)
      })

      test('lists newest first, by status and up to a limit', async (t) => {
        const store = await filled(open, t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, delivered)
        assert.deepEqual(await store.outbox.list({ limit: 10, status: 'delivered' }), [
          {
            id: aNewDelivery().id,
            receiver: 'oncall',
            recipient: '',
            key: 'checkout-availability',
            episode: firedAt,
            revision: 1,
            messageStatus: 'firing',
            change: 'opened',
            status: 'delivered',
            attempts: 1,
            createdAt: firedAt,
            settledAt: now,
            reason: null,
          },
        ])
        assert.deepEqual(await statuses(store, 1), ['resolved queued'])
      })

      test('counts what waits or is in flight, by receiver', async (t) => {
        const store = await filled(open, t, [
          aNewDelivery(),
          aNewDelivery(aResolve()),
          aNewDelivery(undefined, { receiver: 'other' }),
        ])
        await store.outbox.claim('oncall', now)
        assert.deepEqual(
          await store.outbox.depths(),
          new Map([
            ['oncall', 2],
            ['other', 1],
          ]),
        )
        await settleNext(store, delivered, undefined, 'other')
        assert.deepEqual(await store.outbox.depths(), new Map([['oncall', 2]]))
      })

      test('prunes what was settled before a time and nothing else', async (t) => {
        const store = await filled(open, t, [
          aNewDelivery(aNotification({ slo: 'a' })),
          aNewDelivery(aResolve({ slo: 'a' })),
          aNewDelivery(aNotification({ slo: 'b' })),
          aNewDelivery(aNotification({ slo: 'c' })),
        ])
        await settleNext(store, delivered)
        await settleNext(store, refused)
        assert.equal(await store.outbox.prune(now), 0)
        assert.equal(await store.outbox.prune(now + 1), 1)
        assert.deepEqual((await statuses(store)).toSorted(), ['firing delivered', 'firing queued', 'resolved queued'])
      })

      test('never prunes an open whose incident is not over: its resolve has to find it', async (t) => {
        const store = await open(t)
        await store.commit(aTick({ deliveries: [aNewDelivery()], incidents: [anIncident()] }))
        await settleNext(store, delivered)
        assert.equal(await store.outbox.prune(now + 1), 0)
        const over = {
          deliveries: [aNewDelivery(aResolve())],
          incidents: [anIncident({ phase: { kind: 'closed', clearedAt: now, at: now } })],
        }
        await store.commit(aTick(over))
        assert.equal(await store.outbox.prune(now + 1), 0)
        assert.equal((await settleNext(store, delivered)).notification.status, 'resolved')
        assert.equal(await store.outbox.prune(now + 1), 2)
      })
    })
  })
}

function described({ notification, episode }: Delivery): string {
  return `${notification.status} ${episode}`
}

function ticket(slo: string): Notification {
  return aNotification({ slo, severity: 'ticket' })
}

function named(slo: string, severity: 'page' | 'ticket'): NewDelivery {
  return aNewDelivery(aNotification({ slo, severity }))
}
