import assert from 'node:assert/strict'
import { test } from 'node:test'
import { happeningsOf } from '../../src/app/happenings.ts'
import type { Exclusion } from '../../src/core/model/exclusion.ts'
import { noNotices } from '../../src/engine/silences-and-annotations.ts'
import { anSlo, aRule } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, send } from '../support/engine-world.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 0, 5)
const brokenAfter = hour

/** Ten events a second in each of two regions; after an hour half of those of one fail. */
async function engineAfter(forMs: number) {
  const engine = anEngine({ slos: [anSlo({ rules: [aRule('page', hour, 5 * minute, '10')] })] })
  for (let time = 0; time <= forMs; time += step) {
    for (const region of ['eu', 'us']) {
      const labels = { region, job: 'shop', instance: region }
      const bad = region === 'eu' ? Math.max(0, time - brokenAfter) / 200 : 0
      send(engine.sink, [
        { labels: { __name__: 'total', ...labels }, time: start + time, value: time / 100 },
        { labels: { __name__: 'bad', ...labels }, time: start + time, value: bad },
      ])
    }
    await evaluateAll(engine)
  }
  return engine
}

test('nothing happens while nothing burns', async () => {
  const engine = await engineAfter(30 * minute)
  assert.deepEqual(happeningsOf(engine, start + 30 * minute), { incidents: [], annotations: [], maintenances: [] })
})

test('an incident has spent the failures since it opened, of those that the whole window allows', async () => {
  const forMs = brokenAfter + 20 * minute
  const engine = await engineAfter(forMs)
  const { incidents } = happeningsOf(engine, start + forMs)
  assert.equal(incidents.length, 1)
  const [{ slo, service, severity, openedAt, budgetSpent }] = incidents
  assert.deepEqual({ slo, service, severity }, { slo: 'checkout', service: 'shop', severity: 'page' })
  assert.ok(openedAt > start + brokenAfter && openedAt < start + forMs)
  // Five failures a second, of a thousandth of twenty events a second for thirty days.
  const failures = (5 * (start + forMs - openedAt)) / 1_000
  const allowed = 0.001 * 20 * 30 * 86_400
  assert.ok(budgetSpent !== null && Math.abs(budgetSpent - failures / allowed) < 0.001 * budgetSpent, `${budgetSpent}`)
})

test('tells the newest annotation first, and maintenance while it lasts', async () => {
  const engine = await engineAfter(minute)
  const change = { kind: 'deploy', service: null, region: null, url: null, createdBy: 'ci' }
  const annotations = [
    { ...change, id: 'a', text: 'one', at: start },
    { ...change, id: 'b', text: 'two', at: start + step },
  ]
  await engine.post({ ...noNotices, annotations })
  engine.setExclusions([maintenance('now', 0, hour), maintenance('later', hour, 2 * hour)])
  const happenings = happeningsOf(engine, start + minute)
  assert.deepEqual(
    happenings.annotations.map(({ text }) => text),
    ['two', 'one'],
  )
  assert.deepEqual(happenings.maintenances, [
    { id: 'now', about: 'checkout, eu', reason: 'a new disk', author: 'ada', excludeFromBudget: false },
  ])
})

function maintenance(id: string, fromMs: number, toMs: number): Exclusion {
  return {
    id,
    matches: { slos: ['checkout'], services: [], regions: ['eu'] },
    schedule: { kind: 'once', from: start + fromMs, to: start + toMs },
    mute: true,
    excludeFromBudget: false,
    author: 'ada',
    reason: 'a new disk',
    at: null,
  }
}
