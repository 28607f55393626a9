import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { startEngineLoop } from '../../../src/app/engine-loop.ts'
import { groupsPerSloMax } from '../../../src/core/model/limits.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { readRegion } from '../../../src/engine/read-scope.ts'
import { sloStatuses } from '../../../src/engine/slo-status.ts'
import { incidentIn } from '../../support/delivery-messages.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import { holdsForAllAsync } from '../../support/engine-properties.ts'
import { anSlo, aRule, counters } from '../../support/engine-slo.ts'
import {
  anEngine,
  evaluateAll,
  everythingToOncall,
  type MadeSample,
  RememberingStore,
  send,
} from '../../support/engine-world.ts'
import { type IndicatorChoices, ratioSlo, slicesSlo, thresholdSlo } from '../../support/indicator-slos.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const start = Date.UTC(2026, 0, 1)
const rules = [aRule('page', 20 * minute, 5 * minute, '10')]

test('every combination of values seen is an SLO of its own, from its first event on', async () => {
  const drawn = fc.array(
    fc.record({
      tenant: fc.constantFrom('a', 'b', ''),
      handler: fc.constantFrom('/', '"x"'),
      region: fc.constantFrom('eu', 'us'),
      from: fc.nat(60),
      badTenths: fc.constantFrom(0, 1, 10),
    }),
    { minLength: 1, maxLength: 10 },
  )
  await holdsForAllAsync(
    fc.asyncProperty(drawn, async (all) => {
      const members = [...new Map(all.map((each) => [`${each.tenant}/${each.handler}/${each.region}`, each])).values()]
      const engine = anEngine({ slos: [grouped({ groupBy: ['tenant', 'handler'] })] })
      for (let index = 0; index <= 60; index++) {
        const present = members.filter(({ from }) => index >= from)
        send(engine.sink, [
          ...['eu', 'us'].map((region) => sample('total', index, 1, { region, tenant: 'always' })),
          ...present.flatMap(({ tenant, handler, region, from, badTenths }) => {
            const events = 10 * (index - from + 1)
            const labels = { region, handler, ...(tenant === '' ? {} : { tenant }) }
            return [sample('total', index, events, labels), sample('bad', index, (events * badTenths) / 10, labels)]
          }),
        ])
        await evaluateAll(engine)
      }
      for (const { tenant, handler, region, from, badTenths } of members) {
        const group =
          tenant === ''
            ? `{handler=${JSON.stringify(handler)}}`
            : `{handler=${JSON.stringify(handler)},tenant="${tenant}"}`
        // What a series that was there from the beginning had counted before is not known; a new one counts from zero.
        const events = 10 * (from === 0 ? 60 : 60 - from + 1)
        assert.deepEqual(counts(engine, `checkout${group}`, region, 60), {
          bad: (events * badTenths) / 10,
          total: events,
        })
      }
      const ids = new Set(['always', ...members.map(({ tenant, handler }) => `${tenant}/${handler}`)])
      assert.equal(engine.counting.slos.size, ids.size)
      assert.equal(sloStatuses(engine, start + 60 * step).length, ids.size)
    }),
    40,
  )
})

test('a group has its own budget and its own alert, and the alert says whose it is', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [grouped({ rules })], store })
  for (let index = 0; index <= 160; index++) {
    const badOfB = 100 * Math.min(20, Math.max(0, index - 40))
    send(engine.sink, [...pair('a', index, 0, 100 * index), ...pair('b', index, badOfB, 100 * index)])
    await evaluateAll(engine)
  }
  assert.deepEqual(
    store.episodes.map(({ id, resolvedAt }) => [id.slo, id.scope, resolvedAt !== null]),
    [
      ['checkout{tenant="b"}', 'eu', true],
      ['checkout{tenant="b"}', 'global', true],
    ],
  )
  const notification = incidentIn(store.deliveries[0])
  assert.equal(notification.labels['tenant'], 'b')
  assert.equal(notification.slo, 'checkout{tenant="b"}')
  const [a, b] = sloStatuses(engine, start + 160 * step)
  assert.deepEqual([a.group, a.scopes[0].consumed], [{ tenant: 'a' }, 0])
  assert.deepEqual([b.group, b.scopes[0].counts], [{ tenant: 'b' }, { bad: 2_000, total: 16_000 }])
})

