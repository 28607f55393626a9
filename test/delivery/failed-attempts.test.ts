import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dayMs, hourMs, minuteMs, secondMs } from '../../src/core/model/units.ts'
import { aNewDelivery, aNotification } from '../support/delivery-messages.ts'
import {
  delivered,
  deliveryWorld,
  failed,
  hang,
  inTurn,
  type ScriptedReceiver,
  untilAborted,
} from '../support/delivery-world.ts'

const aTicket = aNotification({ slo: 'search', severity: 'ticket' })

describe('attempts that fail', () => {
  test('are repeated with growing pauses until one succeeds', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', inTurn(failed, failed, failed, failed))
    await world.commit(aNewDelivery())
    world.start([oncall], { random: () => 0.5 })
    await world.clock.advance(minuteMs)
    assert.deepEqual(timesOf(oncall), [0, 500, 1_500, 3_500, 7_500])
    assert.deepEqual(await world.statuses(), ['checkout-availability firing delivered'])
  })

  test('wait as long as the receiver asks, and all its messages with it, and no other receiver', async (t) => {
    const world = deliveryWorld(t)
    const limited = world.receiver('limited', inTurn({ kind: 'retry', reason: 'HTTP 429', afterMs: 7 * secondMs }))
    const other = world.receiver('other', () => delivered)
    await world.commit(aNewDelivery(aNotification(), { receiver: 'limited' }))
    const delivery = world.start([limited, other])
    await world.clock.advance(secondMs)
    const second = aNotification({ slo: 'us-east-1' })
    await world.commit(aNewDelivery(second, { receiver: 'limited' }), aNewDelivery(second, { receiver: 'other' }))
    delivery.notify()
    await world.clock.advance(minuteMs)
    assert.deepEqual(timesOf(limited), [0, 7_000, 7_000])
    assert.deepEqual(timesOf(other), [1_000])
  })

  test('wait no longer than five minutes, whatever the receiver asks', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', inTurn({ kind: 'retry', reason: 'HTTP 429', afterMs: dayMs }))
    await world.commit(aNewDelivery())
    world.start([oncall])
    await world.clock.advance(hourMs)
    assert.deepEqual(timesOf(oncall), [0, 5 * minuteMs])
  })

  test('that the receiver refuses for good are given up loudly, and not repeated', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', () => ({ kind: 'rejected', reason: 'HTTP 404' }))
    await world.commit(aNewDelivery())
    world.start([oncall])
    await world.clock.advance(hourMs)
    assert.equal(oncall.sent.length, 1)
    assert.deepEqual(await world.statuses(), ['checkout-availability firing dead'])
    const [line] = world.log.lines.filter(({ level }) => level === 'error')
    assert.equal(line.message, 'delivery given up')
    assert.equal(line.fields['reason'], 'HTTP 404')
    assert.equal(world.meter.values.get('sloburn_delivery_attempts_total{receiver="oncall",outcome="rejected"}'), 1)
  })

  test('and nobody knows how: a page is sent again soon, under the same id', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', inTurn({ kind: 'ambiguous', reason: 'connection lost' }))
    await world.commit(aNewDelivery())
    world.start([oncall])
    await world.clock.advance(secondMs)
    assert.deepEqual(timesOf(oncall), [0, 500])
    assert.equal(oncall.sent[0].delivery.id, oncall.sent[1].delivery.id)
    assert.deepEqual(
      oncall.sent.map(({ delivery }) => delivery.maybeSent),
      [false, true],
    )
  })

  test('and nobody knows how: a ticket rather waits', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', inTurn({ kind: 'ambiguous', reason: 'connection lost' }))
    await world.commit(aNewDelivery(aTicket))
    world.start([oncall])
    await world.clock.advance(hourMs)
    assert.deepEqual(timesOf(oncall), [0, 7.5 * minuteMs])
  })

  test('for a day: a ticket is given up, a page never', async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', () => failed)
    await world.commit(aNewDelivery(), aNewDelivery(aTicket))
    world.start([oncall])
    await world.clock.advance(dayMs + hourMs)
    assert.deepEqual(await world.statuses(), ['checkout-availability firing queued', 'search firing dead'])
    const [line] = world.log.lines.filter(({ level }) => level === 'error')
    assert.equal(line.message, 'delivery given up')
    assert.equal(line.fields['severity'], 'ticket')
  })
})

describe('attempts that do not end', () => {
  test('are aborted after ten seconds', async (t) => {
    const world = deliveryWorld(t)
    const obedient = world.receiver(
      'oncall',
      inTurn((_, signal) => untilAborted(signal)),
    )
    await world.commit(aNewDelivery())
    world.start([obedient])
    await world.clock.advance(minuteMs)
    assert.deepEqual(timesOf(obedient), [0, 10_500])
    const [line] = world.log.lines.filter(({ level }) => level === 'warn')
    assert.equal(line.fields['reason'], 'aborted: no answer within 10s')
  })

  test('are aborted after the time the receiver asks for', async (t) => {
    const world = deliveryWorld(t)
    const patient = world.receiver(
      'oncall',
      inTurn((_, signal) => untilAborted(signal)),
      30 * secondMs,
    )
    await world.commit(aNewDelivery())
    world.start([patient])
    await world.clock.advance(minuteMs)
    assert.deepEqual(timesOf(patient), [0, 30_500])
  })

  test('are left behind a second later when the receiver does not stop', async (t) => {
    const world = deliveryWorld(t)
    const deaf = world.receiver('oncall', inTurn(hang))
    await world.commit(aNewDelivery())
    world.start([deaf])
    await world.clock.advance(minuteMs)
    assert.deepEqual(timesOf(deaf), [0, 11_500])
    assert.equal(deaf.sent[1].delivery.maybeSent, true)
  })

  test('and answer after they were left behind change nothing', async (t) => {
    const world = deliveryWorld(t)
    const late = Promise.withResolvers<void>()
    const oncall = world.receiver(
      'oncall',
      inTurn(async () => {
        await late.promise
        return { kind: 'rejected', reason: 'too late' }
      }),
    )
    await world.commit(aNewDelivery())
    world.start([oncall])
    await world.clock.advance(minuteMs)
    late.resolve()
    await world.clock.advance(minuteMs)
    assert.deepEqual(await world.statuses(), ['checkout-availability firing delivered'])
  })
})

test('a receiver that throws is a bug that still pages, and its words are not logged: they may hold a secret', async (t) => {
  const world = deliveryWorld(t)
  const oncall = world.receiver(
    'oncall',
    inTurn(() => {
      throw new TypeError('cannot post to https://hooks.example.com/T0PS3CRET')
    }),
  )
  await world.commit(aNewDelivery())
  world.start([oncall])
  await world.clock.advance(minuteMs)
  assert.deepEqual(await world.statuses(), ['checkout-availability firing delivered'])
  const [line] = world.log.lines.filter(({ level }) => level === 'error')
  assert.equal(line.message, 'receiver threw')
  assert.equal(line.fields['error'], 'TypeError')
  assert.match(JSON.stringify(line.fields['stack']), /failed-attempts\.test\.ts/)
  assert.doesNotMatch(JSON.stringify(world.log.lines), /T0PS3CRET/)
})

function timesOf({ sent }: ScriptedReceiver): readonly number[] {
  return sent.map(({ at }) => at)
}
