import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { standardIncidentPolicy } from '../../src/core/incidents/incident-policy.ts'
import { annotationsPerMessageMax } from '../../src/core/model/limits.ts'
import { hourMs, minuteMs, secondMs } from '../../src/core/model/units.ts'
import type { Routing } from '../../src/core/paging/routing.ts'
import { delivered, deliveryWorld, hang, type Script } from '../support/delivery-world.ts'
import { FaultDesk, plainRouting } from '../support/fault-desk.ts'
import { type AlertWords, aMatcher, IncidentStory } from '../support/incident-story.ts'
import { PagerModel } from '../support/pager-model.ts'

/** Incidents, store and delivery in made time, to pagers that de-duplicate. */
function aWorld(
  t: TestContext,
  routing: Partial<Routing> = {},
  scripts: Readonly<Record<string, Script>> = {},
  slos?: readonly string[],
) {
  const world = deliveryWorld(t)
  const pager = new PagerModel()
  const receivers = ['oncall', 'phone', 'lead'].map((name) =>
    world.receiver(name, async (delivery, signal) => {
      const outcome = await (scripts[name] ?? (() => delivered))(delivery, signal)
      if (outcome.kind === 'delivered') pager.take(delivery.notification, delivery.episode, world.clock.now())
      return outcome
    }),
  )
  const now = () => world.clock.now()
  let desk = new FaultDesk(world.store, now, routing, slos)
  const delivery = world.start(receivers)
  const settle = async (): Promise<void> => {
    delivery.notify()
    await world.clock.advance(secondMs)
  }
  return {
    ...world,
    pager,
    get desk() {
      return desk
    },
    settle,
    told: () => receivers.flatMap(({ name, sent }) => sent.map((one) => `${name} ${one.delivery.notification.change}`)),
    /** What was sent to a receiver, with the second at which that was. */
    sentTo: (name: string) =>
      receivers
        .filter((receiver) => receiver.name === name)
        .flatMap(({ sent }) =>
          sent.map(({ at, delivery: { notification } }) => `${Math.round(at / secondMs)} ${notification.change}`),
        ),
    async pass(minutes: number) {
      for (let quarter = 0; quarter < minutes * 4; quarter++) {
        await world.clock.advance(15 * secondMs)
        await desk.turn()
        delivery.notify()
      }
      await settle()
    },
    async restart() {
      desk = await new FaultDesk(world.store, now, routing).restore()
    },
  }
}

const page = 'checkout eu page'

/** Tickets hang until they are given up. */
const hanging: Script = (delivery, signal) =>
  delivery.notification.severity === 'ticket' ? hang(delivery, signal) : delivered

/** Takes every attempt and never answers. */
const slow: Script = async (_, signal) => {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  return { kind: 'ambiguous', reason: 'no answer' }
}

test('25. a restart in the middle of it: no new page, and it began when it began', async (t) => {
  const world = aWorld(t)
  await world.desk.fire(page)
  await world.settle()
  const [before] = world.desk.incidents
  await world.restart()
  await world.pass(10)
  assert.deepEqual(world.told(), ['oncall opened'])
  assert.equal(world.desk.incidents[0].openedAt, before.openedAt)
})

test('26. it ends while nothing runs: the end is told after the start', async (t) => {
  const world = aWorld(t)
  await world.desk.fire(page)
  await world.settle()
  await world.clock.advance(hourMs)
  await world.restart()
  await world.desk.resolve(page)
  await world.settle()
  assert.deepEqual(world.told(), ['oncall opened', 'oncall resolved'])
})

test('27. a crash loop: a hundred restarts, one page', async (t) => {
  const world = aWorld(t)
  await world.desk.fire(page)
  for (let crash = 0; crash < 100; crash++) {
    await world.restart()
    await world.desk.turn()
    await world.settle()
  }
  assert.deepEqual(world.told(), ['oncall opened'])
})

