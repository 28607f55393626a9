import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attemptsInFlightPerReceiverMax, receiverGoneGraceMs } from '../../src/core/model/limits.ts'
import { hourMs, minuteMs, secondMs } from '../../src/core/model/units.ts'
import type { Outbox } from '../../src/ports/store.ts'
import { aNewDelivery, aNotification, aResolve, firedAt } from '../support/delivery-messages.ts'
import { delivered, deliveryWorld, failed, hang, inTurn, keysSentTo, untilAborted } from '../support/delivery-world.ts'

describe('delivering', () => {
  test('sends what waits at the start, and what it is notified of', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', () => delivered)
    await world.commit(aNewDelivery())
    const delivery = world.start([oncall])
    await world.clock.advance(0)
    assert.deepEqual(keysSentTo(oncall), ['checkout-availability'])

    await world.commit(aNewDelivery(aNotification({ slo: 'us-east-1' })))
    delivery.notify()
    await world.clock.advance(0)
    assert.deepEqual(keysSentTo(oncall), ['checkout-availability', 'us-east-1'])
  })

  test('finds a message within a minute although nobody notified it', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', () => delivered)
    world.start([oncall])
    await world.clock.advance(0)
    await world.commit(aNewDelivery())
    await world.clock.advance(minuteMs)
    assert.equal(oncall.sent.length, 1)
  })

  test('does not oversleep a message that comes while it falls asleep', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', () => delivered)
    const { outbox } = world.store
    let lanesToSleep = attemptsInFlightPerReceiverMax
    const delivery = world.start([oncall], {
      outbox: {
        ...outbox,
        async nextDueAt(receiver) {
          const dueAt = await outbox.nextDueAt(receiver)
          lanesToSleep -= 1
          if (lanesToSleep === 0) {
            await world.commit(aNewDelivery())
            delivery.notify()
          }
          return dueAt
        },
      },
    })
    await world.clock.advance(0)
    assert.equal(oncall.sent.length, 1)
  })

  test('sends the open before the resolve although both were waiting, and hands over the reference', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', inTurn(failed, { kind: 'delivered', reference: 'C1:1.2' }))
    await world.commit(aNewDelivery(), aNewDelivery(aResolve()))
    world.start([oncall])
    await world.clock.advance(minuteMs)
    assert.deepEqual(
      oncall.sent.map(({ delivery }) => [delivery.notification.status, delivery.openReference]),
      [
        ['firing', null],
        ['firing', null],
        ['resolved', 'C1:1.2'],
      ],
    )
  })

  test('sends again what a process that died had in flight, and says that it may have arrived', async (t) => {
    const world = deliveryWorld(t)
    await world.commit(aNewDelivery())
    await world.store.outbox.claim('oncall', firedAt)
    const oncall = world.receiver('oncall', () => delivered)
    world.start([oncall])
    await world.clock.advance(0)
    assert.deepEqual(
      oncall.sent.map(({ delivery }) => [delivery.attempt, delivery.maybeSent]),
      [[2, true]],
    )
  })

  test('says at once that messages wait for a receiver that is not configured, and keeps them for a while', async (t) => {
    const world = deliveryWorld(t)
    await world.commit(aNewDelivery(aNotification(), { receiver: 'gone' }))
    world.start([world.receiver('oncall', () => delivered)])
    await world.clock.advance(receiverGoneGraceMs - 1)
    assert.deepEqual(
      world.log.lines.filter(({ level }) => level === 'error'),
      [
        {
          level: 'error',
          fields: { receiver: 'gone', deliveries: 1, giveUpFrom: firedAt + receiverGoneGraceMs },
          message: 'messages wait for a receiver that is not configured, and are given up unless it comes back',
        },
      ],
    )
    assert.deepEqual(await world.statuses(), ['checkout-availability firing queued'])
  })

  test('gives up in the end what waits for a receiver that is not configured, and what comes for it later', async (t) => {
    const world = deliveryWorld(t)
    await world.commit(aNewDelivery(aNotification(), { receiver: 'gone' }))
    const delivery = world.start([world.receiver('oncall', () => delivered)])
    await world.clock.advance(receiverGoneGraceMs + secondMs)
    await world.commit(aNewDelivery(aNotification({ slo: 'search' }), { receiver: 'gone' }))
    delivery.notify()
    await world.clock.advance(secondMs)
    assert.deepEqual(await world.statuses(), ['checkout-availability firing dead', 'search firing dead'])
    const reasons = (await world.store.outbox.list({ limit: 10, status: 'dead' })).map(({ reason }) => reason)
    assert.deepEqual(new Set(reasons), new Set(['the receiver "gone" is not in the config any more']))
    assert.equal(world.meter.values.get('sloburn_outbox_deliveries{receiver="gone"}'), 0)
    assert.equal(world.meter.values.get('sloburn_delivery_attempts_total{receiver="gone",outcome="rejected"}'), 2)
  })

  test('counts attempts, their duration and what is left', async (t) => {
    const world = deliveryWorld(t)
    const slow = world.receiver('oncall', async (_, signal) => {
      await world.clock.sleepUntil(world.clock.now() + 2 * secondMs, signal)
      return delivered
    })
    const down = world.receiver('down', () => failed)
    await world.commit(aNewDelivery(), aNewDelivery(aNotification(), { receiver: 'down' }))
    world.start([slow, down], { random: () => 0.999 })
    await world.clock.advance(2 * secondMs)
    assert.deepEqual(Object.fromEntries(world.meter.values), {
      'sloburn_delivery_attempts_total{receiver="oncall",outcome="delivered"}': 1,
      'sloburn_delivery_duration_seconds{receiver="oncall"}': 2,
      'sloburn_outbox_deliveries{receiver="oncall"}': 0,
      'sloburn_delivery_attempts_total{receiver="down",outcome="retry"}': 2,
      'sloburn_delivery_duration_seconds{receiver="down"}': 0,
      'sloburn_outbox_deliveries{receiver="down"}': 1,
    })
  })
})

