import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { resolutionAtAge, retentionLadder } from '../../../src/core/series/retention-ladder.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const steps = fc.integer({ min: 1, max: 600 }).map((seconds) => seconds * second)
const horizons = fc.integer({ min: 1, max: 400 }).map((days) => days * day)

test('each resolution is a multiple of the one before, so that thinning only ever drops rows', () => {
  holdsForAll(
    fc.property(steps, horizons, (stepMs, horizonMs) => {
      const ladder = retentionLadder(stepMs, horizonMs)
      assert.equal(ladder[0].resolutionMs, stepMs)
      for (const [index, { resolutionMs, ageMs }] of ladder.slice(1).entries()) {
        assert.equal(resolutionMs % ladder[index].resolutionMs, 0)
        assert.ok(ageMs >= ladder[index].ageMs)
      }
    }),
  )
})

test('rows reach back over the whole horizon', () => {
  holdsForAll(
    fc.property(steps, horizons, (stepMs, horizonMs) => {
      assert.notEqual(resolutionAtAge(retentionLadder(stepMs, horizonMs), horizonMs), undefined)
    }),
  )
})

test('at 15 s the windows of the workbook start on rows this far apart', () => {
  const ladder = retentionLadder(15 * second, 30 * day)
  const resolutionOf = (windowMs: number) => resolutionAtAge(ladder, windowMs)
  assert.deepEqual([5 * minute, 30 * minute, hour].map(resolutionOf), [15 * second, 15 * second, 15 * second])
  assert.deepEqual([2 * hour, 6 * hour].map(resolutionOf), [minute, minute])
  assert.deepEqual([day, 3 * day].map(resolutionOf), [15 * minute, 15 * minute])
  assert.equal(resolutionOf(30 * day), 2 * hour)
})

test('evaluation may trail by ten minutes and still find an hour exact', () => {
  for (const stepMs of [15 * second, 30 * second, minute]) {
    assert.equal(resolutionAtAge(retentionLadder(stepMs, 30 * day), hour + 10 * minute), stepMs)
  }
})

test('the rows around the start of a window are at most 1/84 of it apart in the workbook, 1/24 in any policy', () => {
  for (const stepMs of [15 * second, 30 * second, minute]) {
    const workbook = [2 * hour, 6 * hour, day, 3 * day, 7 * day, 28 * day, 30 * day, 90 * day]
    for (const windowMs of workbook) assert.ok(fineness(stepMs, windowMs) >= 84, `${windowMs} ms`)
    for (let windowMs = hour; windowMs <= 90 * day; windowMs += minute) assert.ok(fineness(stepMs, windowMs) >= 24)
  }
})

/** How many times the distance of the rows at its start fits into a window. */
function fineness(stepMs: number, windowMs: number): number {
  return windowMs / (resolutionAtAge(retentionLadder(stepMs, 90 * day), windowMs) ?? 0)
}
