import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { RecentSamples } from '../../../src/core/series/recent-samples.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

test('keeps the newest samples of every series in order of time, as a sorted list would', () => {
  const arrivals = fc.array(fc.record({ series: fc.nat(4), time: fc.nat(40) }), { maxLength: 100, size: 'max' })
  holdsForAll(
    fc.property(arrivals, (samples) => {
      const recent = new RecentSamples()
      recent.reserve(5)
      const lists: [number, number][][] = [[], [], [], [], []]
      for (const [value, { series, time }] of samples.entries()) put(recent, lists[series], series, time, value)
      for (const [series, list] of lists.entries()) assert.deepEqual(recent.list(series), list)
    }),
  )
})

test('a series without samples has no last one', () => {
  const recent = new RecentSamples()
  recent.reserve(1)
  assert.equal(recent.count(0), 0)
  assert.ok(Number.isNaN(recent.lastTime(0)))
  assert.ok(Number.isNaN(recent.lastValue(0)))
})

test('growing keeps what is there', () => {
  const recent = new RecentSamples()
  recent.reserve(1)
  recent.push(0, 10, 1)
  recent.push(0, 20, 2)
  recent.reserve(10_000)
  recent.push(9_999, 30, 3)
  assert.deepEqual(recent.list(0), [
    [10, 1],
    [20, 2],
  ])
  assert.equal(recent.lastTime(9_999), 30)
  assert.equal(recent.lastValue(9_999), 3)
})

test('a cleared series starts anew', () => {
  const recent = new RecentSamples()
  recent.reserve(1)
  recent.push(0, 10, 1)
  recent.clear(0)
  assert.deepEqual(recent.list(0), [])
})

/** What the ring does, done to a list: newest last, at most as many as are kept; equal times and older than all are left out. */
function put(recent: RecentSamples, list: [number, number][], series: number, time: number, value: number): void {
  const newer = list.filter(([each]) => each > time).length
  if (list.some(([each]) => each === time) || (newer === list.length && list.length === recent.kept)) return
  if (newer === 0) recent.push(series, time, value)
  else recent.insert(series, newer, time, value)
  list.push([time, value])
  list.sort(([a], [b]) => a - b)
  if (list.length > recent.kept) list.shift()
}
