import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { EventCounts } from '../../../src/core/model/counts.ts'
import { ratioIndicator } from '../../../src/core/model/ratio-indicator.ts'
import type { Slo } from '../../../src/core/model/slo.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { readScope, type ScopeReading } from '../../../src/engine/read-scope.ts'
import { holdsForAllAsync } from '../../support/engine-properties.ts'
import { aRule, counters, exactly } from '../../support/engine-slo.ts'
import {
  anEngine,
  evaluateAll,
  everythingToOncall,
  type MadeSample,
  RememberingStore,
  send,
} from '../../support/engine-world.ts'
import { compositeSlo, type IndicatorChoices, sloOf } from '../../support/indicator-slos.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 0, 1)
const regions = ['eu', 'us'] as const
const members = ['a', 'b', 'c'] as const
const objectives = { a: '0.99', b: '0.999', c: '0.9' } as const
const weights = { a: 3, b: 1, c: 6 } as const

type Region = (typeof regions)[number]
type Member = (typeof members)[number]

/** What happened in one region and one member in some steps, one after the other. */
const happened = fc.array(
  fc.record({
    steps: fc.integer({ min: 1, max: 12 }),
    total: fc.constantFrom(0, 0, 10, 1_000),
    badTenths: fc.constantFrom(0, 0, 1, 5, 10),
  }),
  { minLength: 1, maxLength: 6 },
)
const story = fc.record({
  combine: fc.constantFrom('weighted' as const, 'worst' as const, 'all' as const),
  membersGlobal: fc.constantFrom('events' as const, 'worst' as const, 'mean' as const),
  ownGlobal: fc.constantFrom('events' as const, 'worst' as const, 'mean' as const),
  eu: fc.record({ a: happened, b: happened, c: happened }),
  us: fc.record({ a: happened, b: happened, c: happened }),
})
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never

test('a composite has in every scope what its members have there, put together as it says', async () => {
  let busy = 0
  await holdsForAllAsync(
    fc.asyncProperty(story, async (told) => {
      const own = compositeSlo(told.combine, membersWithWeights, { objective: '0.95', global: told.ownGlobal })
      const readings: ScopeReading[] = []
      const engine = anEngine({
        slos: [own, ...members.map((name) => memberSlo(name, { global: told.membersGlobal }))],
        onReading: (reading) => {
          if (reading.compiled.id === 'composite') readings.push(reading)
        },
      })
      for (let index = 0; index <= 60; index++) {
        send(
          engine.sink,
          regions.flatMap((region) => members.flatMap((member) => samplesAt(told, region, member, index))),
        )
        readings.length = 0
        await evaluateAll(engine)
        assert.deepEqual(
          readings.map(({ scope }) => scope),
          ['eu', 'us', 'global'],
        )
        for (const { scope, counts } of readings) {
          for (const windowMs of [5 * minute, 15 * minute]) {
            const expected = naiveComposite(told, scope, index, windowMs)
            assertNear(counts(windowMs), expected, `${scope} over ${windowMs} at step ${index}`)
            if (expected.bad > 0) busy++
          }
        }
      }
    }),
    25,
  )
  assert.ok(busy > 1_000, `only ${busy} windows with bad events`)
})

test('a composite fires and resolves by its own rules, in the scopes of its members', async () => {
  const store = new RememberingStore()
  const choices = { objective: '0.99', rules: [aRule('page', 20 * minute, 5 * minute, '10')] }
  const engine = anEngine({
    slos: [...members.map((name) => memberSlo(name)), compositeSlo('worst', membersWithWeights, choices)],
    store,
  })
  for (let index = 0; index <= 240; index++) {
    // Member b burns at 20 for half an hour, in eu alone.
    const bad = (region: Region, member: Member) => {
      return region === 'eu' && member === 'b' ? 2 * Math.min(120, Math.max(0, index - 60)) : 0
    }
    const samples = regions.flatMap((region) =>
      members.flatMap((member) => pair(region, member, index, bad(region, member), 100 * index)),
    )
    send(engine.sink, samples)
    await evaluateAll(engine)
  }
  const own = store.episodes.filter(({ id }) => id.slo === 'composite')
  // Globally b burns at half of that, which is the threshold and not above it.
  assert.deepEqual(
    own.map(({ id, resolvedAt }) => [id.scope, resolvedAt !== null]),
    [['eu', true]],
  )
})

test('a member that is stale keeps the alert of the composite open', async () => {
  const store = new RememberingStore()
  const choices = { objective: '0.99', rules: [aRule('page', 20 * minute, 5 * minute, '10')], global: 'none' as const }
  const engine = anEngine({
    slos: [
      memberSlo('a'),
      memberSlo('b'),
      compositeSlo(
        'weighted',
        [
          { slo: 'a', weight: 1 },
          { slo: 'b', weight: 1 },
        ],
        choices,
      ),
    ],
    store,
  })
  for (let index = 0; index <= 400; index++) {
    const b = index <= 100 ? pair('eu', 'b', index, 100 * index, 100 * index) : []
    send(engine.sink, [...pair('eu', 'a', index, 0, 100 * index), ...b])
    await evaluateAll(engine)
  }
  const [episode, ...others] = store.episodes.filter(({ id }) => id.slo === 'composite')
  assert.deepEqual(others, [])
  assert.equal(episode.resolvedAt, null)
})

