import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRegex } from '../../../src/core/sli/compile-regex.ts'
import { parseCounters } from '../../../src/core/sli/parse-counters.ts'
import { rangesOf } from '../../../src/ingest/prometheus-api/raw-ranges.ts'

function ranges(made: readonly string[], ...selectors: readonly string[]): readonly string[] {
  const parsed = selectors.map((text) => {
    const result = parseCounters(text)
    assert.ok(result.kind === 'parsed')
    return result.expression.terms[0].selector
  })
  return rangesOf(parsed, 60_000, new Set(made))
}

test('each selector is asked once, without conditions on labels that are made here', () => {
  assert.deepEqual(ranges(['service'], 'requests_total{service="shop",code="500"}', 'requests_total{code="500"}'), [
    'requests_total{code="500"}[1m]',
  ])
})

test('what may be of a histogram is asked as the histogram too, all of one histogram together', () => {
  const asked = ranges(
    [],
    'lat_seconds_bucket{job="a",le="0.3"}',
    'lat_seconds_count{job="a"}',
    'lat_seconds_sum{job="a"}',
  )
  assert.deepEqual(asked, [
    '{__name__=~"lat_seconds|lat_seconds_count|lat_seconds_sum",job="a"}[1m]',
    'lat_seconds_bucket{job="a",le="0.3"}[1m]',
  ])
})

test('several bounds of one histogram are one question; conditions that differ are another', () => {
  assert.deepEqual(ranges([], 'lat_bucket{le="0.25"}', 'lat_bucket{le="0.5"}', 'lat_bucket{le="0.5",code="200"}'), [
    'lat[1m]',
    'lat_bucket{le=~"0\\\\.25|0\\\\.5"}[1m]',
    'lat{code="200"}[1m]',
    'lat_bucket{code="200",le="0.5"}[1m]',
  ])
})

for (const [bound, ways, others] of [
  ['1', ['1', '1.0'], ['10', '1.00', '1x0']],
  ['1000000', ['1000000', '1000000.0', '1e+06'], ['1e06', '100000']],
  ['0.00001', ['0.00001', '1e-05'], ['1e-5', '0.0001']],
  ['+Inf', ['+Inf'], ['Inf', '+Inf.0']],
] as const) {
  test(`the bucket ${bound} is found however its bound is written`, () => {
    const [, asked = ''] = ranges([], `lat_bucket{le="${bound}"}`)
    const [, operator, quoted = ''] = /le(=~?)("(?:[^"\\]|\\.)*")/.exec(asked) ?? []
    const text = String(JSON.parse(quoted))
    const regex = compileRegex(operator === '=' ? '' : text)
    assert.ok(regex.kind === 'compiled')
    const isAsked = (le: string) => (operator === '=' ? le === text : regex.matches(le))
    for (const way of ways) assert.ok(isAsked(way), way)
    for (const other of others) assert.ok(!isAsked(other), other)
  })
}

for (const selector of ['{__name__=~"lat_.*"}', 'lat_bucket', 'lat_bucket{le=~"0.5|1"}', 'lat_count{le="1"}']) {
  test(`${selector} is asked as it stands`, () => assert.deepEqual(ranges([], selector), [`${selector}[1m]`]))
}