test('29. routes that change in mid-incident: the end goes to whoever was told, and who is new hears of an opening', async (t) => {
  const world = aWorld(t)
  await world.desk.fire(page)
  await world.settle()
  world.desk.routing = { ...world.desk.routing, routes: [{ match: {}, receivers: ['lead'] }] }
  await world.pass(1)
  await world.desk.resolve(page)
  await world.settle()
  assert.deepEqual(world.told().toSorted(), ['lead opened', 'lead resolved', 'oncall opened', 'oncall resolved'])
})

test('29. a receiver is taken out of the config before a restart: what waits for it is said, given up after a while with the reason, and a page goes to the fallback', async (t) => {
  const world = deliveryWorld(t)
  const routing = { fallback: { receiver: 'phone', afterMs: 5 * minuteMs } }
  const desk = new FaultDesk(world.store, () => world.clock.now(), routing)
  const first = world.start([world.receiver('oncall', () => delivered)])
  await desk.fire(page)
  first.notify()
  await world.clock.advance(secondMs)
  await first.stop(0)
  // From here on nobody knows where `oncall` was.
  const phone = world.receiver('phone', () => delivered)
  const second = world.start([phone])
  await desk.fire('search eu page')
  await desk.resolve(page)
  for (let minute = 0; minute < 12; minute++) {
    await world.clock.advance(minuteMs)
    await desk.turn()
    second.notify()
  }
  await world.clock.advance(secondMs)
  assert.deepEqual(
    phone.sent.map(({ delivery }) => `${delivery.notification.key} ${delivery.notification.change}`),
    ['search fell-back'],
  )
  const dead = await world.store.outbox.list({ limit: 10, status: 'dead' })
  assert.deepEqual(dead.map(({ key, change }) => `${key} ${change}`).sort(), ['checkout resolved', 'search opened'])
  assert.match(dead[0].reason ?? '', /"oncall" is not in the config any more/)
  assert.equal(world.log.lines.filter(({ message }) => message === 'delivery given up').length, 2)
  assert.equal((await world.store.outbox.depths()).get('oncall'), undefined)
})

test('33. the store fails for ten minutes in mid-incident: decided again, told once', async (t) => {
  const world = aWorld(t)
  const { store } = world
  let fails = true
  const desk = new FaultDesk(
    {
      ...world.store,
      commit: async (tick) => (fails ? Promise.reject(new Error('disk I/O error')) : await store.commit(tick)),
    },
    () => world.clock.now(),
  )
  for (let minute = 0; minute < 10; minute++) {
    await assert.rejects(desk.fire(page))
    await world.settle()
  }
  fails = false
  await desk.fire(page)
  await world.settle()
  assert.deepEqual(world.told(), ['oncall opened'])
})

test('35. the answer to COMMIT is lost: the same is decided again and stored once', async (t) => {
  const world = aWorld(t)
  const now = world.clock.now()
  const { store } = world
  const desk = new FaultDesk(
    {
      ...world.store,
      commit: async (tick) => {
        await store.commit(tick)
        throw new Error('connection lost')
      },
    },
    () => now,
  )
  await assert.rejects(desk.fire(page))
  await assert.rejects(desk.fire(page))
  await world.settle()
  assert.deepEqual(world.told(), ['oncall opened'])
  assert.equal((await world.store.outbox.list({ limit: 10 })).length, 1)
})

test('39. tickets that hang take every attempt of their receiver: a page waits no longer than one attempt may take', async (t) => {
  const routes = [{ match: {}, receivers: ['oncall'] }]
  const world = aWorld(t, { routes }, { oncall: hanging })
  await world.desk.fire('search eu ticket', 'cart eu ticket', 'login eu ticket')
  await world.settle()
  await world.desk.fire(page)
  await world.settle()
  await world.clock.advance(12 * secondMs)
  assert.equal(world.pager.open.length, 1)
})

