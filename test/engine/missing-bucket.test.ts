import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Slo } from '../../src/core/model/slo.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { readScope } from '../../src/engine/read-scope.ts'
import { sloStatuses } from '../../src/engine/slo-status.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { anEngine, evaluateAll, type MadeSample, RememberingStore, send } from '../support/engine-world.ts'

const step = 15_000
const start = Date.UTC(2026, 0, 1)
const bounds = ['0.1', '0.25', '0.5', '+Inf']

test('an SLO whose bucket is not there is unknown, and not all bad', async () => {
  const { engine, store } = await played(bounds, 40)
  const { state, counts, coverage } = reading(engine, 'eu', 40)
  assert.deepEqual([state(), counts(600_000), coverage(600_000)], ['no-data', { bad: 0, total: 0 }, 0])
  assert.deepEqual(store.episodes, [])
  const [{ scopes }] = sloStatuses(engine, at(40))
  assert.deepEqual(
    scopes.map(({ scope, state: shown, problem, sli }) => [scope, shown, problem, sli]),
    ['global', 'eu'].map((scope) => [
      scope,
      'no-data',
      'the histogram api_seconds has no bucket 0.3: next to it are 0.25 and 0.5',
      null,
    ]),
  )
})

test('no day says that all of it was bad', async () => {
  const { store } = await played(bounds, 40)
  assert.deepEqual(store.days, [])
  const ever = () => sloStatuses(engine, at(40))[0].scopes.map(({ countedSinceStart }) => countedSinceStart)
  const nothing = { bad: 0, total: 0 }
  const { engine, store: known } = await played(bounds, 40)
  assert.deepEqual(ever(), [nothing, nothing])
  for (let index = 41; index <= 80; index++) {
    send(engine.sink, scrape(index, [...bounds, '0.3'], 'eu'))
    await evaluateAll(engine)
  }
  assert.deepEqual(
    known.days.map(({ bad, total }) => [bad, total > 0]),
    [[0, true]],
  )
})

test('so is one of whose histogram no bucket is sent', async () => {
  const { engine } = await played([], 8)
  assert.equal(reading(engine, 'eu', 8).state(), 'no-data')
  assert.deepEqual(engine.counting.buckets.held, [
    { slo: 'fast', histogram: 'api_seconds', bound: 0.3, region: 'eu', next: { below: undefined, above: undefined } },
  ])
})

test('with the bucket it is counted, however its bound is written, and another region does not matter', async () => {
  for (const bound of ['0.3', '0.30', '3e-1']) {
    const { engine, store } = world()
    for (let index = 0; index <= 40; index++) {
      send(engine.sink, [...scrape(index, [...bounds, bound], 'eu'), ...scrape(index, bounds, 'us')])
      await evaluateAll(engine)
    }
    assert.deepEqual(reading(engine, 'eu', 40).counts(600_000), { bad: 0, total: 4000 })
    assert.equal(reading(engine, 'eu', 40).state(), 'ok')
    assert.equal(reading(engine, 'us', 40).state(), 'no-data')
    assert.equal(reading(engine, 'global', 40).state(), 'partial')
    assert.deepEqual(store.episodes, [])
  }
})

test('when the bucket comes, counting begins with it: what was counted without it is not bad', async () => {
  const { engine, store } = await played(bounds, 40)
  for (let index = 41; index <= 80; index++) {
    send(engine.sink, scrape(index, [...bounds, '0.3'], 'eu'))
    await evaluateAll(engine)
  }
  const { state, counts } = reading(engine, 'eu', 80)
  assert.equal(state(), 'ok')
  const { bad, total } = counts(1_200_000)
  assert.deepEqual([bad, total], [0, 3900])
  assert.deepEqual(store.episodes, [])
  assert.deepEqual(engine.counting.buckets.held, [])
})

test('a restart neither hides that the bucket is missing, nor throws away what was counted with it', async () => {
  for (const [sent, expected] of [
    [bounds, 'no-data'],
    [[...bounds, '0.3'], 'ok'],
  ] as const) {
    const { engine, store, slos } = await played(sent, 40)
    await engine.checkpoint()
    const again = anEngine({ slos, store: store.copy(), now })
    await again.restore()
    send(again.sink, scrape(41, sent, 'eu'))
    await evaluateAll(again)
    assert.equal(reading(again, 'eu', 41).state(), expected)
    const { bad, total } = reading(again, 'eu', 41).counts(600_000)
    assert.deepEqual([bad, total], [0, expected === 'ok' ? 4000 : 0])
  }
})

test('a bucket whose bound is spelt otherwise after an upgrade goes on where it was', async () => {
  const { engine } = world()
  for (let index = 0; index <= 20; index++) {
    send(engine.sink, scrape(index, index <= 10 ? [...bounds, '0.3'] : [...bounds, '0.30'], 'eu'))
    await evaluateAll(engine)
  }
  // A second counter would come from nowhere with all events of the first: more good events than events.
  const { bad, total } = reading(engine, 'eu', 20).counts(300_000)
  assert.deepEqual([bad, total], [0, 2000])
  const goods = engine.counting.regions
    .get('eu')
    ?.countsEver([...(engine.counting.regions.get('eu')?.slos.values() ?? [])][0])
  assert.deepEqual(goods, { bad: 0, total: 2000 })
})

const { slos: declared, problems } = await parseRules([
  {
    name: 'fast.yaml',
    text: `apiVersion: sloburn/v1
kind: SLO
metadata: { name: fast }
spec:
  service: api
  objective: 99
  window: 30d
  indicator: { latency: { histogram: 'api_seconds{job="api"}', below: 300ms } }
  alerting: { policy: workbook }
`,
  },
])
assert.deepEqual(problems, [])

function now(): number {
  return start + 3_600_000
}

function at(index: number): number {
  return start + index * step
}

function world(): { readonly engine: Engine; readonly store: RememberingStore; readonly slos: readonly Slo[] } {
  const store = new RememberingStore()
  return { engine: anEngine({ slos: declared, store, now }), store, slos: declared }
}

/** A hundred events each step, all of them as fast as can be. */
function scrape(index: number, sent: readonly string[], region: string): readonly MadeSample[] {
  const common = { job: 'api', instance: region, region }
  const value = 100 * index
  return [
    { labels: { __name__: 'api_seconds_count', ...common }, time: at(index), value },
    ...sent.map((le) => ({ labels: { __name__: 'api_seconds_bucket', le, ...common }, time: at(index), value })),
  ]
}

async function played(sent: readonly string[], steps: number) {
  const made = world()
  for (let index = 0; index <= steps; index++) {
    send(made.engine.sink, scrape(index, sent, 'eu'))
    await evaluateAll(made.engine)
  }
  return made
}

function reading(engine: Engine, scope: string, index: number) {
  const [compiled] = engine.counting.slos.values()
  return readScope(engine.counting, compiled, scope, at(index))
}