test('a member that was never in a region is no part of the composite there, and keeps nothing open', async () => {
  const store = new RememberingStore()
  const choices = { objective: '0.99', rules: [aRule('page', 20 * minute, 5 * minute, '10')], global: 'none' as const }
  const engine = anEngine({
    slos: [
      memberSlo('a'),
      memberSlo('b'),
      compositeSlo(
        'weighted',
        [
          { slo: 'a', weight: 1 },
          { slo: 'b', weight: 1 },
        ],
        choices,
      ),
    ],
    store,
  })
  const states = new Set<string>()
  for (let index = 0; index <= 200; index++) {
    const bad = 50 * Math.min(40, Math.max(0, index - 40))
    send(engine.sink, [...pair('eu', 'a', index, bad, 100 * index), ...pair('us', 'b', index, 0, 100 * index)])
    await evaluateAll(engine)
    states.add(stateOf(engine, 'eu', index))
  }
  const [episode] = store.episodes.filter(({ id }) => id.slo === 'composite')
  assert.equal(episode.id.scope, 'eu')
  assert.notEqual(episode.resolvedAt, null)
  assert.deepEqual([...states], ['no-traffic', 'ok'])
})

test('a member that goes with a reload leaves the weights of the others as they are', async () => {
  const slos = [...members.map((name) => memberSlo(name)), compositeSlo('weighted', membersWithWeights)]
  const engine = anEngine({ slos })
  const samples = (index: number) => {
    return members.flatMap((member) => pair('eu', member, index, (member === 'c' ? 50 : 0) * index, 100 * index))
  }
  for (let index = 0; index <= 8; index++) {
    send(engine.sink, samples(index))
    await evaluateAll(engine)
  }
  assert.deepEqual(composite(engine, 'eu', 8), { bad: 2_400 * 0.3, total: 2_400 })
  engine.reload(
    slos.filter(({ name }) => name !== 'a'),
    everythingToOncall,
  )
  const left = composite(engine, 'eu', 8)
  assertNear(left, { bad: 1_600 * ((6 * 0.5) / 7), total: 1_600 }, 'b weighs 1 and c 6')
})

test('a composite may be made of composites', async () => {
  const inner = compositeSlo(
    'weighted',
    [
      { slo: 'a', weight: 1 },
      { slo: 'b', weight: 1 },
    ],
    { name: 'inner' },
  )
  const outer = compositeSlo('weighted', [
    { slo: 'inner', weight: 1 },
    { slo: 'c', weight: 1 },
  ])
  const engine = anEngine({ slos: [outer, inner, ...members.map((name) => memberSlo(name))] })
  for (let index = 0; index <= 8; index++) {
    send(engine.sink, [
      ...pair('eu', 'a', index, 40 * index, 100 * index),
      ...pair('eu', 'b', index, 0, 100 * index),
      ...pair('eu', 'c', index, 10 * index, 100 * index),
    ])
    await evaluateAll(engine)
  }
  // (20 % + 10 %) ÷ 2 over all 2,400 events.
  assertNear(composite(engine, 'eu', 8), { bad: 360, total: 2_400 }, 'in the region')
  assertNear(composite(engine, 'global', 8), { bad: 360, total: 2_400 }, 'globally')
})

test('the worst member of the past is told by the budgets of its time', async () => {
  const changedAt = start + 4 * step
  const inForceUntil = (objective: string) => [{ objective: exactly(objective), until: changedAt }]
  const two = ['a', 'b'].map((slo) => ({ slo, weight: 1 }))
  const own = compositeSlo('worst', two, { objective: '0.99', pastObjectives: inForceUntil('0.75') })
  const slos = [own, memberSlo('a', { pastObjectives: inForceUntil('0.5') }), memberSlo('b')]
  const engine = anEngine({ slos })
  for (let index = 0; index <= 8; index++) {
    send(engine.sink, [...pair('eu', 'a', index, 20 * index, 100 * index), ...pair('eu', 'b', index, 0, 100 * index)])
    await evaluateAll(engine)
  }
  const [compiled] = [...engine.counting.slos.values()].filter(({ id }) => id === 'composite')
  const { between } = readScope(engine.counting, compiled, 'eu', start + 8 * step)
  // Of a's events 20 % are bad: a burn rate of 0.4 up to the change and of 20 since, on budgets of 25 % and 1 %.
  assertNear(between(start, changedAt), { bad: 0.4 * 0.25 * 800, total: 800 }, 'before')
  assertNear(between(changedAt, start + 8 * step), { bad: 20 * 0.01 * 800, total: 800 }, 'after')
  assertNear(between(start, start + 8 * step), { bad: 240, total: 1_600 }, 'all of it')
})

