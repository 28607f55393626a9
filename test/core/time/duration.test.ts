import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatDuration, parseDuration } from '../../../src/core/time/duration.ts'

test('reads Prometheus durations', () => {
  const table = {
    '0': 0,
    '0s': 0,
    '15s': 15_000,
    '5m': 300_000,
    '1h30m': 5_400_000,
    '30d': 2_592_000_000,
    '1w': 604_800_000,
  }
  for (const [text, ms] of Object.entries(table)) assert.equal(parseDuration(text), ms, text)
  assert.equal(parseDuration('1y2w3d4h5m6s7ms'), 31_536_000_000 + 2 * 604_800_000 + 3 * 86_400_000 + 14_706_007)
})

test('refuses what Prometheus refuses', () => {
  for (const text of [
    '',
    '5',
    '5 m',
    'm',
    '1m1h',
    '1.5h',
    '-5m',
    '5min',
    '5M',
    '1h1h',
    ' 5m',
    '5m\n',
    '9007199254740993ms',
    '999999y',
  ]) {
    assert.equal(parseDuration(text), undefined, JSON.stringify(text))
  }
})

test('writes days and smaller units, so that 30d stays 30d', () => {
  const table = { 0: '0s', 15000: '15s', 5400000: '1h30m', 2592000000: '30d', 604800000: '7d', 1: '1ms' }
  for (const [ms, text] of Object.entries(table)) assert.equal(formatDuration(Number(ms)), text)
})

test('reads what it writes', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (ms) => assert.equal(parseDuration(formatDuration(ms)), ms)))
})
