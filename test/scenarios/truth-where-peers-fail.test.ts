import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, play } from '../support/engine-played.ts'
import { anSlo } from '../support/engine-slo.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

test('half an hour without traffic spoils neither the SLI nor the budget', async () => {
  // 60 requests a second but for 29 idle minutes; 600 errors in the last ten minutes.
  const idleFrom = hour
  const idleTo = hour + 29 * minute
  const end = day
  const requests = (second: number) => 60 * (second - Math.max(0, Math.min(second, idleTo) - idleFrom))
  const errors = (second: number) => Math.max(0, second - (end - 10 * minute))
  const played = await play(anSlo(), end, (second) => [
    at(second, 'total', requests(second)),
    at(second, 'bad', errors(second)),
  ])
  for (const scope of ['eu', 'global']) {
    const { counts, sli, consumed, state, coverage } = played.scope(scope)
    const total = 60 * (day - 29 * minute)
    assert.deepEqual(counts, { bad: 600, total })
    assert.equal(sli, (total - 600) / total)
    assertNear(consumed, 600 / total / 0.001)
    assert.equal(state, 'ok')
    assertNear(coverage, 1 / 30)
  }
})

test('twelve busy hours and twelve quiet ones weigh as much as their traffic', async () => {
  // 1,000 requests a second with 0.01 % errors, then 1 a second with 20 %: 0.030 %, not 9.95 %.
  const played = await play(anSlo(), day, (second) => {
    const busy = Math.min(second, 12 * hour)
    const quiet = Math.max(0, second - 12 * hour)
    return [
      at(second, 'total', 1_000 * busy + quiet),
      at(second, 'bad', Math.floor(0.1 * busy) + Math.floor(0.2 * quiet)),
    ]
  })
  const { counts, sli, consumed } = played.scope('global')
  assert.deepEqual(counts, { bad: 4_320 + 8_640, total: 43_200_000 + 43_200 })
  assert.equal(((1 - (sli ?? 0)) * 100).toFixed(3), '0.030')
  assertNear(consumed, 12_960 / 43_243_200 / 0.001)
})

test('an error series that lives one hour of two days counts for what it counted', async () => {
  const bornAt = day + 7 * minute
  const diesAt = bornAt + hour
  const played = await play(anSlo(), 2 * day, (second) => {
    const lives = second >= bornAt && second < diesAt
    // 10 % of 100 requests a second; the series shows up with the errors of its first 15 s.
    const errors = lives ? [at(second, 'bad', 10 * (second - bornAt + 15), { code: '500' })] : []
    return [at(second, 'total', 100 * second), ...errors]
  })
  const { counts, sli } = played.scope('global')
  assert.deepEqual(counts, { bad: 10 * hour, total: 100 * 2 * day })
  assert.equal(((1 - (sli ?? 0)) * 100).toFixed(3), '0.208')
})

test('without any error series there are no errors, and the budget is whole', async () => {
  const played = await play(anSlo(), day, (second) => [at(second, 'total', second)])
  const { counts, sli, consumed, remaining, burnRates, state } = played.scope('global')
  assert.deepEqual(
    { counts, sli, consumed, remaining, state },
    {
      counts: { bad: 0, total: day },
      sli: 1,
      consumed: 0,
      remaining: 1,
      state: 'ok',
    },
  )
  assert.ok(burnRates.every(({ burnRate }) => burnRate === 0))
})

test('idle but scraped is no traffic: unknown, neither good nor bad, and covered', async () => {
  const played = await play(anSlo(), 2 * hour, (second) => [at(second, 'total', 1_000), at(second, 'bad', 10)])
  const { counts, sli, consumed, remaining, state, coverage } = played.scope('eu')
  assert.deepEqual(
    { counts, sli, consumed, remaining, state },
    {
      counts: { bad: 0, total: 0 },
      sli: null,
      consumed: null,
      remaining: null,
      state: 'no-traffic',
    },
  )
  assertNear(coverage, 2 / (30 * 24))
  assert.deepEqual(played.episodes, [])
})

test('fifty errors in the first sample of a new series are fifty errors', async () => {
  const played = await play(anSlo(), hour, (second) => [
    at(second, 'total', 10 * second),
    ...(second >= 30 * minute ? [at(second, 'bad', 50, { code: '503' })] : []),
  ])
  assert.deepEqual(played.scope('eu').counts, { bad: 50, total: 10 * hour })
})

test('a counter that is met for the first time with all the rest is not taken for new errors', async () => {
  const played = await play(anSlo(), hour, (second) => [
    at(second, 'total', 1_000_000 + 10 * second),
    at(second, 'bad', 5_000),
  ])
  assert.deepEqual(played.scope('eu').counts, { bad: 0, total: 10 * hour })
})

test('a target that vanishes in an outage leaves its alert open, and the data says that it is gone', async () => {
  // eu fails completely for ten minutes and is then gone; us goes on without an error.
  const outageAt = 6 * hour
  const goneAt = outageAt + 10 * minute
  const played = await play(anSlo(), goneAt + 8 * hour, (second) => {
    const us = at(second, 'total', 100 * second, { region: 'us' })
    if (second > goneAt) return [us]
    return [us, at(second, 'total', 100 * second), at(second, 'bad', 100 * Math.max(0, second - outageAt))]
  })
  const pages = played.episodes.filter(({ id }) => id.severity === 'page')
  assert.deepEqual(
    pages.map(({ id, resolvedAt }) => [id.scope, resolvedAt]),
    [
      ['eu', null],
      ['global', null],
    ],
  )
  assert.equal(played.scope('eu').state, 'no-data')
  assert.equal(played.scope('us').state, 'ok')
  assert.equal(played.scope('global').state, 'partial')
  assert.equal(played.scope('eu').counts?.bad, 100 * 10 * minute)
  const known = played.scope('global').coverage
  assertNear(known, (6 * hour + 10 * minute + (14 * hour + 10 * minute)) / 2 / (30 * day))
})

test('a target that vanishes on its own is stale within minutes and dark after an hour', async () => {
  const played = await play(anSlo(), hour, (second) => [at(second, 'total', 100 * second), at(second, 'bad', 0)])
  const stateAfter = (seconds: number) => played.scope('global', seconds * 1_000).state
  assert.deepEqual([0, minute, minute + 1, hour, hour + 1].map(stateAfter), ['ok', 'ok', 'stale', 'stale', 'no-data'])
  assert.deepEqual(played.scope('global', 10 * day).counts, { bad: 0, total: 100 * hour })
})

test('a process that restarts costs the events since its last sample and nothing more', async () => {
  const restarts = hour + 7
  const played = await play(anSlo(), 2 * hour, (second) => [
    at(second, 'total', 100 * (second < restarts ? second : second - restarts)),
    at(second, 'bad', 0),
  ])
  assert.deepEqual(played.scope('eu').counts, { bad: 0, total: 100 * (2 * hour - 7) })
})

function assertNear(actual: number | null, expected: number): void {
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= 1e-9 * Math.abs(expected),
    `${actual}, expected ${expected}`,
  )
}
