import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { histogramBucketsMax } from '../../../src/core/model/limits.ts'
import { readWriteRequest } from '../../../src/ingest/wire/remote-write-v1.ts'
import type { HistogramSample, Refusal } from '../../../src/ingest/wire/series-visitor.ts'
import { encodeWriteRequest, labelList, type WrittenHistogram } from '../../support/ingest-write-requests.ts'
import { remoteWriteRecorder } from '../../support/remote-write-recorder.ts'

function read(histogram: WrittenHistogram): HistogramSample | Refusal {
  const visitor = remoteWriteRecorder()
  const timeseries = [{ labels: labelList({ __name__: 'latency' }), histograms: [histogram] }]
  assert.equal(readWriteRequest(encodeWriteRequest({ timeseries }), visitor), undefined)
  return visitor.told[0].histograms[0]
}

function taken(histogram: WrittenHistogram): HistogramSample {
  const sample = read(histogram)
  assert.ok('histogram' in sample, JSON.stringify(sample))
  return sample
}

test('reads an integer histogram: spans with gaps, differences of counts', () => {
  const { timeMs, startMs, stale, histogram } = taken({
    countInt: 21,
    sum: 42.5,
    schema: 3,
    zeroThreshold: 1e-9,
    zeroCountInt: 2,
    positiveSpans: [
      { offset: -2, length: 2 },
      { offset: 3, length: 1 },
    ],
    positiveDeltas: [4, 1, -3],
    negativeSpans: [{ offset: 1, length: 2 }],
    negativeDeltas: [3, 2],
    timestamp: 1_767_225_600_000,
    startTimestamp: 1_767_225_000_000,
  })
  assert.deepEqual({ timeMs, startMs, stale }, { timeMs: 1_767_225_600_000, startMs: 1_767_225_000_000, stale: false })
  assert.deepEqual(histogram, {
    schema: 3,
    count: 21,
    sum: 42.5,
    zeroThreshold: 1e-9,
    zeroCount: 2,
    positive: { offset: -2, counts: [4, 5, 0, 0, 0, 2] },
    negative: { offset: 1, counts: [3, 5] },
  })
})

test('reads a float histogram, and one with bounds of its own', () => {
  const float = taken({
    countFloat: 3.5,
    sum: 1,
    schema: -4,
    zeroCountFloat: 0.5,
    positiveSpans: [{ offset: 0, length: 2 }],
    positiveCounts: [1.25, 1.75],
    timestamp: 5,
  })
  assert.deepEqual(float.histogram.positive, { offset: 0, counts: [1.25, 1.75] })
  assert.deepEqual([float.histogram.count, float.histogram.zeroCount, float.histogram.schema], [3.5, 0.5, -4])
  const custom = taken({
    countInt: 3,
    sum: 1,
    schema: -53,
    customValues: [0.1, 0.5, 1],
    positiveSpans: [{ offset: 1, length: 3 }],
    positiveDeltas: [1, 0, 0],
    timestamp: 5,
  })
  assert.deepEqual(custom.histogram.customBounds, [0.1, 0.5, 1])
  assert.deepEqual(custom.histogram.positive, { offset: 1, counts: [1, 1, 1] })
})

test('gives every bucket the count that protobufjs was given, whatever the spans', () => {
  const runs = fc.array(
    fc.record({ gap: fc.nat({ max: 5 }), counts: fc.array(fc.nat({ max: 1e6 }), { minLength: 1, maxLength: 5 }) }),
    { minLength: 1, maxLength: 6 },
  )
  fc.assert(
    fc.property(runs, fc.integer({ min: -50, max: 50 }), fc.boolean(), (parts, first, isFloat) => {
      const counts = parts.flatMap(({ counts: own }) => own)
      const spans = parts.map(({ gap, counts: own }, index) => ({
        offset: index === 0 ? first : gap,
        length: own.length,
      }))
      const deltas = counts.map((count, index) => count - (counts[index - 1] ?? 0))
      const written = isFloat ? { positiveCounts: counts } : { positiveDeltas: deltas }
      const { histogram } = taken({ sum: 0, positiveSpans: spans, ...written, timestamp: 1 })
      const dense = parts.flatMap(({ gap, counts: own }, index) => [
        ...Array<number>(index === 0 ? 0 : gap).fill(0),
        ...own,
      ])
      assert.deepEqual(histogram.positive, { offset: first, counts: dense })
    }),
    { numRuns: 300 },
  )
})

test('knows the end of a series by its sum, and a reset that its sender tells of', () => {
  const visitor = remoteWriteRecorder()
  const timeseries = [{ labels: labelList({ __name__: 'latency' }), histograms: [{ sum: 1234.5, timestamp: 5 }] }]
  const bytes = encodeWriteRequest({ timeseries })
  const view = new DataView(bytes.buffer)
  for (let at = 0; at + 8 <= bytes.length; at++) {
    if (view.getFloat64(at, true) === 1234.5) view.setBigUint64(at, 0x7ff0_0000_0000_0002n, true)
  }
  assert.equal(readWriteRequest(bytes, visitor), undefined)
  const [ended] = visitor.told[0].histograms
  assert.ok('histogram' in ended && ended.stale)
  assert.equal(taken({ sum: 1, countInt: 4, resetHint: 1, timestamp: 500 }).startMs, 499)
  assert.ok(Number.isNaN(taken({ sum: 1, countInt: 4, timestamp: 500 }).startMs))
})

/** What is refused, and a word of the reason. */
const refused: readonly (readonly [string, Partial<WrittenHistogram>, RegExp])[] = [
  ['a gauge histogram', { resetHint: 3 }, /gauge/],
  ['a schema that is not known', { schema: 9 }, /schema 9/],
  [
    'more counts than its spans say',
    { positiveSpans: [{ offset: 0, length: 1 }], positiveDeltas: [1, 1] },
    /not as many/,
  ],
  [
    'fewer counts than its spans say',
    { positiveSpans: [{ offset: 0, length: 3 }], positiveDeltas: [1, 1] },
    /not as many/,
  ],
  [
    'a gap that would fill the memory',
    {
      positiveSpans: [
        { offset: 0, length: 1 },
        { offset: 2_000_000_000, length: 1 },
      ],
      positiveDeltas: [1, 1],
    },
    new RegExp(`more than ${histogramBucketsMax} buckets`),
  ],
  ['bounds that do not rise', { schema: -53, customValues: [1, 1] }, /rise/],
]

for (const [what, histogram, pattern] of refused) {
  test(`refuses ${what}`, () => {
    const answer = read({ sum: 1, timestamp: 1, ...histogram })
    assert.ok('reason' in answer)
    assert.match(answer.detail, pattern)
  })
}
