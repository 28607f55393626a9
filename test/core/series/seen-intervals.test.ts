import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { SeenIntervals } from '../../../src/core/series/seen-intervals.ts'
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

function staleAfterMs(intervalMs: number): number {
  const intervals = new SeenIntervals()
  intervals.see(0, intervalMs)
  intervals.see(intervalMs, 2 * intervalMs)
  return intervals.staleAfterMs
}
