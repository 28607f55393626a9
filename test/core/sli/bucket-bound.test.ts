import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { labelsOf } from '../../../src/core/model/labels.ts'
import type { Selector } from '../../../src/core/model/selector.ts'
import { bucketBound, formatBucketBound, neighbouringBounds, wantedBucket } from '../../../src/core/sli/bucket-bound.ts'
import { compileMatchers } from '../../../src/core/sli/match-selector.ts'
import { parseCounters } from '../../../src/core/sli/parse-counters.ts'
import { SelectorIndex } from '../../../src/core/sli/selector-index.ts'

test('reads a bucket bound as the number it is, however it is written', () => {
  for (const text of ['1', '1.0', '1.', '1e0', '+1', '01']) assert.equal(bucketBound(text), 1, text)
  for (const text of ['+Inf', 'Inf', 'inf', '+inf']) assert.equal(bucketBound(text), Number.POSITIVE_INFINITY, text)
  for (const text of ['', ' ', 'one', '0x1', '1s', '-Inf', 'NaN']) assert.equal(bucketBound(text), undefined, text)
})

test('writes a bound so that reading gives it back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: 0 }), (bound) => {
      assert.equal(bucketBound(formatBucketBound(bound)), bound)
    }),
  )
})

test('takes le="1" and le="1.0" for the same bucket, alone and among many selectors', () => {
  for (const [wanted, seen] of [
    ['1', '1.0'],
    ['1.0', '1'],
    ['0.5', '5e-1'],
    ['+Inf', 'Inf'],
  ]) {
    assert.equal(accepts(`x_bucket{le="${wanted}"}`, seen), true, `${wanted} ${seen}`)
    assert.equal(accepts(`x_bucket{le!="${wanted}"}`, seen), false, `${wanted} ${seen}`)
  }
  assert.equal(accepts('x_bucket{le="1"}', '1.5'), false)
  assert.equal(accepts('x_bucket{le=~"1"}', '1.0'), false)
  assert.equal(accepts('x_bucket{le=""}', '0'), false)
})

test('compares values of other labels as texts', () => {
  const other = selectorOf('x{shard="1"}')
  const compiled = compileMatchers(other.matchers)
  const labels = labelsOf([
    ['__name__', 'x'],
    ['shard', '1.0'],
  ])
  assert.equal(compiled.kind === 'compiled' && compiled.matches(labels), false)
})

test('tells which bucket of which histogram a selector asks for', () => {
  assert.deepEqual(wantedBucket(selectorOf('x_seconds_bucket{job="a",le="0.30"}')), {
    histogram: 'x_seconds',
    bound: 0.3,
  })
  for (const text of ['x_seconds_bucket', 'x_seconds_count{le="1"}', '{le="1"}', 'x_bucket{le=~"1"}']) {
    assert.equal(wantedBucket(selectorOf(text)), undefined, text)
  }
})

test('names the bounds on either side of one that a histogram does not have', () => {
  const seen = ['0.1', '0.25', '0.5', '1.0', '+Inf', 'what']
  assert.deepEqual(neighbouringBounds(seen, 1), { kind: 'exact' })
  assert.deepEqual(neighbouringBounds(seen, 0.3), { kind: 'between', below: 0.25, above: 0.5 })
  assert.deepEqual(neighbouringBounds(seen, 0.05), { kind: 'between', below: undefined, above: 0.1 })
  assert.deepEqual(neighbouringBounds(seen, 30), { kind: 'between', below: 1, above: Number.POSITIVE_INFINITY })
  assert.deepEqual(neighbouringBounds([], 1), { kind: 'between', below: undefined, above: undefined })
})

function accepts(selector: string, bound: string): boolean {
  const labels = labelsOf([
    ['__name__', 'x_bucket'],
    ['le', bound],
  ])
  const compiled = compileMatchers(selectorOf(selector).matchers)
  assert.equal(compiled.kind, 'compiled')
  const accepted = compiled.kind === 'compiled' && compiled.matches(labels)
  const index = new SelectorIndex<string>()
  index.add(selectorOf(selector), 'found')
  for (let other = 2; other < 20; other += 1) index.add(selectorOf(`x_bucket{le="${other}"}`), 'other')
  assert.equal(index.match(labels).includes('found'), accepted)
  return accepted
}

function selectorOf(text: string): Selector {
  const parsed = parseCounters(text)
  assert.equal(parsed.kind, 'parsed')
  if (parsed.kind !== 'parsed') throw new Error(text)
  return parsed.expression.terms[0].selector
}
