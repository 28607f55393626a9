import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseHistoryAnswer } from '../../../src/ingest/prometheus-api/history-answer.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const answer = (data: unknown, more = {}) => JSON.stringify({ status: 'success', data, ...more })
const matrix = (...result: unknown[]) => answer({ resultType: 'matrix', result })

test('reads raw samples as they were scraped', () => {
  const body = matrix(
    {
      metric: { __name__: 'a', x: '1' },
      values: [
        [1_767_225_600.123, '7'],
        [1_767_225_615, '+Inf'],
        [1_767_225_630, 'NaN'],
      ],
    },
    {
      metric: { __name__: 'h' },
      histograms: [[1_767_225_600.5, { count: '3', sum: '2.5', buckets: [[0, '0.5', '1', '3']] }]],
    },
  )
  const read = parseHistoryAnswer(200, body)
  assert.ok(read.kind === 'series')
  assert.equal(read.samples, 5, 'three numbers, and a histogram with one bucket')
  const [series, histogram] = read.series
  assert.deepEqual(
    [...series.labels],
    [
      ['__name__', 'a'],
      ['x', '1'],
    ],
  )
  assert.deepEqual(series.timesMs, [1_767_225_600_123, 1_767_225_615_000, 1_767_225_630_000])
  assert.deepEqual(series.values, [7, Number.POSITIVE_INFINITY, Number.NaN])
  assert.deepEqual(histogram.timesMs, [])
  const [{ timeMs, histogram: native }] = histogram.histograms
  assert.equal(timeMs, 1_767_225_600_500)
  assert.deepEqual([native.count, native.sum, native.schema, native.positive], [3, 2.5, 0, { offset: 0, counts: [3] }])
})

for (const [what, status, body, outcome, reason] of [
  ['a vector', 200, answer({ resultType: 'vector', result: [] }), 'failed', /answered a vector/],
  [
    'an error',
    422,
    '{"status":"error","errorType":"execution","error":"too many samples"}',
    'failed',
    /422: execution: too many samples/,
  ],
  [
    'a part',
    200,
    answer({ resultType: 'matrix', result: [] }, { warnings: ['a store is away'] }),
    'partial',
    /a store is away/,
  ],
  ['a sample that is none', 200, matrix({ metric: {}, values: [[1]] }), 'failed', /without labels or samples/],
  ['a label that is no text', 200, matrix({ metric: { a: 1 }, values: [] }), 'failed', /without labels or samples/],
  ['a value that is no number', 200, matrix({ metric: {}, values: [[1, 'x']] }), 'failed', /without labels or samples/],
  [
    'a histogram that is none',
    200,
    matrix({ metric: {}, histograms: [[1, {}]] }),
    'failed',
    /without labels or samples/,
  ],
  ['a page of HTML', 200, '<html>', 'failed', /no JSON of a query API/],
] as const) {
  test(`books nothing of ${what}`, () => {
    const read = parseHistoryAnswer(status, body)
    assert.ok(read.kind === 'unknown')
    assert.equal(read.outcome, outcome)
    assert.match(read.reason, reason)
  })
}

test('histograms whose few buckets lie far apart take no more room than is allowed', () => {
  // Each is some hundred bytes of JSON, and thousands of buckets with the empty ones between.
  const buckets = [0, 7_600].map((place) => [0, boundOf(place), boundOf(place + 1), '1'])
  const sample = [1, { count: '2', sum: '1', buckets }]
  const read = parseHistoryAnswer(200, matrix({ metric: {}, histograms: Array.from({ length: 5_000 }, () => sample) }))
  assert.ok(read.kind === 'unknown')
  assert.equal(read.limit, 'historyBucketsMax')
  const few = parseHistoryAnswer(200, matrix({ metric: {}, histograms: [sample] }))
  assert.ok(few.kind === 'series' && few.samples > 7_000)
})

test('never throws, whatever JSON is answered', () => {
  holdsForAll(
    fc.property(fc.json(), fc.anything(), (text, value) => {
      parseHistoryAnswer(200, text)
      parseHistoryAnswer(200, matrix(value))
      parseHistoryAnswer(200, matrix({ metric: value, values: [value] }))
      parseHistoryAnswer(200, matrix({ metric: {}, histograms: [[1, value]] }))
      parseHistoryAnswer(200, matrix({ metric: {}, histograms: [[1, { count: '1', sum: '1', buckets: value }]] }))
    }),
    500,
  )
})

function boundOf(place: number): string {
  return String(2 ** (place / 256))
}