for (const [kind, slo, metric, counted] of [
  ['time slices', slicesSlo({ sliceMs: minute, good: 'bad / total < 0.1' }, { groupBy: ['tenant'] }), 'total', 2],
  ['a threshold', thresholdSlo('value < 3', { groupBy: ['tenant'] }), 'lag', 2 * minute],
] as const) {
  test(`${kind} may be divided as well`, async () => {
    const engine = anEngine({ slos: [slo] })
    for (let index = 0; index <= 8; index++) {
      send(
        engine.sink,
        ['a', 'b'].map((tenant) => sample(metric, index, index, { tenant, region: 'eu' })),
      )
      await evaluateAll(engine)
    }
    for (const tenant of ['a', 'b'])
      assert.equal(counts(engine, `checkout{tenant="${tenant}"}`, 'eu', 8).total, counted)
  })
}

test('groups beyond the limit are refused, loudly, and nobody else is touched', async () => {
  const clock = new VirtualClock(start)
  const store = new RememberingStore()
  const engine = anEngine({ slos: [grouped(), ratioSlo({ name: 'all' })], store, now: () => clock.now() })
  const log = recordingLog()
  const meter = recordingMeter()
  const loop = startEngineLoop(engine, {
    clock,
    log,
    meter,
    stepMs: step,
    checkpointMs: day,
    tidy: async () => {},
    onDeliveries: () => {},
  })
  const many = groupsPerSloMax + 7
  for (let index = 0; index <= 4; index++) {
    await clock.advance(step)
    send(
      loop.sink,
      Array.from({ length: many }, (_, tenant) =>
        sample('total', index, 10 * index, { tenant: `t${tenant}`, region: 'eu' }),
      ),
    )
    await clock.advance(0)
  }
  await loop.stop()
  assert.equal(engine.counting.slos.size, groupsPerSloMax + 1)
  assert.equal(counts(engine, 'checkout{tenant="t0"}', 'eu', 4).total, 40)
  assert.equal(counts(engine, 'all', 'eu', 4).total, 40 * many)
  const hits = meter.values.get('sloburn_limit_hits_total{limit="groupsPerSloMax"}') ?? 0
  assert.equal(hits, engine.counting.groupsRefused)
  assert.ok(hits >= 7)
  const said = log.lines.filter(({ message }) => message.includes('too many groups'))
  assert.deepEqual(
    said.map(({ level, fields }) => [level, fields['slo']]),
    [['warn', 'checkout']],
  )
})

test('groups and their counts go on through a reload that keeps what is counted', async () => {
  const engine = anEngine({ slos: [grouped()] })
  // One group has none of the labels: its id is the name alone.
  const tell = async (from: number, to: number): Promise<void> => {
    for (let index = from; index <= to; index++) {
      send(engine.sink, [...pair('a', index, index, 10 * index), sample('total', index, 5 * index, { region: 'eu' })])
      await evaluateAll(engine)
    }
  }
  await tell(0, 20)
  engine.reload([grouped({ objective: '0.9' })], everythingToOncall)
  assert.deepEqual(counts(engine, 'checkout{tenant="a"}', 'eu', 20), { bad: 20, total: 200 })
  assert.deepEqual(counts(engine, 'checkout', 'eu', 20), { bad: 0, total: 100 })
  await tell(21, 40)
  assert.deepEqual(counts(engine, 'checkout{tenant="a"}', 'eu', 40), { bad: 40, total: 400 })
  assert.deepEqual(counts(engine, 'checkout', 'eu', 40), { bad: 0, total: 200 })
})

const divisions: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['that divides it', [], ['tenant']],
  ['that divides it no longer', ['tenant'], []],
  ['that divides it further', ['tenant'], ['tenant', 'handler']],
  ['that divides it less', ['tenant', 'handler'], ['tenant']],
]
for (const [what, before, after] of divisions) {
  test(`a reload of an SLO ${what} starts anew: old counts would answer another question`, async () => {
    const engine = anEngine({ slos: [grouped({ groupBy: before })] })
    const tell = async (from: number, to: number): Promise<void> => {
      for (let index = from; index <= to; index++) {
        const samples = [...pair('a', index, 0, 10 * index), sample('total', index, 10 * index, { region: 'eu' })]
        send(engine.sink, samples)
        await evaluateAll(engine)
      }
    }
    await tell(0, 20)
    engine.reload([grouped({ groupBy: after })], everythingToOncall)
    await tell(21, 24)
    const [whole, ofA] = [counts(engine, 'checkout', 'eu', 24), counts(engine, 'checkout{tenant="a"}', 'eu', 24)]
    assert.deepEqual([whole.total, ofA.total], after.length === 0 ? [80, undefined] : [40, 40])
    assert.equal(engine.counting.slos.size, after.length === 0 ? 1 : 2)
  })
}

