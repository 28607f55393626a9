import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exclusion } from '../../src/core/model/exclusion.ts'
import { sloStatusInDetail } from '../../src/engine/slo-status.ts'
import { anSlo, aRule } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../support/engine-world.ts'
import { compositeSlo } from '../support/indicator-slos.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 0, 5)
const rules = [aRule('page', hour, 5 * minute, '10')]

function anExclusion(fromMs: number, toMs: number, overrides: Partial<Exclusion> = {}): Exclusion {
  return {
    id: 'upgrade',
    matches: { slos: [], services: [], regions: [] },
    schedule: { kind: 'once', from: start + fromMs, to: start + toMs },
    mute: false,
    excludeFromBudget: true,
    author: 'ada',
    reason: 'database upgrade',
    at: null,
    ...overrides,
  }
}

/**
 * Ten events a second in each region; in eu half of them fail within half an hour, from minute 60 to 90. Where a share of those of us
 * fails, it has ten times as many.
 */
async function tell(exclusions: readonly Exclusion[], forMs = 3 * hour, slos = [anSlo({ rules })], usFails = 0) {
  const store = new RememberingStore()
  const engine = anEngine({ slos, store })
  engine.setExclusions(exclusions)
  for (let time = 0; time <= forMs; time += step) {
    for (const region of ['eu', 'us']) {
      const labels = { region, job: 'shop', instance: region }
      const total = time / (region === 'us' && usFails > 0 ? 10 : 100)
      const bad = region === 'eu' ? Math.max(0, Math.min(time, 90 * minute) - 60 * minute) / 200 : usFails * total
      send(engine.sink, [
        { labels: { __name__: 'total', ...labels }, time: start + time, value: total },
        { labels: { __name__: 'bad', ...labels }, time: start + time, value: bad },
      ])
    }
    await evaluateAll(engine)
  }
  const scope = (name: string, slo = 'checkout') => {
    const found = sloStatusInDetail(engine, slo, start + forMs)?.scopes.find((one) => one.scope === name)
    assert.ok(found?.detail !== undefined)
    return { ...found, detail: found.detail }
  }
  return { store, engine, scope }
}

test('a period that is excluded leaves both sums of the budget, and is told as a second number', async () => {
  const { scope } = await tell([anExclusion(hour, 90 * minute)])
  const eu = scope('eu')
  assert.deepEqual(eu.counts, { bad: 0, total: (150 * minute) / 100 })
  assert.deepEqual(eu.detail.budget.excluded, { bad: (30 * minute) / 200, total: (30 * minute) / 100 })
  assert.equal(eu.consumed, 0)
  const plain = (await tell([])).scope('eu').detail.budget
  assert.equal(plain.countedMs, 30 * 24 * hour)
  assert.equal(eu.detail.budget.countedMs, 30 * 24 * hour - 30 * minute)
  assert.equal(plain.seenMs, 3 * hour)
  assert.equal(eu.detail.budget.seenMs, 3 * hour - 30 * minute)
  assert.deepEqual(eu.detail.exclusions, [{ id: 'upgrade', author: 'ada', reason: 'database upgrade' }])
})

test('an exclusion made afterwards changes the past at once, and taken back it changes it back', async () => {
  const { engine, scope } = await tell([])
  const before = scope('eu')
  assert.equal(before.counts?.bad, (30 * minute) / 200)
  engine.setExclusions([anExclusion(70 * minute, 80 * minute)])
  assert.equal(scope('eu').counts?.bad, (20 * minute) / 200)
  assert.equal(scope('global').counts?.bad, (20 * minute) / 200)
  engine.setExclusions([])
  assert.deepEqual(scope('eu'), { ...before, detail: { ...before.detail } })
})

test('one of a region takes its part out of all regions together, and leaves the others', async () => {
  const { scope } = await tell([
    anExclusion(hour, 90 * minute, { matches: { slos: ['checkout'], services: ['shop'], regions: ['eu'] } }),
  ])
  assert.equal(scope('us').counts?.total, (180 * minute) / 100)
  assert.equal(scope('global').counts?.total, (180 * minute + 150 * minute) / 100)
  assert.equal(scope('global').detail.exclusions.length, 1)
  assert.equal(scope('us').detail.exclusions.length, 0)
})

