import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultDataPolicy, type Slo } from '../../src/core/model/slo.ts'
import { sloStatusInDetail } from '../../src/engine/slo-status.ts'
import { anSlo, counters } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../support/engine-world.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 0, 5)

const members = ['cart', 'search'].map((name) => {
  return anSlo({ name, bad: counters(`${name}_bad`), total: counters(`${name}_total`) })
})
const journey = {
  ...anSlo({ name: 'journey' }),
  indicator: { kind: 'composite', combine: 'all', of: members.map(({ name }) => ({ slo: name, weight: 1 })) } as const,
}

/** Half of all fails from the first hour on; search falls silent in eu, or everything does, while it burns. */
async function told(
  isSilent: (name: string, at: number) => boolean,
  forMs: number,
  slos: readonly Slo[] = [...members, journey],
) {
  const store = new RememberingStore()
  const engine = anEngine({ slos, store })
  for (let at = 0; at <= forMs; at += step) {
    const samples = ['eu', 'us'].flatMap((region) =>
      members.flatMap(({ name }) => {
        if (region === 'eu' && isSilent(name, at)) return []
        const bad = Math.max(0, Math.min(at, 90 * minute) - hour) / 20
        return [
          { labels: { __name__: `${name}_total`, region }, time: start + at, value: at / 10 },
          { labels: { __name__: `${name}_bad`, region }, time: start + at, value: bad },
        ]
      }),
    )
    send(engine.sink, samples)
    await evaluateAll(engine)
  }
  const state = (slo: string, scope: string) =>
    sloStatusInDetail(engine, slo, start + forMs)?.scopes.find((one) => one.scope === scope)?.state
  return { state, store }
}

test('a composite is partial in a region where some of its members are seen and some are not', async () => {
  const { state } = await told((name, at) => name === 'search' && at > hour, 80 * minute)
  assert.deepEqual(
    ['cart', 'search', 'journey'].map((slo) => state(slo, 'eu')),
    ['ok', 'stale', 'partial'],
  )
  assert.deepEqual([state('journey', 'us'), state('journey', 'global')], ['ok', 'partial'])
})

test('it is as dark as they are where none of them is seen, and whole where all are', async () => {
  const dark = await told((_name, at) => at > hour, 80 * minute)
  assert.equal(dark.state('journey', 'eu'), 'stale')
  const whole = await told(() => false, 80 * minute)
  assert.deepEqual([whole.state('journey', 'eu'), whole.state('journey', 'global')], ['ok', 'ok'])
})

test('an alert of a composite does not end while a member that might burn cannot be seen', async () => {
  const open = ({ store }: Awaited<ReturnType<typeof told>>) =>
    store.episodes.filter(({ id, resolvedAt }) => id.slo === 'journey' && id.scope === 'eu' && resolvedAt === null)
      .length
  const partial = await told((name, at) => name === 'search' && at > 75 * minute, 10 * hour)
  const whole = await told(() => false, 10 * hour)
  assert.ok(open(partial) > open(whole))
  assert.ok(whole.store.episodes.some(({ id }) => id.slo === 'journey' && id.scope === 'eu'))
})

test('a region that is none of its members’ any more is none of a composite either, and holds no alert of it open', async () => {
  const data = { ...defaultDataPolicy, forgetRegionAfterMs: 2 * hour }
  const slos = [...members, journey].map((slo) => ({ ...slo, data }))
  const isOpen = ({ store }: Awaited<ReturnType<typeof told>>, scope: string) =>
    store.episodes.some(({ id, resolvedAt }) => id.slo === 'journey' && id.scope === scope && resolvedAt === null)
  const missed = await told((_name, at) => at > 75 * minute, 5 * hour)
  assert.ok(isOpen(missed, 'eu'))
  const gone = await told((_name, at) => at > 75 * minute, 5 * hour, slos)
  assert.ok(!isOpen(gone, 'eu'))
  // Of one that still is where another is gone, nothing is missing.
  const half = await told((name, at) => name === 'search' && at > 75 * minute, 5 * hour, slos)
  assert.deepEqual([half.state('search', 'eu'), half.state('journey', 'eu')], ['no-data', 'ok'])
})
