import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type QueryUnit, queryUnit } from '../../../src/core/sli/query-unit.ts'

const queries: readonly (readonly [string, QueryUnit])[] = [
  ['sum(rate(http_requests_total{code=~"5.."}[$window]))', 'per-second'],
  ['sum(increase(http_requests_total[$window]))', 'per-window'],
  ['sum by (job) (\n  # increase(\n  rate(a_total[$window])\n)', 'per-second'],
  ['SUM(INCREASE(a_total[$window]))', 'per-window'],
  ['increase(a_total{path="rate("}[$window])', 'per-window'],
  ["rate(a_total{path='increase('}[$window])", 'per-second'],
  ['rate(a_total{path=`increase(`}[$window])', 'per-second'],
  ['sum_over_time((rate(a_total[5m]) > bool 3)[$window:])', 'per-window'],
  ['count_over_time((probe_success == 0)[$window:])', 'per-window'],
  ['avg_over_time(job:requests:rate5m[$window])', 'per-second'],
  ['sum(avg_over_time(job:requests:increase5m[$window]))', 'per-second'],
  ['histogram_count(rate(latency[$window]))', 'per-second'],
  ['my_increase(a[$window])', 'per-second'],
  ['', 'per-second'],
]
for (const [query, unit] of queries) {
  test(`${JSON.stringify(query)} answers events ${unit.replace('-', ' ')}`, () => {
    assert.equal(queryUnit(query), unit)
  })
}
