import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { EventCounts } from '../../../src/core/model/counts.ts'
import { readBudget } from '../../../src/engine/read-budget.ts'
import type { ScopeReading } from '../../../src/engine/read-scope.ts'
import { holdsForAllAsync } from '../../support/engine-properties.ts'
import { aRule } from '../../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../../support/engine-world.ts'
import { ratioSlo } from '../../support/indicator-slos.ts'

const step = 15_000
const minute = 60_000
const start = Date.UTC(2026, 0, 1)
const regions = ['eu', 'us', 'ap'] as const

/** The events of each region in each step, some of them none. */
const story = fc.record({
  global: fc.constantFrom('events' as const, 'worst' as const, 'mean' as const),
  perStep: fc.array(
    fc.array(fc.record({ bad: fc.constantFrom(0, 0, 1, 30), good: fc.constantFrom(0, 0, 10, 500) }), {
      minLength: 3,
      maxLength: 3,
    }),
    { minLength: 1, maxLength: 40, size: 'max' },
  ),
})

test('the global scope is made of the windows of its regions as the SLO says, and so is its budget', async () => {
  await holdsForAllAsync(
    fc.asyncProperty(story, async ({ global, perStep }) => {
      const readings: ScopeReading[] = []
      const engine = anEngine({
        slos: [ratioSlo({ global, windowDays: 1 })],
        onReading: (reading) => void (reading.scope === 'global' && readings.push(reading)),
      })
      for (let index = 0; index <= perStep.length; index++) {
        send(
          engine.sink,
          regions.flatMap((region, place) => samplesOf(perStep, region, place, index)),
        )
        readings.length = 0
        await evaluateAll(engine)
        const [reading] = readings
        for (const windowMs of [minute, 5 * minute]) {
          const first = Math.max(0, index - windowMs / step)
          assertNear(
            reading.counts(windowMs),
            naive(
              global,
              regions.map((_, place) => sum(perStep, place, first, index)),
            ),
          )
        }
        const all = naive(
          global,
          regions.map((_, place) => sum(perStep, place, 0, index)),
        )
        const { counts, consumed } = readBudget(reading)
        assertNear(counts, all)
        if (all.total > 0) assert.ok(Math.abs((consumed ?? -1) - all.bad / all.total / 0.001) < 1e-6)
        else assert.equal(consumed, null)
      }
    }),
    60,
  )
})

/** A region with a tenth of the traffic loses 2 % for ten minutes: burn rates of 20 there, 2 over all, 10 in the mean. */
const masked: readonly (readonly ['events' | 'worst' | 'mean' | 'none', readonly string[]])[] = [
  ['events', ['us']],
  ['mean', ['us']],
  ['worst', ['us', 'global']],
  ['none', ['us']],
]
for (const [global, alerting] of masked) {
  test(`with global: ${global} a small region that burns alerts in ${alerting.join(' and ')}`, async () => {
    const store = new RememberingStore()
    const rules = [aRule('page', 10 * minute, 5 * minute, '11')]
    const engine = anEngine({ slos: [ratioSlo({ global, rules })], store })
    for (let index = 0; index <= 200; index++) {
      const bad = 20 * Math.min(40, Math.max(0, index - 60))
      send(engine.sink, [
        ...['total', 'bad'].map((metric) => sample(metric, 'eu', index, metric === 'total' ? 9_000 * index : 0)),
        ...['total', 'bad'].map((metric) => sample(metric, 'us', index, metric === 'total' ? 1_000 * index : bad)),
      ])
      await evaluateAll(engine)
    }
    assert.deepEqual(
      store.episodes.map(({ id, resolvedAt }) => [id.scope, resolvedAt !== null]),
      alerting.map((scope) => [scope, true]),
    )
  })
}

type Events = readonly { readonly bad: number; readonly good: number }[]

function sum(perStep: readonly Events[], place: number, first: number, last: number): EventCounts {
  let bad = 0
  let total = 0
  for (const events of perStep.slice(first, last)) {
    bad += events[place].bad
    total += events[place].bad + events[place].good
  }
  return { bad, total }
}

function naive(global: 'events' | 'worst' | 'mean', each: readonly EventCounts[]): EventCounts {
  const busy = each.filter(({ total }) => total > 0)
  const total = busy.reduce((all, region) => all + region.total, 0)
  if (busy.length === 0) return { bad: 0, total: 0 }
  if (global === 'events') return { bad: busy.reduce((all, { bad }) => all + bad, 0), total }
  const ratios = busy.map((region) => region.bad / region.total)
  if (global === 'worst') return busy[ratios.indexOf(Math.max(...ratios))]
  return { bad: (ratios.reduce((a, b) => a + b) / busy.length) * total, total }
}

function samplesOf(perStep: readonly Events[], region: string, place: number, index: number) {
  const { bad, total } = sum(perStep, place, 0, index)
  return [sample('bad', region, index, bad), sample('total', region, index, total)]
}

function sample(metric: string, region: string, index: number, value: number) {
  return { labels: { __name__: metric, region, job: 'shop', instance: region }, time: start + index * step, value }
}

function assertNear(actual: EventCounts, expected: EventCounts): void {
  assert.equal(actual.total, expected.total)
  assert.ok(Math.abs(actual.bad - expected.bad) < 1e-9 * (1 + expected.total), `${actual.bad} is not ${expected.bad}`)
}
