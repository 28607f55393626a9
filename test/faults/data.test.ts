import assert from 'node:assert/strict'
import { test } from 'node:test'
import { futureSampleToleranceMs, groupsPerSloMax } from '../../src/core/model/limits.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { anSlo, aRule, counters } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../support/engine-world.ts'

const step = 15_000
const start = Date.UTC(2026, 0, 1)
const rules = [aRule('page', 5 * minuteMs, minuteMs, '14.4')]

/** An engine under a clock that the test moves; each step brings 100 requests of one region. */
function aWorld(slos = [anSlo({ rules })]) {
  const store = new RememberingStore()
  let now = start
  let time = start
  let total = 0
  let bad = 0
  const engine = anEngine({ slos, store, now: () => now })
  const sampleOf = (name: string, value: number, at = time, labels: Readonly<Record<string, string>> = {}) => ({
    labels: { region: 'eu', job: 'shop', ...labels, __name__: name },
    time: at,
    value,
  })
  return {
    store,
    engine,
    sampleOf,
    get time() {
      return time
    },
    /** Data and clock go on together. */
    async pass(steps: number, badPerStep: number, { twice = false, backwards = false } = {}) {
      for (let done = 0; done < steps; done++) {
        time += step
        now = Math.max(now, time + 500)
        total += 100
        bad += badPerStep
        const samples = [sampleOf('total', total), sampleOf('bad', bad)]
        if (!backwards || done % 2 === 1) send(engine.sink, samples)
        if (backwards && done % 2 === 0) held = samples
        else if (backwards) send(engine.sink, held)
        if (twice) send(engine.sink, samples)
        await evaluateAll(engine)
      }
    },
    /** The clock goes on or back, and nothing comes. */
    async jump(byMs: number) {
      now += byMs
      await evaluateAll(engine)
    },
    /** Time goes on, and what happens with it, but none of it is seen. */
    async skip(ms: number, badPerStep: number) {
      time += ms
      now += ms
      total += (100 * ms) / step
      bad += (badPerStep * ms) / step
    },
    async reset() {
      total = 0
      bad = 0
    },
    open: () =>
      store.episodes.filter(({ resolvedAt, id }) => resolvedAt === null && id.severity === 'page' && id.scope === 'eu')
        .length,
    episodes: () => store.episodes.filter(({ id }) => id.scope === 'eu').length,
    told: () => store.deliveries.map(({ notification }) => notification.status),
  }
}

let held: Parameters<typeof send>[1] = []

test('24. the event loop stands still for 30 s: nothing resolves by it, and evaluation takes up what it missed', async () => {
  const world = aWorld()
  await world.pass(20, 0)
  await world.pass(20, 50)
  assert.equal(world.open(), 1)
  await world.skip(30_000, 50)
  await world.pass(4, 50)
  assert.equal(world.open(), 1)
  assert.equal(world.episodes(), 1)
  assert.equal(world.engine.evaluatedAt('eu'), world.time)
})

test('49. the clock of one region is ten minutes fast: it is counted by its own data and resolves nothing', async () => {
  const world = aWorld()
  await world.pass(20, 0)
  await world.pass(20, 50)
  const ahead = world.time + 10 * minuteMs - step
  for (let index = 0; index < 10; index++) {
    const at = ahead + index
    const labels = { region: 'us' }
    send(world.engine.sink, [world.sampleOf('total', index * 100, at, labels), world.sampleOf('bad', 0, at, labels)])
  }
  await world.pass(4, 50)
  assert.equal(world.open(), 1)
})

for (const [what, byMs] of [
  ['an hour ahead', hourMs],
  ['an hour back', -hourMs],
  ['back to 1970', -start],
] as const) {
  test(`50. the clock jumps ${what}: windows stand by the time of their samples, and nothing resolves`, async () => {
    const world = aWorld()
    await world.pass(20, 0)
    await world.pass(20, 50)
    const { length } = world.told()
    await world.jump(byMs)
    await world.jump(-byMs)
    await world.pass(8, 50)
    assert.equal(world.open(), 1)
    assert.equal(world.told().filter((status) => status === 'resolved').length, 0)
    assert.ok(world.told().length <= length + 1)
  })
}

test('52. asleep for two hours: what it missed is unknown, not good, and the incident stays', async () => {
  const world = aWorld()
  await world.pass(20, 0)
  await world.pass(20, 50)
  await world.skip(2 * hourMs, 50)
  await world.pass(2, 50)
  assert.equal(world.open(), 1)
  assert.equal(world.told().includes('resolved'), false)
})

