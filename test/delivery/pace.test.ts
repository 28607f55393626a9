import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { hourMs, minuteMs, secondMs } from '../../src/core/model/units.ts'
import { pace, paceOf, slower } from '../../src/delivery/pace.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import { aNewDelivery, aNotification } from '../support/delivery-messages.ts'
import { delivered, deliveryWorld, type ScriptedReceiver } from '../support/delivery-world.ts'

describe('a pace', () => {
  test('never lets more attempts begin in any minute than it says, and in the end that many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.integer({ min: 0, max: 30_000 })), (many, waits) => {
        const own = pace(paceOf(many))
        const begun: number[] = []
        let now = 0
        for (const wait of [...waits, ...Array.from({ length: 600 }, () => 300)]) {
          while (own.take(now)) {
            own.begin()
            begun.push(now)
          }
          now += wait
        }
        const most = Math.max(...begun.map((at) => begun.filter((one) => one >= at && one < at + minuteMs).length))
        assert.ok(most <= many, `${most} in a minute`)
        const late = begun.filter((at) => at >= now - 2 * minuteMs && at < now - minuteMs).length
        assert.ok(late >= Math.floor(many * 0.7), `${late} in a minute`)
      }),
    )
  })

  test('lets an attempt begin in the place of one that did not', () => {
    const own = pace({ burst: 1, everyMs: secondMs })
    assert.equal(own.take(0), true)
    assert.equal(own.take(0), false)
    own.giveBack()
    assert.equal(own.take(0), true)
  })

  test('waits no longer than its distance after the clock was put back', () => {
    const own = pace({ burst: 2, everyMs: secondMs })
    assert.deepEqual([own.take(hourMs), own.take(hourMs), own.take(hourMs)], [true, true, false])
    assert.equal(own.hold(0), secondMs)
    assert.equal(own.take(secondMs), true)
  })

  test('keeps the stricter of two', () => {
    assert.deepEqual(slower(paceOf(30), { burst: 1, everyMs: secondMs }), { burst: 1, everyMs: 2_500 })
    assert.deepEqual(slower(paceOf(600), { burst: 1, everyMs: secondMs }), { burst: 1, everyMs: secondMs })
    assert.deepEqual(slower(paceOf(4), undefined), { burst: 1, everyMs: 15 * secondMs })
  })
})

describe('a receiver with a pace', () => {
  test('is told no faster, a page before tickets that wait, and what waited is counted', async (t) => {
    const world = deliveryWorld(t)
    const chat = world.receiver('chat', () => delivered)
    const tickets = ['a', 'b', 'c', 'd'].map((slo) => aTicket(slo))
    await world.commit(...tickets)
    const delivery = world.start([everySecond(chat)])
    await world.clock.advance(1_500)
    await world.commit(aNewDelivery(aNotification({ slo: 'page' }), { receiver: 'chat' }))
    delivery.notify()
    await world.clock.advance(minuteMs)
    assert.deepEqual(told(chat), ['a 0', 'b 1000', 'page 2000', 'c 3000', 'd 4000'])
    assert.equal(world.meter.values.get('sloburn_deliveries_paced_total{receiver="chat"}'), 4)
  })

  test('is told at once where it was left alone, which counts nothing', async (t) => {
    const world = deliveryWorld(t)
    const chat = world.receiver('chat', () => delivered)
    const delivery = world.start([everySecond(chat)])
    for (const slo of ['a', 'b', 'c']) {
      await world.clock.advance(3 * secondMs)
      await world.commit(aTicket(slo))
      delivery.notify()
    }
    await world.clock.advance(0)
    assert.deepEqual(told(chat), ['a 3000', 'b 6000', 'c 9000'])
    assert.equal(world.meter.values.get('sloburn_deliveries_paced_total{receiver="chat"}'), undefined)
  })

  test('keeps it over a change of the config', async (t) => {
    const world = deliveryWorld(t)
    const chat = world.receiver('chat', () => delivered)
    await world.commit(aTicket('a'), aTicket('b'))
    const delivery = world.start([everySecond(chat)])
    await world.clock.advance(100)
    delivery.change([everySecond(chat)])
    await world.clock.advance(minuteMs)
    assert.deepEqual(told(chat), ['a 0', 'b 1000'])
  })

  test('holds up no other', async (t) => {
    const world = deliveryWorld(t)
    const chat = world.receiver('chat', () => delivered)
    const oncall = world.receiver('oncall', () => delivered)
    await world.commit(aTicket('a'), aTicket('b'), aNewDelivery(aNotification({ slo: 'x' })), aNewDelivery())
    world.start([everySecond(chat), oncall])
    await world.clock.advance(0)
    assert.deepEqual(told(oncall), ['x 0', 'checkout-availability 0'])
  })
})

function everySecond(receiver: Receiver): Receiver {
  return { ...receiver, pace: { burst: 1, everyMs: secondMs } }
}

function aTicket(slo: string) {
  return aNewDelivery(aNotification({ slo, severity: 'ticket' }), { receiver: 'chat' })
}

function told({ sent }: ScriptedReceiver): readonly string[] {
  return sent.map(({ delivery, at }) => `${delivery.notification.key} ${at}`)
}
