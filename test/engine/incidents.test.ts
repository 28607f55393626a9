import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Routing } from '../../src/core/paging/routing.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { PageProgress } from '../../src/ports/store.ts'
import { incidentIn } from '../support/delivery-messages.ts'
import { anSlo } from '../support/engine-slo.ts'
import { evaluateAll, everythingToOncall, RememberingStore, send } from '../support/engine-world.ts'

const step = 15_000
const start = Date.UTC(2026, 0, 1)
const labels = { region: 'eu', job: 'shop', instance: 'a' }

/** An engine under a clock that the test moves, with 100 requests a step. */
function running(routing: Partial<Routing> = {}, progress: () => PageProgress = () => arrived) {
  const store = new RememberingStore()
  let now = start
  let index = 0
  let total = 0
  let bad = 0
  const world = () => ({
    store: { ...store.world, outbox: { ...unusedOutbox, pageProgress: async () => progress() } },
    now: () => now,
  })
  const make = (routingNow: Routing) => new Engine({ stepMs: step, delayMs: 0 }, [anSlo()], routingNow, world())
  const all: Routing = { ...everythingToOncall, ...routing }
  let engine = make(all)
  return {
    store,
    get engine() {
      return engine
    },
    get now() {
      return now
    },
    async pass(steps: number, badPerStep: number) {
      for (let done = 0; done < steps; done++, index++) {
        now = start + index * step + 500
        total += 100
        bad += badPerStep
        const sample = (name: string, value: number) => ({
          labels: { ...labels, __name__: name },
          time: start + index * step,
          value,
        })
        send(engine.sink, [sample('total', total), sample('bad', bad)])
        await evaluateAll(engine)
      }
    },
    /** Time passes without a sample. */
    async wait(seconds: number) {
      now += seconds * 1_000
      await evaluateAll(engine)
    },
    async restart() {
      await engine.checkpoint()
      engine = make(all)
      await engine.restore()
    },
    told: () => store.deliveries.map((delivery) => `${delivery.receiver} ${delivery.notification.change}`),
  }
}

const unused = async () => assert.fail('delivery is not part of this')
const unusedOutbox = {
  claim: unused,
  settle: unused,
  nextDueAt: unused,
  recover: unused,
  list: unused,
  depths: unused,
  prune: unused,
}

const arrived: PageProgress = { delivered: true, moving: false, waitingSince: null }

test('a burn in one region makes one incident that pages once, with the numbers of that moment', async () => {
  const world = running()
  await world.pass(20, 0)
  await world.pass(60, 100)
  assert.deepEqual(world.told(), ['oncall opened'])
  const { slo, severity, short, regions, alerts, key } = incidentIn(world.store.deliveries[0])
  assert.deepEqual([slo, key, severity], ['checkout', 'checkout', 'page'])
  assert.ok((short.burnRate ?? 0) > 14.4)
  assert.deepEqual(
    regions.map(({ region, share }) => [region, share]),
    [['eu', 1]],
  )
  assert.ok(alerts.length >= 1)
  assert.equal(world.store.incidents.length, 1)
  assert.ok(
    world.store.commits.some(({ burnRates }) => burnRates.length > 0),
    'burn rates are kept',
  )
})

test('a restart in mid-incident tells nobody anew, and the end reaches who was told', async () => {
  const world = running()
  await world.pass(20, 0)
  await world.pass(60, 100)
  await world.restart()
  await world.pass(20, 100)
  assert.deepEqual(world.told(), ['oncall opened'])
  await world.pass(2_000, 0)
  assert.deepEqual(world.told(), ['oncall opened', 'oncall resolved'])
})

test('an incident that ended while nothing ran is told to be over (R2)', async () => {
  const world = running()
  await world.pass(20, 0)
  await world.pass(60, 100)
  await world.restart()
  await world.pass(2_000, 0)
  assert.equal(world.told().at(-1), 'oncall resolved')
})