test('41. the store is locked for a while when an outcome is to be stored: it is stored in the end, and sent once', async (t) => {
  const world = deliveryWorld(t)
  let locked = 5
  const outbox = {
    ...world.store.outbox,
    settle: async (...parameters: Parameters<typeof world.store.outbox.settle>) => {
      if (locked-- > 0) throw new Error('database is locked')
      await world.store.outbox.settle(...parameters)
    },
  }
  const oncall = world.receiver('oncall', () => delivered)
  const desk = new FaultDesk(world.store, () => world.clock.now())
  await desk.fire(page)
  world.start([oncall], { outbox })
  await world.clock.advance(minuteMs)
  assert.equal(oncall.sent.length, 1)
  assert.deepEqual(await world.statuses(), ['checkout firing delivered'])
})

for (const [number, what, apartMs] of [
  ['42', 'two evaluators of the same data', 0],
  ['43', 'two evaluators one step apart', 15_000],
] as const) {
  test(`${number}. ${what}: a pager that de-duplicates holds one incident`, async (t) => {
    const pager = new PagerModel()
    for (const offset of [0, apartMs]) {
      const world = aWorld(t, {}, { oncall: (delivery) => (pager.take(delivery.notification, 0, 0), delivered) })
      await world.clock.advance(offset)
      await world.desk.fire(page)
      await world.settle()
    }
    assert.equal(pager.incidents.length, 1)
    assert.equal(pager.incidents[0].triggers, 2)
  })
}

test('45. the store is there and the receiver is not: the fallback receiver has the page in time', async (t) => {
  const world = aWorld(
    t,
    { fallback: { receiver: 'phone', afterMs: 5 * minuteMs } },
    { oncall: () => ({ kind: 'retry', reason: 'no connection' }) },
  )
  await world.desk.fire(page)
  await world.pass(6)
  assert.ok(world.told().includes('phone fell-back'))
  assert.deepEqual(world.pager.open, ['checkout'])
})

test('46. two evaluators, and the receiver fails for ten minutes: one incident at a pager that de-duplicates', async (t) => {
  const pager = new PagerModel()
  for (const name of ['one', 'other']) {
    let fails = 8
    const world = aWorld(
      t,
      {},
      {
        oncall: (delivery) => {
          if (fails-- > 0) return { kind: 'retry', reason: `HTTP 500 to ${name}` }
          pager.take(delivery.notification, delivery.episode, 0)
          return delivered
        },
      },
    )
    await world.desk.fire(page)
    await world.pass(10)
  }
  assert.equal(pager.incidents.length, 1)
})

test('47. it ends while its page is still being tried: firing, resolved, and nothing after that', async (t) => {
  let fails = 6
  const world = aWorld(t, {}, { oncall: () => (fails-- > 0 ? { kind: 'retry', reason: 'HTTP 500' } : delivered) })
  await world.desk.fire(page)
  await world.settle()
  await world.desk.resolve(page)
  await world.pass(20)
  assert.deepEqual(
    world.pager.incidents.map(({ resolvedAt }) => resolvedAt !== undefined),
    [true],
  )
  assert.equal(world.told().at(-1), 'oncall resolved')
})

test('51. business hours keep to the clock on the wall when that is put back: a ticket of Friday night is told on Monday at nine', () => {
  const story = new IncidentStory({
    routes: [
      {
        match: {},
        receivers: ['team'],
        hours: { name: 'office', timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1_020 },
      },
    ],
  })
  // 2026-10-23 20:00 in Berlin is 18:00 UTC; from Sunday on, nine o'clock is 08:00 UTC.
  story.now = Date.UTC(2026, 9, 23, 18)
  story.fire('checkout eu ticket').pass(3 * 24 * 60)
  assert.deepEqual(
    story.sent.map(({ at }) => new Date(at).toISOString()),
    ['2026-10-26T08:00:00.000Z'],
  )
})