test('groups of what is counted no longer are not carried along', async () => {
  const engine = anEngine({ slos: [grouped()] })
  await tellTwo(engine, 0, 20)
  const { indicator } = anSlo({ bad: counters('slow') })
  engine.reload([{ ...grouped(), indicator }], everythingToOncall)
  await tellOne(engine, [21])
  assert.deepEqual([...engine.counting.slos.keys()], ['checkout{tenant="a"}'])
})

test('groups, their counts and their alerts come back after a restart', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [grouped({ rules })], store })
  for (let index = 0; index <= 60; index++) {
    send(engine.sink, [...pair('a', index, 0, 100 * index), ...pair('b', index, 50 * index, 100 * index)])
    await evaluateAll(engine)
  }
  await engine.checkpoint()
  const after = anEngine({ slos: [grouped({ rules })], store })
  await after.restore()
  assert.deepEqual([...after.counting.slos.keys()].sort(), ['checkout{tenant="a"}', 'checkout{tenant="b"}'])
  assert.deepEqual(counts(after, 'checkout{tenant="b"}', 'eu', 60), { bad: 3_000, total: 6_000 })
  send(after.sink, [...pair('a', 61, 0, 6_100), ...pair('b', 61, 3_050, 6_100)])
  await evaluateAll(after)
  assert.deepEqual(counts(after, 'checkout{tenant="b"}', 'eu', 61), { bad: 3_050, total: 6_100 })
  assert.equal(store.episodes.filter(({ resolvedAt }) => resolvedAt === null).length, 2)
})

test('an alert of a group that the last checkpoint did not know yet stays open over a restart', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [grouped({ rules })], store })
  for (let index = 0; index <= 60; index++) {
    if (index === 20) await engine.checkpoint()
    const b = index <= 20 ? [] : pair('b', index, 50 * index, 100 * index)
    send(engine.sink, [...pair('a', index, 0, 100 * index), ...b])
    await evaluateAll(engine)
  }
  assert.equal(store.episodes.length, 2)
  const after = anEngine({ slos: [grouped({ rules })], store })
  await after.restore()
  // The engine ticks before the first sample comes.
  await evaluateAll(after)
  for (let index = 61; index <= 120; index++) {
    send(after.sink, [...pair('a', index, 0, 100 * index), ...pair('b', index, 50 * index, 100 * index)])
    await evaluateAll(after)
  }
  assert.deepEqual(
    store.episodes.map(({ id, resolvedAt }) => [id.slo, resolvedAt]),
    [
      ['checkout{tenant="b"}', null],
      ['checkout{tenant="b"}', null],
    ],
  )
})

test('a group that is unseen for longer than its SLO window is forgotten at a checkpoint, not before', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [grouped({ windowDays: 1, rules })], store })
  await tellTwo(engine, 0, 40)
  await tellOne(engine, [40 + day / step])
  await engine.checkpoint()
  assert.ok(engine.counting.slos.has('checkout{tenant="b"}'))
  await tellOne(engine, [41 + day / step])
  await engine.checkpoint()
  assert.deepEqual([...engine.counting.slos.keys()], ['checkout{tenant="a"}'])
  assert.equal(sloStatuses(engine, start + day).length, 1)
  assert.equal(engine.counting.regions.get('eu')?.history.freeColumns.length, 2)

  const after = anEngine({ slos: [grouped({ windowDays: 1, rules })], store })
  await after.restore()
  assert.deepEqual([...after.counting.slos.keys()], ['checkout{tenant="a"}'], 'a restart does not bring it back')
  after.reload([grouped({ windowDays: 1, rules, objective: '0.9' })], everythingToOncall)
  assert.deepEqual([...after.counting.slos.keys()], ['checkout{tenant="a"}'], 'nor does a reload')
})

for (const restarts of [false, true]) {
  test(`a group that comes back after it was forgotten counts what happened since${restarts ? ', also over a restart' : ''}`, async () => {
    const store = new RememberingStore()
    const slos = [grouped({ windowDays: 1, rules }), ratioSlo({ name: 'all', windowDays: 1 })]
    const engine = anEngine({ slos, store })
    await tellTwo(engine, 0, 40)
    const later = 41 + (2 * day) / step
    await tellOne(engine, [later])
    await engine.checkpoint()
    const after = restarts ? anEngine({ slos, store }) : engine
    if (restarts) await after.restore()
    send(after.sink, [...pair('a', later + 1, 0, 10 * later + 10), ...pair('b', later + 1, 30, 460)])
    await evaluateAll(after)
    // Its counter stood at 400 and 20: while the target was scraped without it, nothing happened.
    assert.deepEqual(counts(after, 'checkout{tenant="b"}', 'eu', later + 1), { bad: 10, total: 60 })
    assert.deepEqual(counts(after, 'checkout{tenant="a"}', 'eu', later + 1).bad, 0)
    assert.equal(counts(after, 'all', 'eu', later + 1).bad, 10)
  })
}

