import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import type { Routing } from '../../src/core/paging/routing.ts'
import { firedAt } from '../support/delivery-messages.ts'
import { delivered, deliveryWorld, hang, type Script } from '../support/delivery-world.ts'
import { FaultDesk } from '../support/fault-desk.ts'

for (const [what, late] of [
  ['before an incident that is over began', -minuteMs],
  ['when an incident that is over began', 0],
  ['while an incident burned that is over', minuteMs],
] as const) {
  test(`an alert of a region that was dark pages, although it fired ${what}`, async (t) => {
    const { desk, pass, sent } = await aWorld(t)
    await desk.fire('checkout eu page')
    await pass(3)
    await desk.resolve('checkout eu page')
    await pass(3)
    desk.eventTime = firedAt + late
    await desk.fire('checkout us page')
    await pass(1)
    desk.eventTime = undefined
    await desk.resolve('checkout us page')
    await pass(1)
    assert.deepEqual(sent(), ['opened', 'resolved', 'opened', 'resolved'])
  })
}

test('so does one of so long ago that nobody remembers what was open then, also after a restart', async (t) => {
  const { desk, pass, sent, restarted } = await aWorld(t)
  await desk.fire('checkout eu page')
  await pass(3)
  await desk.resolve('checkout eu page')
  await pass(61)
  await desk.turn()
  const next = await restarted()
  assert.deepEqual(next.incidents, [])
  next.eventTime = firedAt - hourMs
  await next.fire('checkout us page')
  await pass(1)
  assert.deepEqual(sent(), ['opened', 'resolved', 'opened'])
})

test('the fallback receiver is not told of a page that is silenced at the moment when it would be', async (t) => {
  const { desk, pass } = await aWorld(t, { fallback: { receiver: 'phone', afterMs: 5 * minuteMs } }, hang)
  await desk.fire('checkout eu page')
  await pass(6)
  await desk.silence('s1', ['slo="checkout"'], 60)
  assert.deepEqual(
    desk.audits.map(({ verdict }) => verdict),
    ['late'],
  )
  assert.equal(desk.incidents[0].telling.fellBack, false)
})

test('an incident begins when its first alert fired, where nothing was open since', async (t) => {
  const { desk, pass } = await aWorld(t)
  await pass(30)
  desk.eventTime = firedAt
  await desk.fire('checkout us page')
  assert.equal(desk.incidents[0].openedAt, firedAt)
})

async function aWorld(t: TestContext, routing: Partial<Routing> = {}, script: Script = () => delivered) {
  const world = deliveryWorld(t)
  const oncall = world.receiver('oncall', script)
  const delivery = world.start([oncall])
  const aDesk = () => new FaultDesk(world.store, () => world.clock.now(), routing).restore()
  return {
    desk: await aDesk(),
    restarted: aDesk,
    sent: () => oncall.sent.map((one) => one.delivery.notification.change),
    pass: async (minutes: number) => {
      delivery.notify()
      await world.clock.advance(minutes * minuteMs)
    },
  }
}
