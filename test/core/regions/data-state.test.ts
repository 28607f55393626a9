import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type DataState, dataStates } from '../../../src/core/model/counts.ts'
import { globalState, isSeen, regionState } from '../../../src/core/regions/data-state.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const minute = 60_000
const at = Date.UTC(2026, 0, 1)

const stateAfter = (silenceMs: number | undefined, recentTotal = 0): DataState =>
  regionState(
    { seenUntil: silenceMs === undefined ? undefined : at - silenceMs, staleAfterMs: minute, recentTotal },
    at,
  )

test('a region that was never seen has no data', () => {
  assert.equal(stateAfter(undefined, 10), 'no-data')
})

test('a region is stale when it falls silent and dark after an hour', () => {
  assert.equal(stateAfter(minute, 10), 'ok')
  assert.equal(stateAfter(minute + 1, 10), 'stale')
  assert.equal(stateAfter(60 * minute, 10), 'stale')
  assert.equal(stateAfter(60 * minute + 1, 10), 'no-data')
})

test('seen and idle is no traffic, which is not missing data', () => {
  assert.equal(stateAfter(0, 0), 'no-traffic')
  assert.equal(isSeen('no-traffic'), true)
})

test('only data that is seen can resolve an alert', () => {
  assert.deepEqual(dataStates.filter(isSeen), ['ok', 'no-traffic'])
})

test('the global scope is seen only where every region is, and partial where some are', () => {
  const states = fc.array(fc.constantFrom<DataState>('ok', 'no-traffic', 'stale', 'no-data'), { minLength: 1 })
  holdsForAll(
    fc.property(states, (regions) => {
      const state = globalState(regions)
      assert.equal(state === 'partial', regions.some(isSeen) && !regions.every(isSeen))
      assert.equal(isSeen(state), regions.every(isSeen))
      assert.equal(globalState(regions.toReversed()), state)
    }),
  )
})

test('the global scope of regions that all are unseen is stale while one may come back, and dark otherwise', () => {
  assert.equal(globalState(['stale', 'no-data']), 'stale')
  assert.equal(globalState(['no-data', 'no-data']), 'no-data')
  assert.equal(globalState([]), 'no-data')
  assert.equal(globalState(['ok', 'no-traffic']), 'ok')
  assert.equal(globalState(['no-traffic']), 'no-traffic')
})