test('a silence and an acknowledgement are stored with what follows from them, in one commit', async () => {
  const world = running()
  await world.pass(20, 0)
  await world.pass(60, 100)
  const [incident] = world.store.incidents
  const until = world.now + 3_600_000
  await world.engine.acknowledge(incident.id, { by: 'ana', at: world.now, until, note: '' })
  const commit = world.store.commits.at(-1)
  assert.deepEqual(
    commit?.incidentEvents.map(({ kind }) => kind),
    ['acknowledged'],
  )
  assert.deepEqual(
    commit?.superseded.map(({ remindersOnly }) => remindersOnly),
    [true],
  )
  assert.equal(world.store.incidents[0].acknowledgement?.by, 'ana')
  assert.equal(await world.engine.acknowledge('nothing', { by: 'ana', at: world.now, until, note: '' }), undefined)
})

test('what could not be stored is decided again, and nothing of it was told', async () => {
  const world = running()
  await world.pass(20, 0)
  world.store.failures = 1
  await assert.rejects(world.pass(60, 100), /disk full/)
  await world.wait(0)
  await world.pass(60, 100)
  assert.deepEqual(world.told(), ['oncall opened'])
  const events = world.store.commits.flatMap(({ incidentEvents }) => incidentEvents)
  assert.deepEqual(
    events.map(({ sequence }) => sequence),
    events.map((_, index) => index + 1),
  )
})

test('a page that does not arrive goes to the fallback receiver, once', async () => {
  let progress: PageProgress = { delivered: false, moving: true, waitingSince: start }
  const world = running({ fallback: { receiver: 'phone', afterMs: 60_000 } }, () => progress)
  await world.pass(20, 0)
  await world.pass(60, 100)
  assert.ok(world.told().includes('phone fell-back'))
  progress = arrived
  await world.pass(20, 100)
  assert.equal(world.told().filter((one) => one === 'phone fell-back').length, 1)
})

test('a page that does not arrive goes to the fallback receiver in time, also when no data comes any more', async () => {
  const routing = { fallback: { receiver: 'phone', afterMs: 60_000 } }
  const world = running(routing, () => ({
    delivered: false,
    moving: true,
    waitingSince: world.store.incidents[0].telling.wokeAt,
  }))
  await world.pass(20, 0)
  while (world.told().length === 0) await world.pass(1, 100)
  await world.wait(59)
  assert.deepEqual(world.told(), ['oncall opened'])
  await world.wait(1)
  assert.deepEqual(world.told(), ['oncall opened', 'phone fell-back'])
})

test('a silence that ends while it burns ends by the clock, also when no data comes', async () => {
  const world = running()
  await world.pass(20, 0)
  await world.pass(60, 100)
  const matchers = [{ label: 'slo', operator: '=', value: 'checkout' }] as const
  const silence = { id: 's', matchers, createdBy: 'ana', comment: 'known', endedBy: null, createdAt: world.now }
  await world.engine.post({
    silences: [{ ...silence, startsAt: world.now, endsAt: world.now + 30_000 }],
    annotations: [],
  })
  await world.wait(29)
  assert.deepEqual(world.told(), ['oncall opened'])
  await world.wait(1)
  assert.deepEqual(world.told(), ['oncall opened', 'oncall unsilenced'])
})

test('a page that was refused everywhere goes to the fallback receiver at once', async () => {
  const refused: PageProgress = { delivered: false, moving: false, waitingSince: start }
  const world = running({ fallback: { receiver: 'phone', afterMs: 3_600_000 } }, () => refused)
  await world.pass(20, 0)
  await world.pass(60, 100)
  assert.ok(world.told().includes('phone fell-back'))
})

test('signs of life come by the clock, also when no data does', async () => {
  const world = running({ heartbeat: { receiver: 'deadman', everyMs: 60_000 } })
  await world.pass(1, 0)
  await world.wait(59)
  await world.wait(2)
  await world.wait(60)
  assert.equal(world.told().filter((one) => one === 'deadman repeated').length, 3)
})
