import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { dayMs, hourMs, minuteMs, secondMs } from '../../src/core/model/units.ts'
import {
  formatBudget,
  formatBurnRate,
  formatCount,
  formatObjective,
  formatShare,
  formatSpan,
  formatTime,
} from '../../src/delivery/figures.ts'

test('shares are written with the digits that count', () => {
  const written = [0, 1e-9, 0.00034, 0.001, 0.0099, 0.091, 0.1234, 0.5, 0.9996, 1].map(formatShare)
  assert.deepEqual(written, [
    '0 %',
    '<0.0001 %',
    '0.034 %',
    '0.10 %',
    '0.99 %',
    '9.1 %',
    '12.3 %',
    '50 %',
    '99.9 %',
    '100 %',
  ])
})

test('a share below one never reads as everything, nor one above zero as nothing', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true }), (ratio) => {
      assert.doesNotMatch(formatShare(ratio), /^(?:0|100) %$/)
      assert.doesNotMatch(formatShare(ratio), /e/)
    }),
    { seed: 7 },
  )
})

test('objectives are written as people write them, free of rounding noise', () => {
  assert.deepEqual([0.9, 0.999, 0.9995, 0.99999].map(formatObjective), ['90 %', '99.9 %', '99.95 %', '99.999 %'])
})

test('burn rates are written with a times sign', () => {
  const written = [0, 0.042, 0.4, 1, 6, 14.4, 18.24, 91, 1_000, 123_456].map(formatBurnRate)
  assert.deepEqual(written, ['0×', '0.042×', '0.4×', '1×', '6×', '14.4×', '18.2×', '91×', '1000×', '123456×'])
})

test('what nobody knows is a dash and never a zero', () => {
  assert.deepEqual([formatShare(null), formatBurnRate(null), formatBudget(null)], ['—', '—', '—'])
})

test('budgets are written with one decimal, spent ones below zero', () => {
  assert.deepEqual([0.613, 1, 0, -0.1234].map(formatBudget), ['61.3 %', '100.0 %', '0.0 %', '-12.3 %'])
})

test('counts are whole, with thousands apart', () => {
  assert.deepEqual([0, 999, 1_000, 53_200.4, 1_234_567_890].map(formatCount), [
    '0',
    '999',
    '1,000',
    '53,200',
    '1,234,567,890',
  ])
})

test('spans have two units at most and are rounded down', () => {
  const spans = [
    0,
    12 * secondMs,
    9 * minuteMs + 59 * secondMs,
    38 * minuteMs + 59 * secondMs,
    17_460_900,
    2 * dayMs + 3 * hourMs + 59 * minuteMs,
  ]
  assert.deepEqual(spans.map(formatSpan), ['0s', '12s', '9m59s', '38m', '4h51m', '2d3h'])
})

test('times are UTC and say so', () => {
  assert.equal(formatTime(Date.UTC(2026, 10, 21, 2, 41, 59)), '2026-11-21 02:41 UTC')
})
