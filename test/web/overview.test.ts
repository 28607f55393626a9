import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { SloStatus } from '../../src/ports/slo-status.ts'
import { OverviewBook } from '../../src/web/api/overview-book.ts'
import { sloRow } from '../../src/web/api/slo-row.ts'
import type { Overview } from '../../src/web/ui/browser/wire.ts'
import { engineRoutes, serving } from './running-server.ts'
import { aBurningScope, anIncident, anSlo, anUnknownScope, aScope, aView, messages, now } from './status-fixture.ts'

test('sends all rows once and then only those that changed', () => {
  const world = aWorld([anSlo('a'), anSlo('b')])
  const first = world.since(null)
  assert.deepEqual([first.isWhole, first.rows.length], [true, 2])
  assert.deepEqual(world.since(first.version), { ...first, isWhole: false, rows: [] })

  world.slos = [anSlo('a'), anSlo('b', { scopes: [aBurningScope('global')] })]
  const second = world.since(first.version)
  assert.equal(second.isWhole, false)
  assert.deepEqual(second.rows, [JSON.stringify(sloRow(world.slos[1]))])
  assert.deepEqual(world.since(second.version).rows, [])
  assert.equal(world.since(first.version).rows.length, 1)
})

test('names the SLOs that are no more, and sends one that came back', () => {
  const world = aWorld([anSlo('a'), anSlo('b')])
  const { version } = world.since(null)
  world.slos = [anSlo('a')]
  const gone = world.since(version)
  assert.deepEqual([gone.gone, gone.rows], [['b'], []])

  world.slos = [anSlo('a'), anSlo('b')]
  const back = world.since(gone.version)
  assert.deepEqual([back.gone, back.rows.length], [[], 1])
})

test('sends everything to who knows a version of another process, or none at all', () => {
  const world = aWorld([anSlo('a')])
  const { version } = world.since(null)
  for (const told of ['', 'other.1', `${version}0`, version.replace(/\d+$/, '0'), 'x', '.']) {
    assert.equal(world.since(told).isWhole, true, told)
  }
})

test('does not send a row again for a change that nobody would see', () => {
  const world = aWorld([anSlo('a', { scopes: [aScope('global', { sli: 0.99989583 })] })])
  const { version } = world.since(null)
  world.slos = [anSlo('a', { scopes: [aScope('global', { sli: 0.998_958_3 + 0.000_937_53 + 1e-12 })] })]
  assert.deepEqual(world.since(version).rows, [])
})

test('takes ten times as long between two looks as a look takes', () => {
  let elapsed = 0
  let looks = 0
  const book = new OverviewBook(
    () => {
      looks++
      elapsed += 500
      return [anSlo('a')]
    },
    () => elapsed,
    2_000,
  )
  for (const wait of [0, 2_000, 2_900, 200]) {
    elapsed += wait
    book.since(null)
  }
  assert.equal(looks, 2)
})

test('tells the worst of all scopes and the figures of all together', () => {
  const row = sloRow(
    anSlo('a', { scopes: [aScope('global'), aBurningScope('eu-west-1'), anUnknownScope('us-east-1')] }),
  )
  assert.deepEqual([row.condition, row.scope, row.state, row.since], ['page', 'global', 'ok', (now - 240_000) / 1_000])
  assert.deepEqual(
    row.burns.map(({ window }) => window),
    ['1h', '6h', '1d', '3d'],
  )
  assert.deepEqual(
    row.regions.map(({ region, condition, remaining }) => [region, condition, remaining]),
    [
      ['eu-west-1', 'page', -0.169],
      ['us-east-1', 'no-data', null],
    ],
  )
})

test('takes the worst region where there is no global scope, and knows nothing where nothing is known', () => {
  const row = sloRow(anSlo('a', { scopes: [aScope('eu-west-1'), aBurningScope('us-east-1')] }))
  assert.deepEqual([row.scope, row.remaining], ['us-east-1', -0.169])
  const dark = sloRow(anSlo('a', { scopes: [{ ...anUnknownScope('global'), projected: null }] }))
  assert.deepEqual(
    [dark.sli, dark.remaining, dark.eventsLeft, dark.total, dark.at, ...dark.burns.map(({ rate }) => rate)],
    Array(9).fill(null),
  )
})

test('reckons the bad events that may still come from the whole budget', () => {
  // 8,640 bad events are allowed of 8.64 million at 99.9 %, and 900 came.
  assert.equal(sloRow(anSlo('a')).eventsLeft, 7_740)
  const none = aScope('global', { counts: { bad: 0, total: 8_640_000 }, consumed: 0, remaining: 1, coverage: 0.5 })
  assert.equal(sloRow(anSlo('a', { scopes: [none] })).eventsLeft, 17_300)
})

test('tells incidents, sources, readiness and the inbox with the rows', async (t) => {
  const view = { ...anIncident(), notReadyReasons: () => ['no evaluation yet'] }
  const { data } = await overview(t, { view, inbox: { messages: () => messages } })
  assert.equal(data.rows.length, 3)
  assert.deepEqual(data.notReady, ['no evaluation yet'])
  assert.equal(data.incidents[0]?.acknowledgedBy, 'ana')
  assert.equal(data.inbox?.length, 2)
  assert.equal(data.evaluatedAt, (now - 4_000) / 1_000)
  assert.equal(data.silences, 1)
})

test('compresses a long answer for those who take that', async (t) => {
  const slos = Array.from({ length: 200 }, (_, index) => anSlo(`slo-${index}`))
  const url = await serving(t, engineRoutes({ view: aView({ slos }) }))
  const plain = await fetch(`${url}/api/v1/overview`, { headers: { 'accept-encoding': 'identity' } })
  assert.equal(plain.headers.get('content-encoding'), null)
  const zipped = await fetch(`${url}/api/v1/overview`, { headers: { 'accept-encoding': 'gzip' } })
  assert.equal(zipped.headers.get('content-encoding'), 'gzip')
  assert.deepEqual(await zipped.json(), await plain.json())
  assert.throws(() => gunzipSync(Buffer.from('not compressed')))
})

async function overview(t: TestContext, options: Parameters<typeof engineRoutes>[0]): Promise<{ data: Overview }> {
  return await (await fetch(`${await serving(t, engineRoutes(options))}/api/v1/overview`)).json()
}

/** A book that looks at each question. */
function aWorld(slos: readonly SloStatus[]) {
  let elapsed = 1
  const world = {
    slos,
    since: (told: string | null) => {
      elapsed += 1_000
      return book.since(told)
    },
  }
  const book = new OverviewBook(
    () => world.slos,
    () => elapsed,
    1_000,
  )
  return world
}
