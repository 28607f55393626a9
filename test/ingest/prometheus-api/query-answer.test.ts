import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseQueryAnswer, type QueryAnswer } from '../../../src/ingest/prometheus-api/query-answer.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

function vector(...values: readonly string[]): object {
  const result = values.map((value) => ({ metric: {}, value: [1_767_225_600, value] }))
  return { status: 'success', data: { resultType: 'vector', result } }
}

/** What is answered, with which status, and what is made of it: a number, `empty`, or the outcome and why. */
const answers: readonly (readonly [
  string,
  number,
  object | string,
  QueryAnswer | readonly ['partial' | 'failed', RegExp],
])[] = [
  ['one series', 200, vector('12.5'), { kind: 'number', value: 12.5 }],
  ['a number in scientific notation', 200, vector('1.5e-05'), { kind: 'number', value: 1.5e-5 }],
  ['a negative number', 200, vector('-1'), { kind: 'number', value: -1 }],
  [
    'a scalar',
    200,
    { status: 'success', data: { resultType: 'scalar', result: [1, '3'] } },
    { kind: 'number', value: 3 },
  ],
  ['no series', 200, vector(), { kind: 'empty' }],
  [
    'remarks that are no warnings',
    200,
    { ...vector('1'), infos: ['metric might not be a counter'] },
    { kind: 'number', value: 1 },
  ],
  ['an empty list of warnings', 200, { ...vector('1'), warnings: [] }, { kind: 'number', value: 1 }],
  [
    'a warning',
    200,
    { ...vector('1'), warnings: ['store-2: connection refused'] },
    ['partial', /^store-2: connection refused$/],
  ],
  ['a partial answer of VictoriaMetrics', 200, { ...vector('1'), isPartial: true }, ['partial', /in part/]],
  ['a warning with no series', 200, { ...vector(), warnings: ['x'] }, ['partial', /^x$/]],
  ['no number', 200, vector('NaN'), ['failed', /answered NaN, where a number is needed/]],
  ['infinity', 200, vector('+Inf'), ['failed', /answered \+Inf/]],
  ['nothing for a value', 200, vector(''), ['failed', /where a number is needed/]],
  ['several series', 200, vector('1', '2'), ['failed', /answered 2 series.*sum/]],
  [
    'a histogram',
    200,
    { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, histogram: [1, {}] }] } },
    ['failed', /histogram, where a number is needed: histogram_count/],
  ],
  ['a matrix', 200, { status: 'success', data: { resultType: 'matrix', result: [] } }, ['failed', /answered a matrix/]],
  [
    'a string',
    200,
    { status: 'success', data: { resultType: 'string', result: [1, '5'] } },
    ['failed', /answered a string/],
  ],
  ['no data', 200, { status: 'success' }, ['failed', /no data/]],
  [
    'a sample that is none',
    200,
    { status: 'success', data: { resultType: 'scalar', result: 5 } },
    ['failed', /no value/],
  ],
  [
    'an error',
    422,
    { status: 'error', errorType: 'execution', error: 'query timed out' },
    ['failed', /^HTTP 422: execution: query timed out$/],
  ],
  ['an error without words', 500, { status: 'error' }, ['failed', /^HTTP 500: without a reason$/]],
  ['a success with the status of a failure', 503, vector('1'), ['failed', /^HTTP 503/]],
  ['a page of HTML', 200, '<html>', ['failed', /no JSON of a query API/]],
  ['some other JSON', 200, '[1]', ['failed', /no JSON of a query API/]],
  ['nothing', 502, '', ['failed', /^HTTP 502$/]],
  ['a refusal', 401, 'Unauthorized', ['failed', /^HTTP 401: is the token right\?$/]],
  ['another server', 404, 'not found', ['failed', /^HTTP 404: is the URL right\?$/]],
]
for (const [what, status, body, expected] of answers) {
  test(`${what} is ${'kind' in expected ? expected.kind : expected[0]}`, () => {
    const answer = parseQueryAnswer(status, typeof body === 'string' ? body : JSON.stringify(body))
    if ('kind' in expected) return assert.deepEqual(answer, expected)
    assert.ok(answer.kind === 'unknown')
    assert.equal(answer.outcome, expected[0])
    assert.match(answer.reason, expected[1])
  })
}

test('whatever is answered, reading it does not throw, and a reason is short enough to be shown', () => {
  const bodies = fc.oneof(
    fc.string(),
    fc.json(),
    fc.anything().map((value) => JSON.stringify({ status: 'success', data: value })),
  )
  holdsForAll(
    fc.property(bodies, fc.integer({ min: 100, max: 599 }), (body, status) => {
      const answer = parseQueryAnswer(status, body)
      if (answer.kind === 'unknown') assert.ok(answer.reason.length <= 350)
      else assert.equal(status, 200)
    }),
    1_000,
  )
  const long = parseQueryAnswer(400, JSON.stringify({ status: 'error', error: 'x'.repeat(5_000) }))
  assert.ok(long.kind === 'unknown' && long.reason.length < 350)
})
