import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { runningExclusions } from '../../src/app/exclusion-board.ts'
import type { Exclusion } from '../../src/core/model/exclusion.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { exclusionRoutes } from '../../src/web/api/exclusions-route.ts'
import { serving } from './running-server.ts'

const declared: Exclusion = {
  id: 'file/patching',
  matches: { slos: [], services: ['checkout'], regions: [] },
  schedule: {
    kind: 'recurring',
    weekdays: [6],
    weeksOfMonth: [],
    minuteOfDay: 120,
    durationMs: 3_600_000,
    timeZone: 'UTC',
    from: null,
    until: null,
  },
  mute: true,
  excludeFromBudget: false,
  author: 'ops',
  reason: 'patching',
  at: { file: 'maintenance.yaml', line: 4, column: 9 },
}

async function running(t: TestContext) {
  const store = openSqliteStore(':memory:')
  t.after(() => store.close())
  const inForce: (readonly Exclusion[])[] = []
  const board = runningExclusions({
    engine: { setExclusions: (exclusions) => void inForce.push(exclusions) },
    store: store.exclusions,
    clock: { now: () => 1_800_000_000_000 },
    exclusively: (action) => action(),
  })
  await board.declare([declared])
  const url = `${await serving(t, exclusionRoutes(board))}/api/v1/exclusions`
  const post = (body: unknown) => fetch(url, { method: 'POST', body: JSON.stringify(body) })
  return { url, post, inForce }
}

const outage = {
  from: '2026-10-01T00:00:00Z',
  to: 1_790_816_400,
  slos: ['checkout-availability'],
  author: 'ada',
  reason: 'the load test of October',
}

test('tells when what comes again and again takes place, where that is asked for', async (t) => {
  const { url } = await running(t)
  const asked = async (query: string) => await (await fetch(`${url}${query}`)).json()
  assert.equal((await asked('')).data.exclusions[0].occurrences, undefined)
  // Three Saturdays at two in the morning, of which the first is cut into and told as a whole.
  const { data } = await asked('?from=2026-11-07T02:30:00Z&to=2026-11-21T12:00:00Z')
  assert.deepEqual(
    data.exclusions[0].occurrences.map(({ from, to }: { from: number; to: number }) => [
      new Date(from * 1_000).toISOString(),
      to - from,
    ]),
    [
      ['2026-11-07T02:00:00.000Z', 3_600],
      ['2026-11-14T02:00:00.000Z', 3_600],
      ['2026-11-21T02:00:00.000Z', 3_600],
    ],
  )
  for (const query of ['?from=1', '?from=2&to=1', '?from=soon&to=1', '?from=0&to=1800000000']) {
    assert.match((await asked(query)).error, /from and to must be Unix seconds or RFC 3339/, query)
  }
})

test('a correction is in force at once, and stays in the books when it is taken back', async (t) => {
  const { url, post, inForce } = await running(t)
  const made = await post(outage)
  assert.equal(made.status, 201)
  const { data } = await made.json()
  assert.deepEqual(
    [data.author, data.excludeFromBudget, data.mute, data.createdAt],
    ['ada', true, false, 1_800_000_000],
  )
  assert.deepEqual(
    inForce.at(-1)?.map(({ id }) => id),
    ['file/patching', data.id],
  )

  const by = `author=bob&reason=${encodeURIComponent('wrong day')}`
  assert.equal((await fetch(`${url}/${data.id}?${by}`, { method: 'DELETE' })).status, 200)
  assert.deepEqual(
    inForce.at(-1)?.map(({ id }) => id),
    ['file/patching'],
  )
  assert.equal((await fetch(`${url}/${data.id}?${by}`, { method: 'DELETE' })).status, 404)

  const listed = (await (await fetch(url)).json()).data
  assert.deepEqual(
    listed.exclusions.map(({ id, declaredAt }: { id: string; declaredAt: string }) => [id, declaredAt]),
    [['file/patching', 'maintenance.yaml:4:9']],
  )
  assert.deepEqual(
    listed.audit.map(({ action, author, reason }: Record<string, string>) => [action, author, reason]),
    [
      ['removed', 'bob', 'wrong day'],
      ['created', 'ada', outage.reason],
    ],
  )
  const all = (await (await fetch(`${url}?all=1`)).json()).data
  assert.deepEqual(all.exclusions[1].removed, { at: 1_800_000_000, author: 'bob', reason: 'wrong day' })
})

const wrong: readonly (readonly [string, unknown, RegExp])[] = [
  ['no author', { ...outage, author: ' ' }, /author is missing/],
  ['no reason', { ...outage, reason: undefined }, /reason is missing/],
  ['an end before its begin', { ...outage, to: 5 }, /from must be before to/],
  ['a time that is none', { ...outage, from: 'yesterday' }, /from must be Unix seconds or RFC 3339/],
  ['a key that is not known', { ...outage, region: 'eu' }, /no key "region"/],
  ['names that are no list', { ...outage, slos: 'checkout' }, /slos must be a list/],
  ['no effect', { ...outage, excludeFromBudget: false }, /does nothing/],
  ['a list as body', [], /must be a JSON object/],
]

for (const [what, body, reason] of wrong) {
  test(`refuses an exclusion with ${what}, and says why`, async (t) => {
    const { post, inForce } = await running(t)
    const answer = await post(body)
    assert.equal(answer.status, 400)
    assert.match((await answer.json()).error, reason)
    assert.equal(inForce.length, 1)
  })
}

test('what a rule file declares is taken back there, and nothing without a name and a reason', async (t) => {
  const { url } = await running(t)
  const file = await fetch(`${url}/${encodeURIComponent('file/patching')}?author=a&reason=b`, { method: 'DELETE' })
  assert.equal(file.status, 400)
  assert.match((await file.json()).error, /stands in a rule file/)
  const nobody = await fetch(`${url}/x?author=&reason=b`, { method: 'DELETE' })
  assert.equal(nobody.status, 400)
})
