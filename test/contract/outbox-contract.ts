import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { Delivery, NewDelivery, Outcome } from '../../src/core/model/delivery.ts'
import { outboxRowsPerReceiverMax } from '../../src/core/model/limits.ts'
import type { Notification } from '../../src/core/model/notification.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import type { Store } from '../../src/ports/store.ts'
import { aNewDelivery, aNotification, anEpisode, aResolve, aTick, firedAt } from '../support/delivery-messages.ts'
import type { OpenStore } from './store-contract.ts'

const now = firedAt + hourMs
const delivered: Outcome = { kind: 'delivered' }
const failed: Outcome = { kind: 'retry', reason: 'HTTP 503' }
const lost: Outcome = { kind: 'ambiguous', reason: 'connection lost' }
const refused: Outcome = { kind: 'rejected', reason: 'HTTP 404' }

/** What every outbox does: order, one at a time, and what goes out or not after what became of the open. */
export function outboxContract(name: string, open: OpenStore): void {
  async function filled(t: TestContext, deliveries: readonly NewDelivery[]): Promise<Store> {
    const store = await open(t)
    await store.commit(aTick({ deliveries }))
    return store
  }

  describe(`outbox contract, ${name}`, () => {
    describe('taking messages', () => {
      test('hands out a message once', async (t) => {
        const { outbox } = await filled(t, [aNewDelivery()])
        const first = await outbox.claim('oncall', now)
        assert.deepEqual(first, {
          ...aNewDelivery(),
          attempt: 1,
          createdAt: firedAt,
          maybeSent: false,
          openReference: null,
        })
        assert.equal(await outbox.claim('oncall', now), undefined)
      })

      test('makes one message of the same decision made twice', async (t) => {
        const store = await filled(t, [aNewDelivery(), aNewDelivery()])
        await store.commit(aTick({ deliveries: [aNewDelivery()], at: now }))
        assert.deepEqual(statuses(await store.outbox.list({ limit: 10 })), ['firing queued'])
      })

      test('does not bring a settled message back when its decision is made again', async (t) => {
        const store = await filled(t, [aNewDelivery()])
        await settleNext(store, delivered)
        await store.commit(aTick({ deliveries: [aNewDelivery()], at: now }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
      })

      test('hands a receiver only what is its own', async (t) => {
        const { outbox } = await filled(t, [aNewDelivery(undefined, { receiver: 'a' })])
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
          order.map(({ notification }) => notification.slo),
          ['page-old', 'page-next', 'page-new', 'ticket-old', 'ticket-new'],
        )
      })

      test('does not hand out what is not due yet', async (t) => {
        const store = await filled(t, [aNewDelivery()])
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
        const store = await filled(t, [aNewDelivery(), aNewDelivery(aResolve())])
        await store.outbox.claim('oncall', now)
        assert.equal(await store.outbox.nextDueAt('oncall'), undefined)
      })
    })

    describe('messages of one alert', () => {
      test('are never two at once', async (t) => {
        const later = aNotification({ firedAt: firedAt + minuteMs })
        const { outbox } = await filled(t, [aNewDelivery(), aNewDelivery(later)])
        assert.equal((await outbox.claim('oncall', now))?.episode, firedAt)
        assert.equal(await outbox.claim('oncall', now), undefined)
      })

      test('go out at once to different recipients, receivers and for different alerts', async (t) => {
        const { outbox } = await filled(t, [
          aNewDelivery(undefined, { recipient: 'a@example.com' }),
          aNewDelivery(undefined, { recipient: 'b@example.com' }),
          aNewDelivery(aNotification({ scope: 'us-east-1' }), { recipient: 'a@example.com' }),
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
        const store = await filled(t, [
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
        const store = await filled(t, [aNewDelivery(aResolve()), aNewDelivery()])
        assert.deepEqual((await drain(store)).map(described), [`firing ${firedAt}`, `resolved ${firedAt}`])
      })

      test('an open that is being sent holds an older one back', async (t) => {
        const store = await filled(t, [aNewDelivery(aNotification({ firedAt: firedAt + hourMs }))])
        await store.outbox.claim('oncall', now)
        await store.commit(aTick({ deliveries: [aNewDelivery()] }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
      })
    })

    describe('a resolve', () => {
      test('follows an open that was delivered, with what the receiver answered to it', async (t) => {
        const store = await filled(t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, { kind: 'delivered', reference: 'C1:17.1' })
        const resolve = await store.outbox.claim('oncall', now)
        assert.equal(resolve?.notification.status, 'resolved')
        assert.equal(resolve?.openReference, 'C1:17.1')
      })

      test('is due as soon as its open is settled', async (t) => {
        const store = await filled(t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, delivered)
        assert.equal(await store.outbox.nextDueAt('oncall'), now)
      })

      test('comes after an open that was still queued when it was over: nothing that happened is left out', async (t) => {
        const store = await filled(t, [aNewDelivery()])
        await settleNext(store, failed, now + minuteMs)
        await store.commit(aTick({ deliveries: [aNewDelivery(aResolve())], at: now }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        assert.equal((await drain(store, now + minuteMs)).length, 2)
      })

      test('goes out when nobody knows whether its open arrived', async (t) => {
        const store = await filled(t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, lost)
        assert.equal((await store.outbox.claim('oncall', now))?.notification.status, 'resolved')
      })

      test('goes out when one attempt at its open was lost and a later one refused', async (t) => {
        const store = await filled(t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, lost, now)
        await settleNext(store, refused)
        assert.equal((await store.outbox.claim('oncall', now))?.notification.status, 'resolved')
      })

      test('is superseded when its open was refused', async (t) => {
        const store = await filled(t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, refused)
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        const [resolve] = await store.outbox.list({ limit: 1 })
        assert.equal(resolve.status, 'superseded')
        assert.equal(resolve.settledAt, now)
        assert.match(resolve.reason ?? '', /its open never arrived: HTTP 404/)
      })

      test('is superseded when there was no open here', async (t) => {
        const store = await filled(t, [aNewDelivery(aResolve())])
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        assert.deepEqual(statuses(await store.outbox.list({ limit: 10 })), ['resolved superseded'])
      })

      test('that is superseded lets the next episode go', async (t) => {
        const store = await filled(t, [
          aNewDelivery(aResolve()),
          aNewDelivery(aNotification({ firedAt: firedAt + hourMs })),
        ])
        assert.equal((await store.outbox.claim('oncall', now))?.episode, firedAt + hourMs)
      })
    })

    describe('an open', () => {
      test('older than a resolve that was delivered is not sent any more', async (t) => {
        const later = { firedAt: firedAt + hourMs }
        const store = await filled(t, [aNewDelivery(aNotification(later)), aNewDelivery(aResolve(later))])
        await drain(store)
        await store.commit(aTick({ deliveries: [aNewDelivery()], at: now }))
        assert.equal(await store.outbox.claim('oncall', now), undefined)
        const [overtaken] = await store.outbox.list({ limit: 1 })
        assert.deepEqual([overtaken.messageStatus, overtaken.status], ['firing', 'superseded'])
        assert.match(overtaken.reason ?? '', /older than a resolve that was delivered/)
      })

      test('of a later episode is sent after the resolve of the one before', async (t) => {
        const store = await filled(t, [aNewDelivery(), aNewDelivery(aResolve())])
        await drain(store)
        await store.commit(aTick({ deliveries: [aNewDelivery(aNotification({ firedAt: firedAt + hourMs }))], at: now }))
        assert.equal((await store.outbox.claim('oncall', now))?.episode, firedAt + hourMs)
      })
    })

    describe('settling', () => {
      test('keeps what became of each message, when and why', async (t) => {
        const store = await filled(t, [
          aNewDelivery(aNotification({ scope: 'a' })),
          aNewDelivery(aNotification({ scope: 'b' })),
          aNewDelivery(aNotification({ scope: 'c' })),
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
        const store = await filled(t, [aNewDelivery()])
        assert.equal((await settleNext(store, failed, now)).attempt, 1)
        assert.equal((await settleNext(store, failed, now)).attempt, 2)
        assert.equal((await settleNext(store, delivered)).attempt, 3)
      })

      test('remembers for good that an attempt was lost', async (t) => {
        const store = await filled(t, [aNewDelivery()])
        assert.equal((await settleNext(store, lost, now)).maybeSent, false)
        assert.equal((await settleNext(store, failed, now)).maybeSent, true)
        assert.equal((await settleNext(store, delivered)).maybeSent, true)
      })

      test('ignores a late word about an older attempt', async (t) => {
        const { outbox } = await filled(t, [aNewDelivery()])
        const first = await claimed(outbox)
        await outbox.recover(now)
        const second = await claimed(outbox)
        await outbox.settle(first.id, first.attempt, refused, now, undefined)
        assert.deepEqual(statuses(await outbox.list({ limit: 10 })), ['firing inflight'])
        await outbox.settle(second.id, second.attempt, delivered, now, undefined)
        await outbox.settle(second.id, second.attempt, refused, now, undefined)
        assert.deepEqual(statuses(await outbox.list({ limit: 10 })), ['firing delivered'])
      })

      test('ignores a word about a message that does not exist', async (t) => {
        const { outbox } = await open(t)
        await outbox.settle('nothing', 1, delivered, now, undefined)
        assert.deepEqual(await outbox.list({ limit: 10 }), [])
      })
    })

    describe('recovering', () => {
      test('makes what was in flight due again and says that it may have been sent', async (t) => {
        const store = await filled(t, [aNewDelivery(), aNewDelivery(aNotification({ scope: 'us-east-1' }))])
        await store.outbox.claim('oncall', now)
        assert.equal(await store.outbox.recover(now), 1)
        const again = await drain(store)
        assert.deepEqual(again.map(({ attempt, maybeSent }) => `${attempt} ${maybeSent}`).sort(), ['1 false', '2 true'])
      })

      test('changes nothing when nothing was in flight', async (t) => {
        const store = await filled(t, [aNewDelivery()])
        assert.equal(await store.outbox.recover(now), 0)
        assert.equal((await store.outbox.claim('oncall', now))?.maybeSent, false)
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
        const store = await filled(t, [aNewDelivery(), aNewDelivery(aResolve())])
        await settleNext(store, delivered)
        assert.deepEqual(await store.outbox.list({ limit: 10, status: 'delivered' }), [
          {
            id: aNewDelivery().id,
            receiver: 'oncall',
            recipient: '',
            alertKey: 'checkout-availability/eu-west-1/page',
            episode: firedAt,
            messageStatus: 'firing',
            status: 'delivered',
            attempts: 1,
            createdAt: firedAt,
            settledAt: now,
            reason: null,
          },
        ])
        assert.deepEqual(statuses(await store.outbox.list({ limit: 1 })), ['resolved queued'])
      })

      test('counts what waits or is in flight, by receiver', async (t) => {
        const store = await filled(t, [
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
        const store = await filled(t, [
          aNewDelivery(aNotification({ scope: 'a' })),
          aNewDelivery(aResolve({ scope: 'a' })),
          aNewDelivery(aNotification({ scope: 'b' })),
          aNewDelivery(aNotification({ scope: 'c' })),
        ])
        await settleNext(store, delivered)
        await settleNext(store, refused)
        assert.equal(await store.outbox.prune(now), 0)
        assert.equal(await store.outbox.prune(now + 1), 1)
        assert.deepEqual(statuses(await store.outbox.list({ limit: 10 })).sort(), [
          'firing delivered',
          'firing queued',
          'resolved queued',
        ])
      })

      test('never prunes an open whose alert still fires: its resolve has to find it', async (t) => {
        const store = await open(t)
        await store.commit(aTick({ deliveries: [aNewDelivery()], episodes: [anEpisode()] }))
        await settleNext(store, delivered)
        assert.equal(await store.outbox.prune(now + 1), 0)
        const over = { deliveries: [aNewDelivery(aResolve())], episodes: [anEpisode({ resolvedAt: now })] }
        await store.commit(aTick(over))
        assert.equal(await store.outbox.prune(now + 1), 0)
        assert.equal((await settleNext(store, delivered)).notification.status, 'resolved')
        assert.equal(await store.outbox.prune(now + 1), 2)
      })
    })
  })
}

async function claimed(outbox: Store['outbox'], receiver = 'oncall', at = now): Promise<Delivery> {
  const delivery = await outbox.claim(receiver, at)
  assert.ok(delivery !== undefined, 'nothing to claim')
  return delivery
}

async function settleNext(store: Store, outcome: Outcome, retryAt?: number, receiver = 'oncall'): Promise<Delivery> {
  const delivery = await claimed(store.outbox, receiver)
  await store.outbox.settle(delivery.id, delivery.attempt, outcome, now, retryAt)
  return delivery
}

/** Delivers everything there is, in the order it is handed out. */
async function drain(store: Store, at = now): Promise<readonly Delivery[]> {
  const order: Delivery[] = []
  for (;;) {
    const delivery = await store.outbox.claim('oncall', at)
    if (delivery === undefined) return order
    order.push(delivery)
    await store.outbox.settle(delivery.id, delivery.attempt, delivered, at, undefined)
  }
}

function described({ notification, episode }: Delivery): string {
  return `${notification.status} ${episode}`
}

function statuses(records: readonly { messageStatus: string; status: string }[]): string[] {
  return records.map(({ messageStatus, status }) => `${messageStatus} ${status}`)
}

function ticket(slo: string): Notification {
  return aNotification({ slo, severity: 'ticket' })
}

function named(slo: string, severity: 'page' | 'ticket'): NewDelivery {
  return aNewDelivery(aNotification({ slo, severity }))
}
