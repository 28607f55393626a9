import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { countAtMost, type NativeBuckets, type NativeHistogram } from '../../../src/core/sli/native-histogram.ts'

const noBuckets: NativeBuckets = { offset: 0, counts: [] }

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

function aHistogram(parts: Partial<NativeHistogram> = {}): NativeHistogram {
  const all = { schema: 0, sum: 0, zeroThreshold: 0, zeroCount: 0, positive: noBuckets, negative: noBuckets, ...parts }
  return { ...all, count: parts.count ?? all.zeroCount + total(all.positive.counts) + total(all.negative.counts) }
}

test('the median of the histogram in the documentation of Prometheus is where half of its events lie', () => {
  // (0.5, 1]: 1, (1, 2]: 2, (2, 4]: 1; histogram_quantile(0.5, …) is the square root of 2 there.
  const histogram = aHistogram({ positive: { offset: 0, counts: [1, 2, 1] } })
  const { events, uncertain } = countAtMost(histogram, Math.SQRT2)
  assert.ok(Math.abs(events - 2) < 1e-12)
  assert.equal(uncertain, 2)
})

test('a bound that is a bucket bound is exact, in every schema', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -4, max: 8 }),
      fc.integer({ min: -300, max: 300 }),
      fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 }),
      fc.nat(40),
      (schema, offset, counts, place) => {
        const bucket = offset + Math.min(place, counts.length - 1)
        const bound = 2 ** (bucket * 2 ** -schema)
        fc.pre(Number.isFinite(bound) && bound > 1e-300)
        const histogram = aHistogram({ schema, positive: { offset, counts } })
        const expected = counts.slice(0, bucket - offset + 1).reduce((sum, count) => sum + count, 0)
        assert.deepEqual(countAtMost(histogram, bound), { events: expected, uncertain: 0 })
      },
    ),
  )
})

test('inside a bucket the error is less than the events said to be uncertain', () => {
  const values = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(
      fc.integer({ min: -4, max: 8 }),
      values,
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      (schema, drawn, bound) => {
        const { events, uncertain } = countAtMost(bucketed(schema, drawn), bound)
        const truth = drawn.filter((value) => value <= bound).length
        assert.ok(Math.abs(events - truth) <= uncertain, `${events} ± ${uncertain} is not ${truth}`)
      },
    ),
  )
})

test('more is at most a larger bound, and all at most infinity', () => {
  const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 100 })
  const bounds = fc.tuple(
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  )
  fc.assert(
    fc.property(fc.integer({ min: -4, max: 8 }), values, bounds, (schema, drawn, [one, other]) => {
      const histogram = bucketed(schema, drawn, 1e-3)
      const [low, high] = [Math.min(one, other), Math.max(one, other)]
      assert.ok(countAtMost(histogram, low).events <= countAtMost(histogram, high).events + 1e-9)
      assert.deepEqual(countAtMost(histogram, Number.POSITIVE_INFINITY), { events: drawn.length, uncertain: 0 })
    }),
  )
})

test('negative values lie below zero, the larger ones first', () => {
  // [−2, −1): 3, [−1, −0.5): 1
  const histogram = aHistogram({ negative: { offset: 0, counts: [1, 3] } })
  assert.deepEqual(countAtMost(histogram, -1), { events: 3, uncertain: 0 })
  assert.deepEqual(countAtMost(histogram, 0), { events: 4, uncertain: 0 })
  const { events, uncertain } = countAtMost(histogram, -Math.SQRT2)
  assert.ok(Math.abs(events - 1.5) < 1e-12)
  assert.equal(uncertain, 3)
})

test('the zero bucket is cut evenly: from zero on where all other values are positive', () => {
  const zero = { zeroThreshold: 0.01, zeroCount: 10 }
  const positive = { offset: 0, counts: [5] }
  assert.deepEqual(countAtMost(aHistogram({ ...zero, positive }), 0.005), { events: 5, uncertain: 10 })
  assert.deepEqual(countAtMost(aHistogram({ ...zero, positive }), -0.005), { events: 0, uncertain: 0 })
  assert.deepEqual(countAtMost(aHistogram(zero), 0), { events: 5, uncertain: 10 })
  const negative = { offset: 0, counts: [5] }
  assert.deepEqual(countAtMost(aHistogram({ ...zero, negative }), -0.005), { events: 10, uncertain: 10 })
  assert.deepEqual(countAtMost(aHistogram({ zeroCount: 3, positive }), 0), { events: 3, uncertain: 0 })
})

test('buckets with bounds of their own are cut evenly, the first from zero on, and of the last none is known to be below', () => {
  const customBounds = [0.1, 0.5, 1]
  const histogram = aHistogram({ schema: -53, customBounds, positive: { offset: 0, counts: [10, 20, 30, 40] } })
  assert.deepEqual(countAtMost(histogram, 0.5), { events: 30, uncertain: 0 })
  assert.deepEqual(countAtMost(histogram, 0.3), { events: 20, uncertain: 20 })
  assert.deepEqual(countAtMost(histogram, 0.05), { events: 5, uncertain: 10 })
  assert.deepEqual(countAtMost(histogram, 2), { events: 60, uncertain: 40 })
  assert.deepEqual(countAtMost(histogram, Number.POSITIVE_INFINITY), { events: 100, uncertain: 0 })
})

test('what is not a number stays so, and is never taken for a count', () => {
  const histogram = aHistogram({ positive: { offset: 0, counts: [1, Number.NaN] } })
  assert.ok(Number.isNaN(countAtMost(histogram, 2).events))
  assert.ok(Number.isNaN(countAtMost(aHistogram(), Number.NaN).events))
  assert.deepEqual(countAtMost(aHistogram(), 1), { events: 0, uncertain: 0 })
})

/** Puts values into buckets one by one. */
function bucketed(schema: number, values: readonly number[], zeroThreshold = 0): NativeHistogram {
  const place = (value: number) => Math.ceil(Math.log2(value) * 2 ** schema)
  const buckets = (own: readonly number[]): NativeBuckets => {
    if (own.length === 0) return noBuckets
    const places = own.map(place)
    const offset = Math.min(...places)
    const counts = Array.from({ length: Math.max(...places) - offset + 1 }, () => 0)
    for (const each of places) counts[each - offset]++
    return { offset, counts }
  }
  const isZero = (value: number) => Math.abs(value) <= zeroThreshold
  return aHistogram({
    schema,
    zeroThreshold,
    zeroCount: values.filter(isZero).length,
    positive: buckets(values.filter((value) => value > 0 && !isZero(value))),
    negative: buckets(values.filter((value) => value < 0 && !isZero(value)).map((value) => -value)),
  })
}
