import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DayCounts } from '../../src/core/model/daily-counts.ts'
import type { Exclusion } from '../../src/core/model/exclusion.ts'
import { dailyCountsKeptMs } from '../../src/core/model/limits.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aTick } from '../support/delivery-messages.ts'
import { storeFolder } from '../support/store-folder.ts'

const day = 86_400_000

function aDay(index: number, overrides: Partial<DayCounts> = {}): DayCounts {
  const from = index * day
  return {
    slo: 'checkout',
    region: 'eu',
    from,
    to: from + day,
    until: from + day,
    bad: 1,
    total: 100,
    seenMs: day,
    ...overrides,
  }
}

const upgrade: Exclusion = {
  id: 'a',
  matches: { slos: ['checkout'], services: [], regions: [] },
  schedule: { kind: 'once', from: 1, to: 2 },
  mute: false,
  excludeFromBudget: true,
  author: 'ada',
  reason: 'upgrade',
  at: null,
}

test('days are kept over a restart, replaced as a whole, listed by time and SLO, and pruned by their end', async (t) => {
  const path = `${storeFolder(t)}/store.db`
  const store = openSqliteStore(path)
  const other = aDay(1, { slo: 'login{tenant="a"}', region: '' })
  await store.commit(aTick({ at: 0, days: [aDay(0), aDay(1), other] }))
  await store.commit(aTick({ at: 0, days: [aDay(1, { bad: 7, until: day + 5 })] }))
  await store.close()
  const again = openSqliteStore(path)
  assert.deepEqual(await again.dailyCounts.list({ from: 0, to: 2 * day }), [
    aDay(0),
    aDay(1, { bad: 7, until: day + 5 }),
    other,
  ])
  assert.deepEqual(await again.dailyCounts.list({ from: day, to: 2 * day, slos: ['login{tenant="a"}'] }), [other])
  assert.deepEqual(await again.dailyCounts.list({ from: 0, to: day, slos: ['checkout'] }), [aDay(0)])
  assert.equal(await again.dailyCounts.prune(day + 1), 1)
  assert.equal((await again.dailyCounts.list({ from: 0, to: 2 * day })).length, 2)
  await again.close()
})

test('daily counts are kept for a year and its report, 400 days at least', () => {
  assert.ok(dailyCountsKeptMs >= 400 * day)
})

test('a day of which history tells is stored only where none is that shares an instant with it', async (t) => {
  const store = openSqliteStore(`${storeFolder(t)}/store.db`)
  const half = aDay(2, { from: 2.5 * day, to: 3 * day, bad: 1 })
  await store.commit(aTick({ at: 0, days: [aDay(1), half] }))
  const past = [0, 1, 2, 3].map((number) => aDay(number, { bad: 9 }))
  await store.commit(aTick({ at: 0, pastDays: [...past, aDay(1, { region: 'elsewhere' })] }))
  const own = await store.dailyCounts.list({ from: 0, to: 5 * day })
  assert.deepEqual(
    own.filter(({ region }) => region !== 'elsewhere'),
    [aDay(0, { bad: 9 }), aDay(1), half, aDay(3, { bad: 9 })],
  )
  assert.equal(own.length, 5)
  await store.close()
})

test('an exclusion that is taken back is kept, with who did what and why', async (t) => {
  const path = `${storeFolder(t)}/store.db`
  const store = openSqliteStore(path)
  await store.exclusions.add(upgrade, 10)
  await store.exclusions.add({ ...upgrade, id: 'b' }, 20)
  assert.equal(await store.exclusions.remove('a', { author: 'bob', reason: 'was no upgrade' }, 30), true)
  assert.equal(await store.exclusions.remove('a', { author: 'bob', reason: 'twice' }, 40), false)
  assert.equal(await store.exclusions.remove('c', { author: 'bob', reason: 'none' }, 40), false)
  await store.close()
  const again = openSqliteStore(path)
  assert.deepEqual(await again.exclusions.list({ withRemoved: false }), [
    { exclusion: { ...upgrade, id: 'b' }, createdAt: 20, removed: null },
  ])
  const [removed] = await again.exclusions.list({ withRemoved: true })
  assert.deepEqual(removed, {
    exclusion: upgrade,
    createdAt: 10,
    removed: { at: 30, author: 'bob', reason: 'was no upgrade' },
  })
  assert.deepEqual(
    (await again.exclusions.audit({ limit: 10 })).map(({ exclusionId, action, author }) => [
      exclusionId,
      action,
      author,
    ]),
    [
      ['a', 'removed', 'bob'],
      ['b', 'created', 'ada'],
      ['a', 'created', 'ada'],
    ],
  )
  await again.close()
})