describe('receivers do not disturb each other', () => {
  test('one that hangs delays no other', async (t) => {
    const world = deliveryWorld(t)
    const stuck = world.receiver('stuck', hang)
    const oncall = world.receiver('oncall', () => delivered)
    const flood = Array.from({ length: 50 }, (_, index) =>
      aNewDelivery(aNotification({ slo: `slo-${index}` }), { receiver: 'stuck' }),
    )
    await world.commit(...flood, aNewDelivery())
    world.start([stuck, oncall])
    await world.clock.advance(0)
    assert.equal(oncall.sent.length, 1)
  })

  test('a message that hangs delays no other message of the same receiver', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', (delivery, signal) =>
      delivery.notification.key === 'stuck' ? hang(delivery, signal) : delivered,
    )
    await world.commit(aNewDelivery(aNotification({ slo: 'stuck' })), aNewDelivery())
    world.start([oncall])
    await world.clock.advance(0)
    assert.deepEqual(keysSentTo(oncall), ['stuck', 'checkout-availability'])
  })

  test('a retry is made in time although another message of the receiver hangs', async (t) => {
    const world = deliveryWorld(t)
    const script = inTurn(failed, hang)
    const oncall = world.receiver('oncall', script)
    const delivery = world.start([oncall])
    await world.clock.advance(0)
    await world.commit(aNewDelivery())
    delivery.notify()
    await world.clock.advance(100)
    await world.commit(aNewDelivery(aNotification({ slo: 'stuck' })))
    delivery.notify()
    await world.clock.advance(400)
    assert.deepEqual(keysSentTo(oncall), ['checkout-availability', 'stuck', 'checkout-availability'])
    assert.equal(oncall.sent[2].at, 500)
  })

  test('a page overtakes tickets that queue behind a slow receiver', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', async (_, signal) => {
      await world.clock.sleepUntil(world.clock.now() + secondMs, signal)
      return delivered
    })
    const tickets = Array.from({ length: 40 }, (_, index) =>
      aNewDelivery(aNotification({ severity: 'ticket', slo: `slo-${index}` })),
    )
    await world.commit(...tickets)
    const delivery = world.start([oncall])
    await world.clock.advance(1_500)
    await world.commit(aNewDelivery())
    delivery.notify()
    await world.clock.advance(minuteMs)
    const page = oncall.sent.findIndex(({ delivery: { notification } }) => notification.severity === 'page')
    assert.equal(oncall.sent[page].at, 2 * secondMs)
    assert.equal(page, 8)
  })
})

