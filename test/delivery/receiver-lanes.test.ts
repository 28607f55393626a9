import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attemptsInFlightPerReceiverMax } from '../../src/core/model/limits.ts'
import { hourMs, minuteMs, secondMs } from '../../src/core/model/units.ts'
import { aNewDelivery, aNotification, aResolve, firedAt } from '../support/delivery-messages.ts'
import { delivered, deliveryWorld, hang, keysSentTo, type Script } from '../support/delivery-world.ts'
import type { VirtualClock } from '../support/virtual-clock.ts'

test('a change of receivers does not wait for an attempt under way, which is settled when it ends', async (t) => {
  const world = deliveryWorld(t)
  const slow = world.receiver('oncall', answersAfter(world, 6 * secondMs))
  const other = world.receiver('other', () => delivered)
  await world.commit(aNewDelivery())
  const delivery = world.start([slow])
  await world.clock.advance(secondMs)

  const again = world.receiver('oncall', () => delivered)
  delivery.change([again, other])
  await world.commit(
    aNewDelivery(aNotification({ slo: 'search' }), { receiver: 'other' }),
    aNewDelivery(aNotification({ slo: 'basket' })),
  )
  delivery.notify()
  await world.clock.advance(0)
  assert.deepEqual([keysSentTo(other), keysSentTo(again)], [['search'], ['basket']])
  assert.deepEqual(await world.statuses(), [
    'checkout-availability firing inflight',
    'search firing delivered',
    'basket firing delivered',
  ])
  await world.clock.advance(5 * secondMs)
  assert.equal((await world.statuses())[0], 'checkout-availability firing delivered')
  assert.deepEqual([keysSentTo(slow), keysSentTo(again)], [['checkout-availability'], ['basket']])
})

test('an incident has one message under way at a receiver, also across a change', async (t) => {
  const world = deliveryWorld(t)
  const slow = world.receiver('oncall', answersAfter(world, 6 * secondMs))
  await world.commit(aNewDelivery())
  const delivery = world.start([slow])
  await world.clock.advance(secondMs)

  const again = world.receiver('oncall', () => delivered)
  delivery.change([again])
  await world.commit(aNewDelivery(aResolve()))
  delivery.notify()
  await world.clock.advance(4 * secondMs)
  assert.equal(again.sent.length, 0)
  await world.clock.advance(secondMs)
  assert.deepEqual(
    again.sent.map((one) => [one.delivery.notification.status, one.at]),
    [['resolved', 6 * secondMs]],
  )
})

test('however often the receivers change, no more attempts are under way at one than it may have', async (t) => {
  const world = deliveryWorld(t)
  let underWay = 0
  let most = 0
  const script: Script = async () => {
    most = Math.max(most, ++underWay)
    await world.clock.sleepUntil(world.clock.now() + 5 * secondMs, new AbortController().signal)
    underWay -= 1
    return delivered
  }
  const flood = Array.from({ length: 12 }, (_, index) => aNewDelivery(aNotification({ slo: `slo-${index}` })))
  await world.commit(...flood)
  const delivery = world.start([world.receiver('oncall', script)])
  for (let change = 0; change < 4; change++) {
    await world.clock.advance(secondMs)
    delivery.change([world.receiver('oncall', script)])
  }
  await world.clock.advance(minuteMs)
  assert.equal(most, attemptsInFlightPerReceiverMax)
  assert.deepEqual(new Set((await world.statuses()).map((one) => one.split(' ').at(-1))), new Set(['delivered']))
})

test('what is under way at a receiver that is taken out is settled', async (t) => {
  const world = deliveryWorld(t)
  await world.commit(aNewDelivery())
  const delivery = world.start([world.receiver('oncall', answersAfter(world, 6 * secondMs))])
  await world.clock.advance(secondMs)
  delivery.change([world.receiver('other', () => delivered)])
  await world.clock.advance(5 * secondMs)
  assert.deepEqual(await world.statuses(), ['checkout-availability firing delivered'])
})

test('an outcome that the store does not take at first is recorded although the receivers changed', async (t) => {
  const world = deliveryWorld(t)
  const { outbox } = world.store
  let failures = 3
  const slow = world.receiver('oncall', answersAfter(world, 2 * secondMs))
  await world.commit(aNewDelivery())
  const delivery = world.start([slow], {
    outbox: {
      ...outbox,
      settle: async (...parameters) => {
        if (failures-- > 0) throw new Error('database or disk is full')
        await outbox.settle(...parameters)
      },
    },
  })
  await world.clock.advance(secondMs)
  delivery.change([world.receiver('oncall', () => delivered)])
  await world.clock.advance(minuteMs)
  assert.deepEqual(await world.statuses(), ['checkout-availability firing delivered'])
  assert.equal(slow.sent.length, 1)
})

test('stopping waits for what was under way before the last change, and aborts it in the end', async (t) => {
  const world = deliveryWorld(t)
  await world.commit(aNewDelivery())
  const delivery = world.start([world.receiver('oncall', hang)])
  await world.clock.advance(0)
  delivery.change([world.receiver('oncall', () => delivered)])
  let isStopped = false
  const stop = async (): Promise<void> => {
    await delivery.stop(2 * secondMs)
    isStopped = true
  }
  const stopped = stop()
  await world.clock.advance(secondMs)
  assert.equal(isStopped, false)
  await world.clock.advance(2 * secondMs)
  await stopped
  const again = await world.store.outbox.claim('oncall', firedAt + hourMs)
  assert.deepEqual([again?.attempt, again?.maybeSent], [2, true])
})

function answersAfter({ clock }: { readonly clock: VirtualClock }, afterMs: number): Script {
  return async (_, signal) => {
    await clock.sleepUntil(clock.now() + afterMs, signal)
    return delivered
  }
}