test('a group of a threshold is forgotten and comes back as well', async () => {
  const engine = anEngine({ slos: [thresholdSlo('value < 3', { groupBy: ['tenant'], windowDays: 1, rules })] })
  const show = async (index: number, ...tenants: readonly string[]): Promise<void> => {
    send(
      engine.sink,
      tenants.map((tenant) => sample('lag', index, 1, { tenant, region: 'eu' })),
    )
    await evaluateAll(engine)
  }
  await show(0, 'a', 'b')
  const later = 10 + (2 * day) / step
  await show(later, 'a')
  await engine.checkpoint()
  assert.deepEqual([...engine.counting.slos.keys()], ['checkout{tenant="a"}'])
  for (const index of [1, 2]) await show(later + index, 'a', 'b')
  assert.equal(counts(engine, 'checkout{tenant="b"}', 'eu', later + 2).total, step)
})

test('a group with an open alert is kept until that is over', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [grouped({ windowDays: 1, rules, global: 'none' })], store })
  for (let index = 0; index <= 60; index++) {
    send(engine.sink, [...pair('a', index, 0, 10 * index), ...pair('b', index, 5 * index, 10 * index)])
    await evaluateAll(engine)
  }
  await tellOne(engine, [61 + day / step, 62 + day / step])
  await engine.checkpoint()
  assert.equal(store.episodes.length, 1)
  assert.equal(store.episodes[0].resolvedAt, null, 'it vanished, it did not get well')
  assert.deepEqual([...engine.counting.slos.keys()].sort(), ['checkout{tenant="a"}', 'checkout{tenant="b"}'])
})

test('a place that a forgotten group leaves is open to those that were refused', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [grouped({ windowDays: 1, rules })], store, stepMs: hour })
  const early = Array.from({ length: groupsPerSloMax }, (_, tenant) => `early-${tenant}`)
  send(
    engine.sink,
    early.map((tenant) => sample('total', 0, 1, { tenant, region: 'eu' })),
  )
  send(engine.sink, [sample('total', 0, 1, { tenant: 'late', region: 'eu' })])
  assert.equal(engine.counting.groupsRefused, 1)
  const { generation } = engine.sink
  const later = 1 + day / step
  send(
    engine.sink,
    early.slice(1).map((tenant) => sample('total', later, 2, { tenant, region: 'eu' })),
  )
  await evaluateAll(engine)
  await engine.checkpoint()
  assert.notEqual(engine.sink.generation, generation, 'senders ask again')
  send(engine.sink, [sample('total', later, 7, { tenant: 'late', region: 'eu' })])
  assert.ok(engine.counting.slos.has('checkout{tenant="late"}'))
  assert.ok(!engine.counting.slos.has('checkout{tenant="early-0"}'))
})

function grouped(choices: IndicatorChoices = {}) {
  return ratioSlo({ groupBy: ['tenant'], objective: '0.99', ...choices })
}

async function tellTwo(engine: Engine, from: number, to: number): Promise<void> {
  for (let index = from; index <= to; index++) {
    send(engine.sink, [...pair('a', index, 0, 10 * index), ...pair('b', index, index / 2, 10 * index)])
    await evaluateAll(engine)
  }
}

async function tellOne(engine: Engine, indices: readonly number[]): Promise<void> {
  for (const index of indices) {
    send(engine.sink, pair('a', index, 0, 10 * index))
    await evaluateAll(engine)
  }
}

function pair(tenant: string, index: number, bad: number, total: number): MadeSample[] {
  const labels = { tenant, region: 'eu' }
  return [sample('bad', index, bad, labels), sample('total', index, total, labels)]
}

function sample(metric: string, index: number, value: number, labels: Readonly<Record<string, string>>): MadeSample {
  return { labels: { job: 'shop', instance: 'a', ...labels, __name__: metric }, time: start + index * step, value }
}

function counts(engine: Engine, id: string, region: string, index: number): { bad?: number; total?: number } {
  const readings = readRegion(engine.counting, region, start + index * step)
  return readings.find(({ compiled }) => compiled.id === id)?.counts(day) ?? {}
}
