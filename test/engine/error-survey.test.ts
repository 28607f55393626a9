import assert from 'node:assert/strict'
import { test } from 'node:test'
import { surveyedSloRegionsMax } from '../../src/core/model/limits.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { Engine } from '../../src/engine/engine.ts'
import { sloStatusInDetail } from '../../src/engine/slo-status.ts'
import { sloJson } from '../../src/web/api/slo-json.ts'
import { anSlo } from '../support/engine-slo.ts'
import { evaluateAll, everythingToOncall, type MadeSample, RememberingStore, send } from '../support/engine-world.ts'

const step = 15_000
const start = Date.UTC(2026, 0, 1)
const hour = 3_600_000

interface Traffic {
  readonly labels: Readonly<Record<string, string>>
  readonly total: number
  readonly bad: number
}

/** Counters that the test adds up itself; each of `traffic` is what came in one step with those labels. */
function played(slos: readonly Slo[] = [anSlo()]) {
  const store = new RememberingStore()
  let now = start
  const engine = new Engine({ stepMs: step, delayMs: 0 }, slos, everythingToOncall, {
    store: store.world,
    now: () => now,
  })
  const sums = new Map<string, number>()
  const ledger: { readonly at: number; readonly traffic: Traffic }[] = []
  let index = 0
  const world = {
    engine,
    ledger,
    at: () => now,
    async pass(steps: number, traffic: (index: number) => readonly Traffic[]) {
      for (let done = 0; done < steps; done++, index++) {
        const at = start + index * step
        now = at + 500
        const samples = traffic(index).flatMap((each): MadeSample[] => {
          ledger.push({ at, traffic: each })
          return (['total', 'bad'] as const).flatMap((metric) => {
            const labels = { ...each.labels, __name__: metric }
            const key = JSON.stringify(labels)
            // A counter appears with its first event, as that of an error that never happened before.
            if (each[metric] === 0 && !sums.has(key)) return []
            const value = (sums.get(key) ?? 0) + each[metric]
            sums.set(key, value)
            return [{ labels, time: at, value }]
          })
        })
        send(engine.sink, samples)
        await evaluateAll(engine)
        engine.survey()
      }
    },
    restartOf(instance: string) {
      for (const key of sums.keys()) if (key.includes(`"instance":"${instance}"`)) sums.set(key, 0)
    },
    detail(scope = 'global', slo = 'checkout') {
      const status = sloStatusInDetail(engine, slo, now)
      assert.ok(status)
      const found = sloJson(status).scopes.find((one) => one.scope === scope)
      assert.ok(found?.detail)
      return found.detail.topErrors
    },
    failed(since: number, label: string, value: string, scope?: string) {
      return ledger
        .filter(
          ({ at, traffic: { labels } }) =>
            at > since && labels[label] === value && (scope ?? labels['region']) === labels['region'],
        )
        .reduce((sum, { traffic }) => sum + traffic.bad, 0)
    },
  }
  return world
}

/** Two regions of two instances with three routes; `/pay` fails everywhere, a little of everything else. */
function shop(index: number, failing: number): readonly Traffic[] {
  return ['eu', 'us'].flatMap((region) =>
    ['a', 'b'].flatMap((name) =>
      ['/pay', '/cart', '/search'].map((route) => {
        const bad =
          route === '/pay' ? failing + (index % 3) * Math.min(1, failing) : index % 4 === 0 ? Math.min(1, failing) : 0
        const labels = { region, job: 'shop', instance: `${region}-${name}`, route }
        return { labels, total: route === '/pay' ? 40 : 200, bad }
      }),
    ),
  )
}

/** The shop, and an error that nobody has seen before. */
const late = (index: number, bad: number) => [
  ...shop(index, 20),
  { labels: { region: 'eu', job: 'shop', instance: 'eu-a', route: '/new' }, total: 5, bad },
]

/** Hardly anything fails. */
const quiet = (index: number) => shop(index, index % 400 === 0 ? 1 : 0)

/** One series of it. */
const one = (index: number): readonly Traffic[] => [shop(index, 20)[0]]

/** Some series name their route, some do not. */
const mixed = (failing: number) => (): readonly Traffic[] => [
  { labels: { region: 'eu', job: 'shop', instance: 'a', route: '/pay' }, total: 50, bad: failing },
  { labels: { region: 'eu', job: 'shop', instance: 'a' }, total: 50, bad: failing / 4 },
  { labels: { region: 'eu', job: 'shop', instance: 'a', route: '/cart' }, total: 50, bad: 0 },
]