test('60. it fires and ends between two turns of delivery: both are told', async (t) => {
  const world = aWorld(t)
  await world.desk.fire(page)
  await world.desk.resolve(page)
  await world.settle()
  assert.deepEqual(world.told(), ['oncall opened', 'oncall resolved'])
})

test('61. silenced after it was told, then it ends: the end is told', async (t) => {
  const world = aWorld(t)
  await world.desk.fire(page)
  await world.settle()
  await world.desk.silence('s1', ['slo="checkout"'], 60)
  await world.desk.resolve(page)
  await world.settle()
  assert.deepEqual(world.told(), ['oncall opened', 'oncall resolved'])
})

const inhibitions = [
  { name: 'page', source: [aMatcher('severity="page"')], target: [aMatcher('severity="ticket"')], equal: ['region'] },
]
const inhibiting = { policy: { ...plainRouting.policy, inhibitions } }

test('62. a page inhibits a ticket; after a restart the ticket is looked at first: it is not told', async (t) => {
  const world = aWorld(t, inhibiting)
  await world.desk.fire(page, 'search eu ticket')
  await world.settle()
  await world.restart()
  await world.desk.fire('search eu ticket')
  await world.pass(10)
  assert.deepEqual(world.told(), ['oncall opened'])
})

test('63. what inhibits cannot be seen any more: what it kept quiet is told', async (t) => {
  const world = aWorld(t, inhibiting)
  await world.desk.fire(page, 'search eu ticket')
  await world.pass(5)
  assert.deepEqual(world.told(), ['oncall opened'])
  world.desk.unknown.add('checkout')
  await world.pass(1)
  assert.deepEqual(world.told(), ['oncall opened', 'oncall opened'])
})

test('64. a deployment that nobody closes holds a ticket for its time and no longer, however many follow', () => {
  const story = new IncidentStory({ policy: { holdAfterDeployMs: 15 * minuteMs } })
  story.annotate({}).fire('checkout eu ticket')
  for (let minute = 0; minute < 20; minute++) story.annotate({ id: `again-${minute}` }).pass(1)
  assert.equal(story.told.length, 1)
  assert.ok(annotationsPerMessageMax > 0)
})

test('65. acknowledged, then it spreads: somebody is woken again', async (t) => {
  const world = aWorld(t)
  await world.desk.fire(page)
  await world.settle()
  await world.desk.acknowledge()
  await world.desk.fire('checkout us page')
  await world.settle()
  assert.deepEqual(world.told(), ['oncall opened', 'oncall worsened'])
})

test('65. acknowledged while a reminder waits for a receiver that fails: the reminder is withdrawn, and the fallback receiver is left in peace', async (t) => {
  let isDown = false
  const policy = { ...plainRouting.policy, repeatEveryMs: 10 * minuteMs }
  const world = aWorld(
    t,
    { policy, fallback: { receiver: 'phone', afterMs: 5 * minuteMs } },
    { oncall: () => (isDown ? { kind: 'retry', reason: 'HTTP 503' } : delivered) },
  )
  await world.desk.fire(page)
  await world.pass(9)
  isDown = true
  await world.pass(2)
  await world.desk.acknowledge()
  await world.pass(10)
  assert.deepEqual([...new Set(world.told())], ['oncall opened', 'oncall repeated'])
})

test('65. calmed to a ticket and page again later: somebody is woken by the same incident, which a pager keeps as one', async (t) => {
  const world = aWorld(t, { policy: { ...plainRouting.policy, resolveAfterMs: minuteMs } })
  await world.desk.fire(page, 'checkout eu ticket')
  await world.settle()
  await world.desk.resolve(page)
  await world.pass(20)
  await world.desk.fire(page)
  await world.settle()
  assert.deepEqual(world.told(), ['oncall opened', 'oncall worsened'])
  assert.deepEqual(
    world.pager.incidents.map(({ triggers }) => triggers),
    [2],
  )
})

