import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCounters } from '../../../src/core/sli/parse-counters.ts'
import { eventsOf } from '../../../src/core/sli/promql-selector.ts'

function asked(text: string): string {
  const read = parseCounters(text)
  assert.ok(read.kind === 'parsed')
  return eventsOf(read.expression, 300_000)
}

test('sums what each counter gained', () => {
  assert.equal(asked('a_total{x="1"}'), 'sum(increase(a_total{x="1"}[5m]))')
  assert.equal(asked('-a_total + b_total'), '-sum(increase(a_total[5m])) + sum(increase(b_total[5m]))')
})

test('finds a bucket however its bound is spelled', () => {
  assert.equal(asked('a_bucket{le="1"}'), 'sum(increase(a_bucket{le=~"1(\\\\.0)?"}[5m]))')
  assert.equal(asked('a_bucket{le!="1.0"}'), 'sum(increase(a_bucket{le!~"1(\\\\.0)?"}[5m]))')
  assert.equal(asked('a_bucket{le="0.3"}'), 'sum(increase(a_bucket{le="0.3"}[5m]))')
})