test('an SLO that alerts says which label values its failures carry, to the event', async () => {
  const world = played()
  await world.pass(40, (index) => shop(index, 0))
  await world.pass(60, (index) => shop(index, 20))
  for (const scope of ['global', 'eu']) {
    const errors = world.detail(scope)
    assert.ok(errors)
    const { dimensions, bad } = errors
    const since = (errors.since ?? 0) * 1_000
    assert.deepEqual(
      dimensions.map(({ label }) => label),
      ['route', 'instance'],
    )
    const region = scope === 'global' ? undefined : scope
    const [{ values }] = dimensions
    assert.equal(values[0].value, '/pay')
    for (const { label, values: all } of dimensions) {
      for (const { value, bad: told } of all)
        assert.equal(told, world.failed(since, label, value, region), `${label} ${value}`)
      assert.ok(Math.abs(all.reduce((sum, { ofFailures }) => sum + ofFailures, 0) - 1) < 1e-9)
    }
    assert.equal(bad, world.failed(since, 'job', 'shop', region))
    assert.ok((values[0].ofEvents ?? 1) < 0.2 && values[0].ofFailures > 0.9)
    assert.ok((values[0].ofBudget ?? 0) > 0)
  }
})

test('an error that never happened before counts from its first event on, and a restart takes nothing away', async () => {
  const world = played()
  await world.pass(40, (index) => shop(index, 0))
  await world.pass(40, (index) => shop(index, 20))
  await world.pass(10, (index) => late(index, 5))
  world.restartOf('us-a')
  await world.pass(10, (index) => late(index, 5))
  const errors = world.detail()
  const since = (errors?.since ?? 0) * 1_000
  const routes = errors?.dimensions.find(({ label }) => label === 'route')?.values ?? []
  assert.equal(routes.find(({ value }) => value === '/new')?.bad, 100)
  assert.equal(routes.find(({ value }) => value === '/pay')?.bad, world.failed(since, 'route', '/pay'))
})

test('an SLO that somebody looks at is taken apart from then on, and no longer than an hour after', async () => {
  const world = played()
  await world.pass(40, quiet)
  assert.equal(world.detail(), null)
  await world.pass(1, quiet)
  assert.equal(world.detail(), null)
  await world.pass(800, quiet)
  // Two hours and more have passed: nobody asked in between.
  assert.equal(world.detail(), null)
})

test('what is shown is of the last hour or two, however long an alert lasts', async () => {
  const world = played()
  await world.pass(40, (index) => shop(index, 0))
  await world.pass(900, (index) => shop(index, 20))
  const errors = world.detail()
  assert.ok(errors)
  const since = (errors.since ?? 0) * 1_000
  assert.ok(world.at() - since > hour && world.at() - since <= 2 * hour + 2 * step, `${(world.at() - since) / hour} h`)
  const [{ values }] = errors.dimensions
  assert.equal(values[0].bad, world.failed(since, 'route', '/pay'))
})

test('no more SLOs are taken apart at once than there is room for, and that is counted', async () => {
  const names = Array.from({ length: surveyedSloRegionsMax + 3 }, (_, index) => `slo-${index}`)
  const world = played(names.map((name) => anSlo({ name })))
  await world.pass(20, one)
  for (const name of names) sloStatusInDetail(world.engine, name, world.at())
  await world.pass(4, one)
  assert.notEqual(world.detail('eu', 'slo-0'), null)
  assert.equal(world.detail('eu', names.at(-1)), null)
  assert.ok(world.engine.errors.refused.surveyedSloRegionsMax >= 3)
})

test('a series without the label counts as others, and labels that all have alike are left out', async () => {
  const world = played()
  await world.pass(20, mixed(0))
  await world.pass(40, mixed(8))
  const errors = world.detail('eu')
  assert.ok(errors)
  assert.deepEqual(
    errors.dimensions.map(({ label }) => label),
    ['route'],
  )
  const [{ values, otherBad }] = errors.dimensions
  assert.deepEqual(
    values.map(({ value }) => value),
    ['/pay'],
  )
  assert.equal(values[0].bad, 4 * otherBad)
})
