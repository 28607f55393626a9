import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { histogramBucketsMax } from '../../../src/core/model/limits.ts'
import { countAtMost, type NativeHistogram } from '../../../src/core/sli/native-histogram.ts'
import { nativeHistogramIn } from '../../../src/ingest/prometheus-api/native-answer.ts'
import { answeredHistogram } from '../../support/ingest-native-answer.ts'

const none = { offset: 0, counts: [] }
const counts = fc.array(fc.nat({ max: 50 }), { maxLength: 30 })

const exponential: fc.Arbitrary<NativeHistogram> = fc
  .record({
    schema: fc.integer({ min: -4, max: 8 }),
    place: fc.double({ min: -200, max: 200, noNaN: true }),
    positive: counts,
    negative: counts,
    zeroThreshold: fc.constantFrom(0, 1e-128, 0.001),
    zeroCount: fc.nat({ max: 5 }),
  })
  .map(({ schema, place, positive, negative, zeroThreshold, zeroCount }) => {
    const offset = Math.round(place * 2 ** schema)
    const sides = { positive: { offset, counts: positive }, negative: { offset: offset + 1, counts: negative } }
    const count = [zeroCount, ...positive, ...negative].reduce((sum, each) => sum + each)
    return { schema, count, sum: 1.5 * count, zeroThreshold, zeroCount, ...sides }
  })

const custom: fc.Arbitrary<NativeHistogram> = fc
  .record({
    bounds: fc.uniqueArray(fc.integer({ min: -20, max: 1_000 }), { minLength: 1, maxLength: 20 }),
    drawn: fc.array(fc.nat({ max: 50 }), { minLength: 21, maxLength: 21 }),
  })
  .map(({ bounds, drawn }) => {
    const customBounds = bounds.map((bound) => bound / 7).sort((a, b) => a - b)
    const own = drawn.slice(0, customBounds.length + 1)
    const count = own.reduce((sum, each) => sum + each)
    const positive = { offset: 0, counts: own }
    return { schema: -53, count, sum: 1, zeroThreshold: 0, zeroCount: 0, positive, negative: none, customBounds }
  })

test('the bounds of buckets tell the schema: what is counted up to any bound is what the histogram itself says', () => {
  fc.assert(
    fc.property(exponential, fc.double({ min: -3, max: 3, noNaN: true }), (histogram, distance) => {
      const read = nativeHistogramIn(answeredHistogram(histogram))
      assert.ok(read !== undefined)
      assert.deepEqual([read.count, read.sum], [histogram.count, histogram.sum])
      const { schema, positive } = histogram
      // Where a side has no event it is as if it were not there, which is only of matter inside the bucket around zero.
      fc.pre(
        [histogram.positive, histogram.negative].every((side) => side.counts.length === 0 || side.counts.some(Boolean)),
      )
      const near = 2 ** ((positive.offset + distance) * 2 ** -schema)
      for (const bound of [near, -near, 2 ** (positive.offset * 2 ** -schema), 0, 1e-4, Number.POSITIVE_INFINITY]) {
        const a = countAtMost(read, bound)
        const b = countAtMost(histogram, bound)
        assert.ok(
          Math.abs(a.events - b.events) <= 1e-9 * Math.max(1, b.events),
          `${a.events} and ${b.events} up to ${bound}`,
        )
        assert.equal(a.uncertain, b.uncertain)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('with bounds of its own it counts the same as well, between them in proportion', () => {
  fc.assert(
    fc.property(custom, fc.double({ min: -4, max: 150, noNaN: true }), (histogram, between) => {
      const read = nativeHistogramIn(answeredHistogram(histogram))
      assert.ok(read !== undefined)
      for (const bound of histogram.customBounds ?? []) {
        assert.equal(countAtMost(read, bound).events, countAtMost(histogram, bound).events)
      }
      const [a, b] = [countAtMost(read, between), countAtMost(histogram, between)]
      // Bounds that happen to be those of a schema are read as it; inside a bucket either is an estimate.
      assert.ok(Math.abs(a.events - b.events) <= (read.customBounds === undefined ? a.uncertain : 1e-9))
    }),
    { numRuns: 1_000 },
  )
})

test('a histogram without events has none up to any bound', () => {
  const read = nativeHistogramIn({ count: '0', sum: '0' })
  assert.ok(read !== undefined)
  assert.deepEqual(countAtMost(read, 1), { events: 0, uncertain: 0 })
})

test('the bucket beyond the greatest number is one', () => {
  const greatest = String(Number.MAX_VALUE)
  const read = nativeHistogramIn({
    count: '3',
    sum: 'NaN',
    buckets: [
      [0, '1', '2', '1'],
      [0, greatest, '+Inf', '2'],
    ],
  })
  assert.ok(read !== undefined)
  assert.equal(read.schema, 0)
  assert.deepEqual(read.positive.offset + read.positive.counts.length, 1_026)
  assert.equal(countAtMost(read, Number.MAX_VALUE).events, 1)
})

test('what is too far apart for as many buckets as are allowed is read at a lower resolution, not refused', () => {
  const far = { schema: 8, count: 2, sum: 0, zeroThreshold: 0, zeroCount: 0, negative: none }
  const at = (offset: number) =>
    answeredHistogram({ ...far, count: 1, positive: { offset, counts: [1] } }).buckets ?? []
  const read = nativeHistogramIn({ count: '2', sum: '0', buckets: [...at(-100_000), ...at(100_000)] })
  assert.ok(read !== undefined)
  assert.ok(read.positive.counts.length <= histogramBucketsMax)
  assert.equal(read.schema, 3)
  assert.deepEqual(countAtMost(read, 1), { events: 1, uncertain: 0 })
})

for (const [what, value] of [
  ['no object', [1]],
  ['no count', { sum: '1' }],
  ['a count that is no number', { count: 'many', sum: '1' }],
  ['buckets that are no list', { count: '1', sum: '1', buckets: {} }],
  ['a bucket that is no list', { count: '1', sum: '1', buckets: [1] }],
  ['a bucket without its events', { count: '1', sum: '1', buckets: [[0, '1', '2']] }],
  ['a bucket that ends before it begins', { count: '1', sum: '1', buckets: [[0, '2', '1', '1']] }],
  ['fewer events than none', { count: '1', sum: '1', buckets: [[0, '1', '2', '-1']] }],
  [
    'buckets that overlap',
    {
      count: '2',
      sum: '1',
      buckets: [
        [0, '1', '3', '1'],
        [0, '2', '4', '1'],
      ],
    },
  ],
] as const) {
  test(`${what} is no histogram`, () => assert.equal(nativeHistogramIn(value), undefined))
}