test('66. a thousand SLOs open at once: every page is out before the first ticket, and each is told once', {
  timeout: 60_000,
}, async (t) => {
  const slos = Array.from({ length: 1_000 }, (_, index) => `slo-${index}`)
  const world = aWorld(t, {}, {}, slos)
  const alerts = slos.map((slo, index): AlertWords => `${slo} eu ${index % 2 === 0 ? 'page' : 'ticket'}`)
  await world.desk.fire(...alerts)
  await world.settle()
  const severities = (await world.store.outbox.list({ limit: 2_000 })).filter(({ status }) => status === 'delivered')
  assert.equal(severities.length, 1_000)
  assert.equal(world.pager.incidents.length, 1_000)
  const order = world.pager.incidents.map(({ key }) => Number(key.split('-')[1]) % 2)
  assert.equal(order.lastIndexOf(0) < order.indexOf(1), true, 'pages before tickets')
})

/** A page that spreads to another region each minute for an hour, to a pager and a phone; then the pager is itself again. */
async function anHourOfPages(t: TestContext, isPagerSlow: boolean) {
  let isSlow = isPagerSlow
  const world = aWorld(
    t,
    {
      routes: [{ match: {}, receivers: ['oncall', 'phone'] }],
      traitsOf: () => ({ takesUpdates: true, takesDigests: false }),
      policy: {
        ...plainRouting.policy,
        updateEveryMs: 0,
        flapping: { ...standardIncidentPolicy.flapping, openings: 1_000 },
      },
    },
    { oncall: (delivery, signal) => (isSlow ? slow(delivery, signal) : delivered) },
  )
  for (let minute = 0; minute < 60; minute++) {
    await world.desk.fire(`checkout region-${minute} page`)
    await world.pass(1)
  }
  const waiting = (await world.store.outbox.depths()).get('oncall') ?? 0
  isSlow = false
  await world.pass(3)
  return { waiting, phone: world.sentTo('phone'), left: await world.store.outbox.depths() }
}

test('68. a receiver that is slow for an hour delays no other by a second, keeps every page, and its updates become one', {
  timeout: 60_000,
}, async (t) => {
  const slowly = await anHourOfPages(t, true)
  const freely = await anHourOfPages(t, false)
  assert.ok(slowly.phone.length >= 60, 'the other heard of everything')
  assert.deepEqual(slowly.phone, freely.phone, 'at the same second as if the slow one were not there')
  assert.ok(slowly.waiting <= 2, `${slowly.waiting} messages of one incident wait`)
  assert.deepEqual([...slowly.left], [])
})

test('68. a slow receiver of a hundred incidents: the pages wait, all of them, and the tickets of another go on', {
  timeout: 60_000,
}, async (t) => {
  let isSlow = true
  const slos = Array.from({ length: 100 }, (_, index) => `slo-${index}`)
  const routes = [
    { match: { severity: 'page' as const }, receivers: ['oncall'] },
    { match: { severity: 'ticket' as const }, receivers: ['phone'] },
  ]
  const world = aWorld(
    t,
    { routes },
    { oncall: (delivery, signal) => (isSlow ? slow(delivery, signal) : delivered) },
    slos,
  )
  const alerts = slos.map((slo, index): AlertWords => `${slo} eu ${index % 2 === 0 ? 'page' : 'ticket'}`)
  await world.desk.fire(...alerts)
  await world.pass(60)
  assert.equal(world.sentTo('phone').length, 50)
  assert.ok(
    world.sentTo('phone').every((line) => Number(line.split(' ')[0]) <= 15),
    world.sentTo('phone').at(-1),
  )
  assert.equal((await world.store.outbox.depths()).get('oncall'), 50)
  isSlow = false
  await world.pass(2)
  assert.equal((await world.store.outbox.depths()).get('oncall'), undefined)
  assert.equal(world.pager.open.length, 100)
})
