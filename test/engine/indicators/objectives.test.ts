import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readBudget } from '../../../src/engine/read-budget.ts'
import type { ScopeReading } from '../../../src/engine/read-scope.ts'
import { sloStatuses } from '../../../src/engine/slo-status.ts'
import { incidentIn } from '../../support/delivery-messages.ts'
import { holdsForAllAsync } from '../../support/engine-properties.ts'
import { aRule, exactly } from '../../support/engine-slo.ts'
import { anEngine, evaluateAll, everythingToOncall, RememberingStore, send } from '../../support/engine-world.ts'
import { ratioSlo } from '../../support/indicator-slos.ts'

const minute = 60_000
const step = 15 * minute
const hour = 60 * minute
const day = 24 * hour
const start = Date.UTC(2026, 0, 1)
const rules = [aRule('page', 2 * hour, hour, '10')]

test('past events keep the target of their time', async () => {
  const history = fc.record({
    changes: fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 4 }),
    percents: fc.array(fc.constantFrom('0.9', '0.99', '0.995', '0.999'), { minLength: 5, maxLength: 5 }),
    perStep: fc.array(fc.record({ bad: fc.nat(50), good: fc.nat(1_000) }), { minLength: 20, maxLength: 20 }),
    windowDays: fc.integer({ min: 1, max: 5 }),
  })
  await holdsForAllAsync(
    fc.asyncProperty(history, async ({ changes, percents, perStep, windowDays }) => {
      const untils = changes.toSorted((a, b) => a - b)
      const objectiveAt = (index: number) => percents[untils.filter((until) => until < index).length]
      let last: ScopeReading | undefined
      const slo = ratioSlo({
        windowDays,
        rules,
        objective: percents[untils.length],
        pastObjectives: untils.map((until, place) => ({
          objective: exactly(percents[place]),
          until: start + until * step,
        })),
      })
      const engine = anEngine({ slos: [slo], stepMs: step, onReading: (reading) => (last = reading) })
      const stepsInWindow = (windowDays * day) / step
      let [bad, total] = [0, 0]
      // So far back every row is kept; older moments of a rolling window lie between rows and are near, not exact.
      for (let index = 0; index <= 280; index++) {
        if (index > 0) {
          const events = perStep[index % perStep.length]
          bad += events.bad
          total += events.bad + events.good
        }
        send(engine.sink, [sample('total', index, total), sample('bad', index, bad)])
        await evaluateAll(engine)
        if (index % 20 !== 0) continue
        assert.ok(last)
        let allowed = 0
        let counted = 0
        for (let each = Math.max(1, index - stepsInWindow + 1); each <= index; each++) {
          const events = perStep[each % perStep.length]
          allowed += (1 - Number(objectiveAt(each))) * (events.bad + events.good)
          counted += events.bad
        }
        const { consumed } = readBudget(last)
        if (allowed === 0) assert.equal(consumed, null)
        else assert.ok(Math.abs((consumed ?? Number.NaN) - counted / allowed) < 1e-9, `${consumed} at ${index}`)
        assert.equal(last.compiled.objective, Number(objectiveAt(index)))
      }
    }),
    30,
  )
})

test('an alert is judged by the objective that is in force at its moment, also one that was to come when the rules were read', async () => {
  const store = new RememberingStore()
  // 2 % are bad throughout: a burn rate of 2 under 99 %, of 20 under 99.9 %.
  const slo = ratioSlo({
    objective: '0.999',
    pastObjectives: [{ objective: exactly('0.99'), until: start + 40 * step }],
    rules,
  })
  const engine = anEngine({ slos: [slo], stepMs: step, store })
  for (let index = 0; index <= 60; index++) {
    send(engine.sink, [sample('total', index, 1_000 * index), sample('bad', index, 20 * index)])
    await evaluateAll(engine)
  }
  assert.deepEqual(
    store.episodes.map(({ id, firedAt }) => [id.scope, (firedAt - start) / step]),
    [
      ['eu', 41],
      ['global', 41],
    ],
  )
  assert.equal(incidentIn(store.deliveries[0]).objective, 0.999)
  assert.equal(sloStatuses(engine, start + 40 * step)[0].objective, 0.99)
  assert.equal(sloStatuses(engine, start + 41 * step)[0].objective, 0.999)
})

test('a region may have a target of its own: its budget and its alerts go by it, the global scope by that of the SLO', async () => {
  const store = new RememberingStore()
  const slo = ratioSlo({ objective: '0.999', regionObjectives: new Map([['us', exactly('0.9')]]), rules })
  const engine = anEngine({ slos: [slo], stepMs: step, store })
  for (let index = 0; index <= 40; index++) {
    send(
      engine.sink,
      ['eu', 'us'].flatMap((region) => [
        sample('total', index, 1_000 * index, region),
        sample('bad', index, 20 * index, region),
      ]),
    )
    await evaluateAll(engine)
  }
  assert.deepEqual(store.episodes.map(({ id }) => id.scope).sort(), ['eu', 'global'])
  const scopes = new Map(sloStatuses(engine, start + 40 * step)[0].scopes.map((scope) => [scope.scope, scope]))
  assertNear(scopes.get('eu')?.consumed, 20)
  assertNear(scopes.get('us')?.consumed, 0.2)
  assertNear(scopes.get('global')?.consumed, 20)
  assertNear(scopes.get('us')?.burnRates[0].burnRate, 0.2)
  // It keeps its counts and its target through a reload.
  engine.reload([{ ...slo, description: 'changed' }], everythingToOncall)
  const [us] = sloStatuses(engine, start + 40 * step)[0].scopes.filter(({ scope }) => scope === 'us')
  assertNear(us.consumed, 0.2)
})

test('the target that a region has of its own it has had always, whatever became of that of the others', async () => {
  const slo = ratioSlo({
    objective: '0.999',
    pastObjectives: [{ objective: exactly('0.99'), until: start + 20 * step }],
    regionObjectives: new Map([['us', exactly('0.9')]]),
    rules,
  })
  const engine = anEngine({ slos: [slo], stepMs: step })
  for (let index = 0; index <= 40; index++) {
    send(
      engine.sink,
      ['eu', 'us'].flatMap((region) => [
        sample('total', index, 1_000 * index, region),
        sample('bad', index, 10 * index, region),
      ]),
    )
    await evaluateAll(engine)
  }
  const scopes = new Map(sloStatuses(engine, start + 40 * step)[0].scopes.map((scope) => [scope.scope, scope]))
  assertNear(scopes.get('us')?.consumed, 400 / (0.1 * 40_000))
  assertNear(scopes.get('eu')?.consumed, 400 / (0.01 * 20_000 + 0.001 * 20_000))
})

function sample(metric: string, index: number, value: number, region = 'eu') {
  return { labels: { __name__: metric, region, job: 'shop', instance: region }, time: start + index * step, value }
}

function assertNear(actual: number | null | undefined, expected: number): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`)
}
