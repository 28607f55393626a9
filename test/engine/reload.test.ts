import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Slo } from '../../src/core/model/slo.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { readRegion } from '../../src/engine/read-scope.ts'
import { sloStatuses } from '../../src/engine/slo-status.ts'
import { anSlo, counters } from '../support/engine-slo.ts'
import {
  anEngine,
  evaluateAll,
  everythingToOncall,
  type MadeSample,
  RememberingStore,
  send,
} from '../support/engine-world.ts'

const step = 15_000
const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)

test('an SLO whose objective or rules change keeps its counts', async () => {
  const engine = anEngine({ slos: [anSlo()] })
  await pass(engine, 0, 100)
  engine.reload([anSlo({ objective: '0.9', rules: [] })], everythingToOncall)
  assert.deepEqual(counts(engine, 'checkout', 100), { bad: 100, total: 10_000 })
  await pass(engine, 101, 110)
  assert.deepEqual(counts(engine, 'checkout', 110), { bad: 110, total: 11_000 })
  assert.equal(sloStatuses(engine, start + 110 * step)[0].scopes[1].sli, 0.99)
})

test('an SLO whose counters change starts anew: old counts would answer another question', async () => {
  const clock = aClock()
  const engine = anEngine({ slos: [anSlo(), anSlo({ name: 'other' })], now: clock.now })
  await pass(engine, 0, 100, clock)
  engine.reload([anSlo({ bad: counters('slow') }), anSlo({ name: 'other' })], everythingToOncall)
  await pass(engine, 101, 110, clock)
  // The slow requests of the first step are not known: their counter is met there for the first time.
  assert.deepEqual(counts(engine, 'checkout', 110), { bad: 18, total: 1_000 })
  assert.deepEqual(counts(engine, 'other', 110), { bad: 110, total: 11_000 })
})

test('a new SLO counts from its first day, one that is gone leaves nothing behind', async () => {
  const clock = aClock()
  const engine = anEngine({ slos: [anSlo(), anSlo({ name: 'old' })], now: clock.now })
  await pass(engine, 0, 100, clock)
  engine.reload([anSlo(), anSlo({ name: 'new', bad: counters('slow') })], everythingToOncall)
  assert.equal(counts(engine, 'old', 100), undefined)
  await pass(engine, 101, 110, clock)
  assert.deepEqual(counts(engine, 'new', 110), { bad: 18, total: 1_000 })
  assert.deepEqual(counts(engine, 'checkout', 110), { bad: 110, total: 11_000 })
  assert.equal(engine.counting.regions.get('eu')?.history.columns, 4, 'its columns are used again')
})

test('right after a reload nobody reads the counts of the SLO that had the columns before', async () => {
  const engine = anEngine({ slos: [anSlo({ name: 'old' })] })
  await pass(engine, 0, 100)
  sloStatuses(engine, start + 100 * step)
  engine.reload([anSlo({ name: 'new', bad: counters('slow') })], everythingToOncall)
  assert.deepEqual(counts(engine, 'new', 100), { bad: 0, total: 0 })
})

test('a longer SLO window keeps what is known and reaches back to it', async () => {
  const engine = anEngine({ slos: [anSlo({ windowDays: 1 })] })
  await pass(engine, 0, 100)
  engine.reload([anSlo({ windowDays: 90 })], everythingToOncall)
  await pass(engine, 101, 102)
  const [reading] = readRegion(engine.counting, 'eu', start + 102 * step)
  assert.deepEqual(reading.counts(90 * 24 * hour), { bad: 102, total: 10_200 })
})

test('an alert that is open goes on through a reload that keeps its SLO and severity', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [anSlo({ keepFiringForMs: hour })], store })
  await fire(engine)
  const before = store.episodes.length
  engine.reload([anSlo({ objective: '0.9999', keepFiringForMs: hour })], everythingToOncall)
  await pass(engine, 61, 70)
  assert.equal(store.episodes.length, before)
  assert.equal(engine.alerts.stateOf({ slo: 'checkout', scope: 'eu', severity: 'page' }).kind, 'firing')
})

