import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as assertProperty, double, property } from 'fast-check'
import { csvCell } from '../../../../src/web/ui/browser/csv.ts'
import { axisTicks, linearScale, logScale, timeTicks } from '../../../../src/web/ui/browser/scale.ts'

test('puts values where they belong, and what lies beyond at the edge', () => {
  const scale = linearScale(-1, 1, String)
  assert.deepEqual([-2, -1, 0, 1, 2].map(scale.share), [0, 0, 0.5, 1, 1])
  const log = logScale(0.01, 100, String)
  assert.deepEqual([0, 0.01, 1, 100, 1e6].map(log.share), [0, 0, 0.5, 1, 1])
})

test('a flat line has a scale all the same', () => {
  assert.ok(Number.isFinite(linearScale(1, 1, String).share(1)))
})

test('marks an axis with a few round values that lie on it', () => {
  assertProperty(
    property(double({ min: -5, max: 5, noNaN: true }), double({ min: 0.001, max: 1e7, noNaN: true }), (low, length) => {
      const scale = linearScale(low, low + length, String)
      const ticks = axisTicks(scale)
      assert.ok(ticks.length >= 1 && ticks.length <= 9, `${ticks.length} ticks`)
      assert.ok(ticks.every(({ value }) => value >= low - length * 1e-6 && value <= low + length * (1 + 1e-6)))
    }),
  )
  assert.deepEqual(
    axisTicks(logScale(0.01, 100, String)).map(({ value }) => value),
    [0.01, 0.1, 1, 10, 100],
  )
})

test('marks time with at most a handful of moments in UTC', () => {
  const noon = Date.UTC(2026, 10, 21, 12) / 1_000
  assert.deepEqual(
    timeTicks(noon - 3_600, noon).map(({ text }) => text),
    ['11:10', '11:20', '11:30', '11:40', '11:50'],
  )
  assert.ok(timeTicks(noon - 30 * 86_400, noon).every(({ text }) => /^\d\d-\d\d$/.test(text)))
})

test('no cell of an export is a formula', () => {
  assert.equal(csvCell('=cmd|calc'), "'=cmd|calc")
  assert.equal(csvCell('@SUM(A1)'), "'@SUM(A1)")
  assert.equal(csvCell('-0.169'), '-0.169')
  assert.equal(csvCell('-2+3'), "'-2+3")
  assert.equal(csvCell('a "b", c'), '"a ""b"", c"')
})