for (const [what, choices] of [
  ['twice', { twice: true }],
  ['in the wrong order', { backwards: true }],
] as const) {
  test(`53. samples that come ${what} lead to the same alerts`, async () => {
    const plain = aWorld()
    const disturbed = aWorld()
    for (const [world, how] of [
      [plain, {}],
      [disturbed, choices],
    ] as const) {
      await world.pass(20, 0, how)
      await world.pass(20, 50, how)
      await world.pass(80, 0, how)
    }
    assert.equal(plain.episodes(), 1)
    assert.deepEqual(
      disturbed.store.episodes.map(({ id, resolvedAt }) => [id.scope, resolvedAt !== null]),
      plain.store.episodes.map(({ id, resolvedAt }) => [id.scope, resolvedAt !== null]),
    )
  })
}

test('53. a sample from the far future is refused and moves no time on', async () => {
  const world = aWorld()
  await world.pass(20, 0)
  send(world.engine.sink, [world.sampleOf('total', 9e9, world.time + 2 * futureSampleToleranceMs)])
  await evaluateAll(world.engine)
  assert.equal(world.engine.evaluatedAt('eu'), world.time)
})

test('54. a counter that begins anew, good and bad at once: no event is invented, and the incident goes on', async () => {
  const world = aWorld()
  await world.pass(20, 0)
  await world.pass(20, 50)
  await world.reset()
  await world.pass(20, 50)
  assert.equal(world.open(), 1)
  const calm = aWorld()
  await calm.pass(40, 0)
  await calm.reset()
  await calm.pass(40, 0)
  assert.equal(calm.episodes(), 0)
})

test('55. a series vanishes in mid-incident: it is not known how it goes on, and nothing resolves', async () => {
  const world = aWorld()
  await world.pass(20, 0)
  await world.pass(20, 50)
  for (let minute = 0; minute < 90; minute++) await world.jump(minuteMs)
  assert.equal(world.open(), 1)
})

test('57. no data for longer than four minutes, then it burns on: one incident, no end in between', async () => {
  const world = aWorld()
  await world.pass(20, 0)
  await world.pass(20, 50)
  for (let minute = 0; minute < 10; minute++) await world.jump(minuteMs)
  await world.skip(10 * minuteMs, 50)
  await world.pass(20, 50)
  assert.equal(world.episodes(), 1)
  assert.equal(world.open(), 1)
})

test('58. NaN, infinity and negative values are no events', async () => {
  const world = aWorld()
  await world.pass(20, 0)
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -5]) {
    send(world.engine.sink, [world.sampleOf('bad', value, world.time + 1, { odd: String(value) })])
  }
  await world.pass(20, 0)
  assert.equal(world.episodes(), 0)
  assert.ok(world.store.episodes.every(({ rule }) => Number.isFinite(rule.shortBurnRate)))
})

test('58. one request of one that failed pages nobody under the standard policy, which weighs evidence', async () => {
  const { parseRules } = await import('../../src/rules/parse-rules.ts')
  const text = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: checkout }
spec:
  service: shop
  objective: 99.9
  window: 30d
  indicator: { ratio: { bad: bad, total: total } }
`
  const { slos, problems } = await parseRules([{ name: 'one.yaml', text }])
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  )
  const world = aWorld([...slos])
  await world.pass(1, 0)
  const at = world.time + step
  send(world.engine.sink, [world.sampleOf('total', 101, at), world.sampleOf('bad', 1, at)])
  await evaluateAll(world.engine)
  assert.equal(world.open(), 0)
})

test('59. a label gone wild in one SLO is bounded there, and another SLO goes on as if nothing were', async () => {
  const wild = {
    ...anSlo({ name: 'wild', rules, bad: counters('wild_bad'), total: counters('wild_total') }),
    groupBy: ['user'],
  }
  const world = aWorld([wild, anSlo({ rules })])
  await world.pass(20, 0)
  for (let from = 0; from < 3 * groupsPerSloMax; from += 500) {
    const users = Array.from({ length: 500 }, (_, index) => ({ user: `u${from + index}` }))
    send(
      world.engine.sink,
      users.map((labels) => world.sampleOf('wild_total', 1, world.time, labels)),
    )
  }
  await world.pass(20, 50)
  assert.equal(world.open(), 1)
  const groups = [...world.engine.counting.slos.keys()].filter((id) => id.startsWith('wild'))
  assert.ok(groups.length <= groupsPerSloMax + 1, `${groups.length} groups`)
})

test('63. an engine knows when what inhibits cannot be seen any more', async () => {
  const { isKnownAt } = await import('../../src/engine/known-alert.ts')
  const world = aWorld()
  await world.pass(20, 0)
  await world.pass(20, 50)
  const id = { slo: 'checkout', scope: 'eu', severity: 'page' } as const
  assert.equal(isKnownAt(world.engine.counting, id, world.time), true)
  assert.equal(isKnownAt(world.engine.counting, id, world.time + 10 * minuteMs), false)
  assert.equal(isKnownAt(world.engine.counting, { ...id, cause: 'blind' }, world.time + 10 * minuteMs), true)
})