const afterReload: readonly [string, readonly Slo[], number, number][] = [
  ['the SLO is gone', [], 4, 1],
  ['its pages are switched off', [anSlo({ severities: { page: false, ticket: true } })], 2, 0],
  ['it has no global scope any more', [anSlo({ global: 'none' })], 2, 0],
]

for (const [reason, slos, closed, resolves] of afterReload) {
  test(`an open alert that nothing would ever resolve is closed when ${reason}, and when nothing is left of the incident those who heard of it are told`, async () => {
    const store = new RememberingStore()
    const engine = anEngine({ slos: [anSlo({ expected: ['eu'] })], store })
    await fire(engine)
    assert.equal(store.episodes.filter(({ resolvedAt }) => resolvedAt === null).length, 4)
    engine.reload(slos, everythingToOncall)
    store.failures = 1
    await assert.rejects(engine.tick(), /disk full/)
    await evaluateAll(engine)
    assert.equal(store.episodes.filter(({ resolvedAt }) => resolvedAt !== null).length, closed)
    const ends = store.deliveries.filter(({ notification }) => notification.status === 'resolved')
    assert.equal(ends.length, resolves)
    // That its rule is gone is no news of what it watched.
    for (const { notification } of ends) assert.ok(notification.kind === 'incident' && notification.unwatched === true)
    const cleared = store.commits
      .flatMap(({ incidentEvents }) => incidentEvents)
      .filter(({ kind }) => kind === 'cleared')
    assert.deepEqual(
      cleared.map((event) => event.reason),
      Array.from({ length: closed }, () => 'nothing declares the alert any more'),
    )
    assert.equal([...engine.alerts.open()].length, 4 - closed)
    assert.equal(await engine.tick(), undefined)
  })
}

test('an SLO that is added while the engine runs does not take old counters for new errors', async () => {
  const clock = aClock()
  const engine = anEngine({ slos: [anSlo({ name: 'old' })], now: clock.now })
  await pass(engine, 0, 100, clock)
  engine.reload([anSlo({ name: 'old' }), anSlo({ name: 'new', bad: counters('queued') })], everythingToOncall)
  for (let at = 101; at <= 104; at++) {
    clock.setTo(at)
    const queued = { labels: { ...labels, __name__: 'queued' }, time: start + at * step, value: 5_000 + at }
    send(engine.sink, [...samples(at), queued])
  }
  await evaluateAll(engine)
  assert.deepEqual(counts(engine, 'new', 104), { bad: 3, total: 400 })
})

const labels = { region: 'eu', job: 'shop', instance: 'a' }

/** 100 requests a step, of which one fails and two are slow. */
function samples(index: number, badPerStep = 1): MadeSample[] {
  const counter = (name: string, value: number) => ({
    labels: { ...labels, __name__: name },
    time: start + index * step,
    value,
  })
  return [counter('total', 100 * index), counter('bad', badPerStep * index), counter('slow', 2 * index)]
}

interface StepClock {
  readonly now: () => number
  readonly setTo: (index: number) => void
}

/** Half a second past a step: samples have just come in. */
function aClock(): StepClock {
  let now = start
  return {
    now: () => now,
    setTo: (index) => {
      now = start + index * step + 500
    },
  }
}

async function pass(engine: Engine, from: number, to: number, clock = aClock()): Promise<void> {
  for (let index = from; index <= to; index++) {
    clock.setTo(index)
    send(engine.sink, samples(index))
    await evaluateAll(engine)
  }
}

/** A quarter of an hour in which every request fails: page and ticket open in both scopes. */
async function fire(engine: Engine): Promise<void> {
  for (let index = 0; index <= 60; index++) {
    send(engine.sink, samples(index, 100))
    await evaluateAll(engine)
  }
}

function counts(engine: Engine, name: string, index: number): { bad: number; total: number } | undefined {
  const readings = readRegion(engine.counting, 'eu', start + index * step)
  return readings.find(({ compiled }) => compiled.slo.name === name)?.counts(24 * hour)
}
