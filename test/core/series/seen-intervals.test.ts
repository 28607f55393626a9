import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { SeenIntervals, SeenTable } from '../../../src/core/series/seen-intervals.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const second = 1_000

/** Seconds of a made hour; (from, to] as the indices from + 1 … to. */
class SeenSeconds {
  readonly #seen = Array.from({ length: 4_000 }, () => false)

  see(from: number, to: number): void {
    for (let index = from + 1; index <= to; index++) this.#seen[index] = true
  }

  count(from: number, to: number): number {
    let count = 0
    for (let index = from + 1; index <= to; index++) if (this.#seen[index]) count++
    return count
  }
}

const sight = fc.record({ to: fc.integer({ min: 1, max: 3_900 }), length: fc.nat(600) })

test('knows exactly the seconds that were seen, in whatever order they were, holes above the tolerance left out', () => {
  holdsForAll(
    fc.property(fc.array(sight, { maxLength: 40, size: 'max' }), fc.nat(3_900), fc.nat(3_900), (sights, a, b) => {
      const intervals = new SeenIntervals()
      const seconds = new SeenSeconds()
      let since = Number.NaN
      let until = Number.NaN
      for (const { to, length } of sights) {
        const from = Math.max(0, to - length)
        // A hole no longer than the tolerance at its time counts as seen: jitter and restarts are not missing data.
        const tolerance = intervals.staleAfterMs / second
        if (from > until && from - until <= tolerance) seconds.see(until, from)
        if (to < since && since - to <= tolerance) seconds.see(to, since)
        intervals.see(from * second, to * second)
        seconds.see(from, to)
        if (!(since <= from)) since = from
        if (!(until >= to)) until = to
      }
      const [from, to] = a < b ? [a, b] : [b, a]
      assert.equal(intervals.seenMs(from * second, to * second), seconds.count(from, to) * second)
      assert.equal(intervals.until, Number.isNaN(until) ? undefined : until * second)
    }),
    500,
  )
})

test('more holes than are kept can only understate what is known', () => {
  const intervals = new SeenIntervals()
  const seconds = 1_000
  for (let index = 0; index < seconds; index++) intervals.see(index * 1_000_000, index * 1_000_000 + 15_000)
  const seen = intervals.seenMs(0, seconds * 1_000_000)
  assert.ok(seen <= seconds * 15_000)
  assert.ok(seen >= 255 * 15_000)
  assert.ok((intervals.snapshot()?.gaps.length ?? 0) <= 256)
})

test('holes made by older data and by data in the middle of a hole are limited as well', () => {
  const intervals = new SeenIntervals()
  for (let index = 1_000; index >= 0; index--) intervals.see(index * 1_000_000, index * 1_000_000 + 15_000)
  assert.ok((intervals.snapshot()?.gaps.length ?? 0) <= 256)
  const middle = new SeenIntervals()
  middle.see(0, 15_000)
  middle.see(1e9, 1e9 + 15_000)
  for (let index = 1; index < 500; index++) middle.see(index * 1_000_000, index * 1_000_000 + 15_000)
  assert.ok((middle.snapshot()?.gaps.length ?? 0) <= 256)
})

test('a snapshot put back knows the same', () => {
  const intervals = new SeenIntervals()
  assert.equal(intervals.snapshot(), undefined)
  intervals.see(0, 30_000)
  intervals.see(900_000, 930_000)
  const restored = new SeenIntervals()
  const snapshot = intervals.snapshot()
  assert.ok(snapshot)
  restored.restore(snapshot)
  assert.equal(restored.seenMs(0, 930_000), 60_000)
  assert.equal(restored.staleAfterMs, intervals.staleAfterMs)
  restored.see(30_000, 900_000)
  assert.equal(restored.seenMs(0, 930_000), 930_000)
})

test('stale is two and a half of the usual intervals, at least a minute and at most five', () => {
  assert.equal(staleAfterMs(15_000), 60_000)
  assert.equal(staleAfterMs(60_000), 150_000)
  assert.equal(staleAfterMs(600_000), 300_000)
})

test('a hole of exactly the tolerance is jitter, one millisecond more is missing data', () => {
  for (const [hole, seenMs] of [
    [60_000, 90_000],
    [60_001, 30_000],
  ]) {
    const intervals = new SeenIntervals()
    intervals.see(0, 15_000)
    intervals.see(15_000 + hole, 30_000 + hole)
    assert.equal(intervals.seenMs(0, 30_000 + hole), seenMs)
  }
})

test('nothing is known before the first sight', () => {
  const intervals = new SeenIntervals()
  assert.equal(intervals.until, undefined)
  assert.equal(intervals.seenMs(0, 1e12), 0)
})

const minute = 60 * second

/** Seen every 15 s for ten minutes. */
function seenForTenMinutes(): SeenIntervals {
  const intervals = new SeenIntervals()
  for (let at = 0; at < 10 * minute; at += 15 * second) intervals.see(at, at + 15 * second)
  return intervals
}

test('a gap that ends in a start from zero is one, whatever other series of the same scrape seem to know of it', () => {
  const [from, to] = [10 * minute, 30 * minute]
  const tellings = [
    (intervals: SeenIntervals) => intervals.lose(from, to),
    (intervals: SeenIntervals) => intervals.see(from, to),
    (intervals: SeenIntervals) => intervals.see(from - 15 * second, to),
  ]
  for (const order of [
    [0, 1, 2],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [0, 2, 1],
    [2, 1, 0],
  ]) {
    const intervals = seenForTenMinutes()
    for (const which of order) tellings[which](intervals)
    intervals.see(to, to + 15 * second)
    assert.equal(intervals.seenMs(0, to + 15 * second), from + 15 * second, order.join())
    assert.equal(intervals.seenMs(from, to), 0)
    assert.equal(intervals.staleAfterMs, minute)
    assert.equal(intervals.until, to + 15 * second)
  }
})

test('a start from zero within the usual pause hides nothing, and what another process saw is seen', () => {
  const restarted = seenForTenMinutes()
  restarted.lose(10 * minute, 10 * minute + 15 * second)
  assert.equal(restarted.seenMs(0, 11 * minute), 10 * minute + 15 * second)
  const seldom = new SeenIntervals()
  for (let at = 0; at < 60 * minute; at += 10 * minute) seldom.see(at, at + 10 * minute)
  seldom.lose(60 * minute, 70 * minute)
  assert.equal(seldom.seenMs(0, 70 * minute), 70 * minute)
  const others = seenForTenMinutes()
  others.lose(10 * minute, 30 * minute)
  others.see(10 * minute, 30 * minute + second)
  assert.equal(others.seenMs(0, 31 * minute), 30 * minute + second)
  const before = seenForTenMinutes()
  before.see(10 * minute, 30 * minute)
  before.see(30 * minute, 30 * minute + second)
  before.lose(10 * minute, 30 * minute + second)
  assert.equal(before.seenMs(0, 31 * minute), 30 * minute + second)
})

test('a series that was away says nothing of a gap before others came back', () => {
  const intervals = seenForTenMinutes()
  intervals.lose(10 * minute, 30 * minute)
  intervals.seeAbsent(9 * minute, 29 * minute)
  assert.equal(intervals.seenMs(10 * minute, 30 * minute), 0)
  intervals.seeAbsent(9 * minute, 31 * minute)
  assert.equal(intervals.seenMs(10 * minute, 31 * minute), minute)
  const alone = seenForTenMinutes()
  alone.seeAbsent(10 * minute, 30 * minute)
  assert.equal(alone.seenMs(0, 30 * minute), 30 * minute)
})

function staleAfterMs(intervalMs: number): number {
  const intervals = new SeenIntervals()
  intervals.see(0, intervalMs)
  intervals.see(intervalMs, 2 * intervalMs)
  return intervals.staleAfterMs
}

test('a table knows which of its rows have gaps, whatever was told and in whatever order', () => {
  const table = new SeenTable()
  const rows = Array.from({ length: 3 }, () => new SeenIntervals(table))
  const drawn = fc.record({ row: fc.nat(2), what: fc.nat(3), from: fc.nat(60), length: fc.nat(20) })
  fc.assert(
    fc.property(fc.array(drawn), (tellings) => {
      for (const { row, what, from, length } of tellings) {
        const [start, end] = [from * minute, (from + length) * minute]
        if (what === 0) rows[row].lose(start, end)
        else if (what === 1) rows[row].seeAgain(start, end)
        else rows[row].see(start, end)
      }
      const withGaps = rows.filter(({ gaps }) => gaps.length > 0).map(({ base }) => base)
      assert.deepEqual(
        [...table.withGaps.keys()].sort((a, b) => a - b),
        withGaps,
      )
    }),
  )
})
