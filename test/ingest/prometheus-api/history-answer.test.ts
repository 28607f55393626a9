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
    { metric: { __name__: 'h' }, histograms: [[1_767_225_600, { count: '1' }]] },
  )
  const read = parseHistoryAnswer(200, body)
  assert.ok(read.kind === 'series')
  assert.equal(read.samples, 3)
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
  ['a page of HTML', 200, '<html>', 'failed', /no JSON of a query API/],
] as const) {
  test(`books nothing of ${what}`, () => {
    const read = parseHistoryAnswer(status, body)
    assert.ok(read.kind === 'unknown')
    assert.equal(read.outcome, outcome)
    assert.match(read.reason, reason)
  })
}

test('never throws, whatever JSON is answered', () => {
  holdsForAll(
    fc.property(fc.json(), fc.anything(), (text, value) => {
      parseHistoryAnswer(200, text)
      parseHistoryAnswer(200, matrix(value))
      parseHistoryAnswer(200, matrix({ metric: value, values: [value] }))
    }),
    500,
  )
})
