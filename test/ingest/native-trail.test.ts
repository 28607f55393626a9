import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { countAtMost, type NativeHistogram } from '../../src/core/sli/native-histogram.ts'
import { atSchema, NativeTrail } from '../../src/ingest/native-trail.ts'

/** A histogram of values at a resolution, bucket by bucket. */
function histogramOf(values: readonly number[], schema: number): NativeHistogram {
  const indices = values.map((value) => Math.ceil(Math.log2(value) * 2 ** schema - 1e-9))
  const offset = Math.min(0, ...indices)
  const counts = Array.from({ length: Math.max(0, ...indices) - offset + 1 }, () => 0)
  for (const index of indices) counts[index - offset]++
  const none = { offset: 0, counts: [] }
  return {
    schema,
    count: values.length,
    sum: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: { offset, counts },
    negative: none,
  }
}

const values = fc.array(fc.double({ min: 0.01, max: 50, noNaN: true }), { maxLength: 40 })

test('a lower resolution counts the same events, as if it had been measured with it', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: -2, max: 5 }), fc.integer({ min: 0, max: 4 }), (seen, schema, steps) => {
      const coarse = atSchema(histogramOf(seen, schema + steps), schema)
      const direct = histogramOf(seen, schema)
      for (let power = -8; power <= 8; power++) {
        const bound = 2 ** (power / 2 ** schema)
        assert.equal(countAtMost(coarse, bound).events, countAtMost(direct, bound).events)
      }
    }),
  )
})

test('counts never fall while a sender halves its resolution, and end at a bound of a bucket where they must', () => {
  const steps = fc.array(fc.tuple(values, fc.nat({ max: 2 })), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(steps, (rounds) => {
      const trail = new NativeTrail([0.3, 1, 3])
      let seen: number[] = []
      let schema = 6
      let before: readonly number[] = [0, 0, 0]
      for (const [more, down] of rounds) {
        seen = [...seen, ...more]
        schema -= down
        const events = trail.eventsAtMost(histogramOf(seen, schema), 1_000)
        for (const [index, count] of events.entries())
          assert.ok(count >= (before[index] ?? 0) - 1e-9, `${count} after ${before[index]}`)
        assert.ok(Math.abs((events[1] ?? 0) - seen.filter((value) => value <= 1).length) < 1e-9)
        before = events
      }
    }),
  )
})

test('without it they would fall: one event moves from below a bound to above it', () => {
  const fine = histogramOf([0.26], 5)
  const coarse = histogramOf([0.26], -2)
  assert.ok(countAtMost(fine, 0.3).events > countAtMost(coarse, 0.3).events)
})

test('a histogram that started at another time stands for itself', () => {
  const trail = new NativeTrail([0.3])
  trail.eventsAtMost(histogramOf([0.26, 0.26], 5), 1_000)
  trail.eventsAtMost(histogramOf([0.26, 0.26], -2), 1_000)
  const own = countAtMost(histogramOf([0.26], -2), 0.3).events
  assert.deepEqual(trail.eventsAtMost(histogramOf([0.26], -2), 9_000), [own])
})

test('a late histogram of a higher resolution is read at the lower one that came since', () => {
  const trail = new NativeTrail([1])
  trail.eventsAtMost(histogramOf([0.5, 2], 4), 1_000)
  trail.eventsAtMost(histogramOf([0.5, 0.5, 2, 40], 1), 1_000)
  assert.deepEqual(trail.eventsAtMost(histogramOf([0.5, 2, 2], 4), 1_000), [1])
})