describe('when the store fails', () => {
  test('for a while under a settle, the outcome is recorded later and the message not sent again', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', () => delivered)
    await world.commit(aNewDelivery())
    const outbox = failing(world.store.outbox, 'settle', 3)
    world.start([oncall], { outbox })
    await world.clock.advance(0)
    assert.deepEqual(await world.statuses(), ['checkout-availability firing inflight'])
    await world.clock.advance(minuteMs)
    assert.deepEqual(await world.statuses(), ['checkout-availability firing delivered'])
    assert.equal(oncall.sent.length, 1)
    assert.equal(world.log.lines.filter(({ message }) => message === 'the store failed under delivery').length, 3)
  })

  for (const operation of ['recover', 'claim', 'nextDueAt', 'depths'] as const) {
    test(`for a while under ${operation}, delivery goes on afterwards`, async (t) => {
      const world = deliveryWorld(t)
      const oncall = world.receiver('oncall', () => delivered)
      await world.commit(aNewDelivery())
      world.start([oncall], { outbox: failing(world.store.outbox, operation, 5) })
      await world.clock.advance(minuteMs)
      assert.equal(oncall.sent.length, 1)
    })
  }

  test('for good, delivery can still be stopped', async (t) => {
    const world = deliveryWorld(t)
    await world.commit(aNewDelivery())
    const delivery = world.start([world.receiver('oncall', () => delivered)], {
      outbox: failing(world.store.outbox, 'settle', Infinity),
    })
    await world.clock.advance(minuteMs)
    await delivery.stop()
    assert.deepEqual(await world.statuses(), ['checkout-availability firing inflight'])
  })
})

describe('stopping', () => {
  test('lets what is under way finish and starts nothing more', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', async (_, signal) => {
      await world.clock.sleepUntil(world.clock.now() + 5 * secondMs, signal)
      return delivered
    })
    const six = Array.from({ length: 6 }, (_, index) => aNewDelivery(aNotification({ slo: `slo-${index}` })))
    await world.commit(...six)
    const delivery = world.start([oncall])
    await world.clock.advance(secondMs)
    const stopped = delivery.stop()
    delivery.notify()
    await world.clock.advance(minuteMs)
    await stopped
    assert.deepEqual(
      (await world.statuses()).map((status) => status.split(' ').at(-1)),
      ['delivered', 'delivered', 'delivered', 'delivered', 'queued', 'queued'],
    )
  })

  test('aborts what takes longer than the grace, and keeps that it may have arrived', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', (_, signal) => untilAborted(signal))
    await world.commit(aNewDelivery())
    const delivery = world.start([oncall])
    await world.clock.advance(secondMs)
    const stopped = delivery.stop(2 * secondMs)
    await world.clock.advance(2 * secondMs)
    await stopped
    const again = await world.store.outbox.claim('oncall', firedAt + hourMs)
    assert.deepEqual([again?.attempt, again?.maybeSent], [2, true])
  })

  test('ends although a receiver does not', async (t) => {
    const world = deliveryWorld(t)
    await world.commit(aNewDelivery())
    const delivery = world.start([world.receiver('oncall', hang)])
    await world.clock.advance(0)
    const stopped = delivery.stop(secondMs)
    await world.clock.advance(2 * secondMs)
    await stopped
  })

  test('an idle delivery ends at once, twice is as good as once, and nothing is sent afterwards', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', () => delivered)
    const delivery = world.start([oncall])
    await world.clock.advance(0)
    await Promise.all([delivery.stop(), delivery.stop()])
    await world.commit(aNewDelivery())
    delivery.notify()
    await world.clock.advance(hourMs)
    assert.equal(oncall.sent.length, 0)
  })
})

/** The outbox with one operation that fails so many times. */
function failing(outbox: Outbox, operation: keyof Outbox, times: number): Outbox {
  let left = times
  return new Proxy(outbox, {
    get(target, name) {
      if (name !== operation || left <= 0) return Reflect.get(target, name)
      left -= 1
      return async () => {
        throw new Error('database or disk is full')
      }
    },
  })
}