const membersWithWeights = members.map((slo) => ({ slo, weight: weights[slo] }))

function memberSlo(name: Member, choices: IndicatorChoices = {}): Slo {
  const indicator = ratioIndicator({ bad: counters('bad', { part: name }), total: counters('total', { part: name }) })
  return sloOf(indicator, { name, objective: objectives[name], ...choices })
}

/** The composite in the words of its documentation, from what happened, step by step. */
function naiveComposite(told: Story, scope: string, index: number, windowMs: number): EventCounts {
  const firstStep = Math.max(0, index - windowMs / step)
  const inRegion = (region: Region, member: Member) => naiveCounts(told[region][member], firstStep, index)
  const composed = (region: Region) =>
    naiveCombined(
      told,
      members.map((member) => inRegion(region, member)),
    )
  if (scope !== 'global') return composed(scope === 'eu' ? 'eu' : 'us')
  if (told.ownGlobal !== 'events') return naiveGlobal(told.ownGlobal, regions.map(composed))
  const globally = (member: Member) => regions.map((region) => inRegion(region, member))
  return naiveCombined(
    told,
    members.map((member) => naiveGlobal(told.membersGlobal, globally(member))),
  )
}

function naiveCombined({ combine }: Story, counts: readonly EventCounts[]): EventCounts {
  const busy = members
    .map((member, index) => ({ ...counts[index], weight: weights[member], budget: 1 - Number(objectives[member]) }))
    .filter(({ total }) => total > 0)
  const total = busy.reduce((sum, each) => sum + each.total, 0)
  if (total === 0) return { bad: 0, total: 0 }
  const weightsOfBusy = busy.reduce((sum, { weight }) => sum + weight, 0)
  const combined = {
    weighted: busy.reduce((sum, each) => sum + each.weight * ratio(each), 0) / weightsOfBusy,
    worst: Math.max(...busy.map((each) => ratio(each) / each.budget)) * 0.05,
    all: busy.reduce((sum, each) => sum + ratio(each), 0),
  }[combine]
  return { bad: Math.min(1, combined) * total, total }
}

function ratio({ bad, total }: EventCounts): number {
  return bad / total
}

function naiveGlobal(how: Story['ownGlobal'], inRegions: readonly EventCounts[]): EventCounts {
  const busy = inRegions.filter(({ total }) => total > 0)
  const total = busy.reduce((sum, counts) => sum + counts.total, 0)
  if (how === 'events' || busy.length === 0) return { bad: busy.reduce((sum, { bad }) => sum + bad, 0), total }
  if (how === 'worst') return busy.toSorted((a, b) => b.bad / b.total - a.bad / a.total)[0]
  return { bad: (busy.reduce((sum, { bad, total: all }) => sum + bad / all, 0) / busy.length) * total, total }
}

/** Events of the steps after the first up to the last. */
function naiveCounts(parts: Story['eu']['a'], afterStep: number, lastStep: number): EventCounts {
  const perStep = stepsOf(parts)
  let bad = 0
  let total = 0
  for (const each of perStep.slice(afterStep, lastStep)) {
    bad += each.bad
    total += each.total
  }
  return { bad, total }
}

function stepsOf(parts: Story['eu']['a']): EventCounts[] {
  const perStep = parts.flatMap(({ steps, total, badTenths }) =>
    Array.from({ length: steps }, () => ({ bad: (total * badTenths) / 10, total })),
  )
  return [...perStep, ...Array.from({ length: 80 }, () => ({ bad: 0, total: 0 }))]
}

function samplesAt(told: Story, region: Region, member: Member, index: number): MadeSample[] {
  const { bad, total } = naiveCounts(told[region][member], 0, index)
  return pair(region, member, index, bad, total)
}

function pair(region: Region, member: Member, index: number, bad: number, total: number): MadeSample[] {
  const labels = { region, part: member, job: 'shop', instance: region }
  const time = start + index * step
  return [
    { labels: { ...labels, __name__: 'bad' }, time, value: bad },
    { labels: { ...labels, __name__: 'total' }, time, value: total },
  ]
}

function readingOf(engine: Engine, scope: string, index: number): ScopeReading {
  const compiled = engine.counting.slos.get('composite')
  assert.ok(compiled)
  return readScope(engine.counting, compiled, scope, start + index * step)
}

function composite(engine: Engine, scope: string, index: number): EventCounts {
  return readingOf(engine, scope, index).counts(hour)
}

function stateOf(engine: Engine, scope: string, index: number): string {
  return readingOf(engine, scope, index).state()
}

function assertNear(actual: EventCounts, expected: EventCounts, where: string): void {
  assert.equal(actual.total, expected.total, where)
  assert.ok(
    Math.abs(actual.bad - expected.bad) <= 1e-9 * expected.total,
    `${where}: ${actual.bad} is not ${expected.bad}`,
  )
}