test('one of a composite leaves out what its members add to it, and leaves their own budgets', async () => {
  const journey = compositeSlo('weighted', [{ slo: 'checkout', weight: 1 }], { name: 'journey' })
  const own = { matches: { slos: ['journey'], services: [], regions: [] } }
  const { scope } = await tell([anExclusion(hour, 90 * minute, own)], 3 * hour, [anSlo({ rules }), journey])
  for (const name of ['eu', 'global']) {
    assert.equal(scope(name, 'journey').counts?.bad, 0, name)
    assert.ok((scope(name).counts?.bad ?? 0) > 0, name)
  }
  assert.deepEqual(scope('eu', 'journey').detail.exclusions.length, 1)
  assert.deepEqual(scope('eu').detail.exclusions, [])
})

test('what only leaves the budget alerts all the same, and what is muted as well burns in no window', async () => {
  const counted = await tell([anExclusion(hour, 90 * minute)])
  assert.deepEqual(counted.store.episodes.map(({ id }) => id.scope).sort(), ['eu', 'global'])
  const left = await tell([anExclusion(hour, 90 * minute, { mute: true })])
  assert.deepEqual(left.store.episodes, [])
})

test('what is only muted counts towards the budget, is named nowhere, and opens alerts that nobody is told of', async () => {
  const muted = await tell([anExclusion(hour, 3 * hour, { mute: true, excludeFromBudget: false })])
  assert.deepEqual(muted.scope('eu').counts, (await tell([])).scope('eu').counts)
  assert.deepEqual(muted.scope('eu').detail.exclusions, [])
  assert.deepEqual(muted.store.episodes.map(({ id }) => id.scope).sort(), ['eu', 'global'])
  assert.deepEqual(muted.store.deliveries, [])
})

test('the edges of what was declared before stay exact as its rows grow old', async () => {
  const edges = [hour + 7 * minute, 90 * minute + 11 * minute] as const
  const { scope } = await tell([anExclusion(...edges)], 30 * hour)
  const bad = (7 * minute) / 200
  assert.equal(scope('eu').counts?.bad, bad)
  assert.equal(scope('eu').counts?.total, (30 * hour - (edges[1] - edges[0])) / 100)
})

test('what is left out is what its regions left out, however those make the global scope', async () => {
  const exclusion = anExclusion(hour, 90 * minute, { matches: { slos: [], services: [], regions: ['eu'] } })
  for (const global of ['events', 'worst', 'mean'] as const) {
    const slo = { ...anSlo({ rules }), regions: { ...anSlo().regions, global } }
    const { scope } = await tell([exclusion], 3 * hour, [slo], 0.001)
    assert.deepEqual(scope('global').detail.budget.excluded, scope('eu').detail.budget.excluded, global)
    assert.deepEqual(scope('global').detail.budget.excluded, { bad: 1_800_000 / 200, total: 1_800_000 / 100 })
  }
  const journey = compositeSlo('weighted', [{ slo: 'checkout', weight: 1 }], { name: 'journey' })
  const { scope } = await tell([exclusion], 3 * hour, [anSlo({ rules }), journey], 0.001)
  assert.deepEqual(scope('global', 'journey').detail.budget.excluded, { bad: 9_000, total: 18_000 })
  const named = ['global', 'eu', 'us'].map((name) => scope(name, 'journey').detail.exclusions.map(({ id }) => id))
  assert.deepEqual(named, [['upgrade'], ['upgrade'], []], 'what a member left out is left out of the composite')
})

test('an alert ends when it is over, also within a period that is left out of the budget alone', async () => {
  const { store } = await tell([anExclusion(hour, 150 * minute)])
  const ends = store.episodes.map(({ resolvedAt }) => ((resolvedAt ?? Number.NaN) - start) / minute)
  assert.deepEqual(ends.length, 2)
  for (const end of ends) assert.ok(end > 90 && end <= 96, `${end}`)
})
