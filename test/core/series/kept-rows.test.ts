import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { KeptRows } from '../../../src/core/series/kept-rows.ts'
import { type Rung, retentionLadder } from '../../../src/core/series/retention-ladder.ts'
import { historyEvents, steps, storyStart } from '../../support/engine-history-story.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const horizon = 30 * day

test('no more rows are kept than the ladder speaks of, after any gaps', () => {
  holdsForAll(
    fc.property(steps, historyEvents, (stepMs, events) => {
      const most = rowsAtMost(retentionLadder(stepMs, horizon))
      const kept = new KeptRows(stepMs, horizon)
      let now = storyStart
      for (const event of events) {
        if (event.kind === 'pass') now += event.ms
        if (event.kind === 'add') kept.reachedBy(now - event.late - event.length, now - event.late)
        assert.ok(kept.list.length <= most, `${kept.list.length} rows, ${most} allowed`)
        assert.ok(kept.list.every(({ at }, index, rows) => index === 0 || at > rows[index - 1].at))
      }
    }),
  )
})

test('dense rows from before a long gap are thinned as they age, not kept until the horizon', () => {
  const kept = new KeptRows(15_000, horizon)
  for (let at = storyStart; at < storyStart + hour; at += 15_000) kept.reachedBy(at, at + 15_000)
  kept.advanceTo(storyStart + 2 * day)
  const old = kept.list.filter(({ at }) => at > storyStart && at <= storyStart + hour)
  assert.deepEqual(
    old.map(({ at }) => at - storyStart),
    [15, 30, 45, 60].map((minutes) => minutes * minute),
  )
})

test('moments of decades ago cost no more rows than the horizon has, and those of today go on from them', () => {
  const kept = new KeptRows(15_000, horizon)
  kept.reserve(1)
  for (const row of kept.reachedBy(0, 15_000)) row.add(0, 1)
  const reached = kept.reachedBy(storyStart, storyStart + 15_000)
  assert.ok(kept.list.length <= rowsAtMost(retentionLadder(15_000, horizon)))
  assert.deepEqual(
    reached.map((row) => row.count(0)),
    [1],
  )
})

test('events reach the rows from the first after their beginning, until rows come or go', () => {
  const kept = new KeptRows(15_000, horizon)
  kept.advanceTo(storyStart + minute)
  const reached = () => kept.reachedBy(storyStart + 20_000, storyStart + minute).map(({ at }) => at - storyStart)
  assert.deepEqual(reached(), [30_000, 45_000, 60_000])
  kept.advanceTo(storyStart + minute + 1)
  assert.deepEqual(reached(), [30_000, 45_000, 60_000, 75_000])
})

function rowsAtMost(ladder: readonly Rung[]): number {
  let rows = 2
  let ageMs = 0
  for (const rung of ladder) {
    rows += Math.ceil((rung.ageMs - ageMs) / rung.resolutionMs) + 1
    ageMs = rung.ageMs
  }
  return rows
}
