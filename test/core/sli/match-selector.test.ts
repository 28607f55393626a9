import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsOf } from '../../../src/core/model/labels.ts'
import type { Matcher } from '../../../src/core/model/selector.ts'
import { compileMatchers, selectsEverything } from '../../../src/core/sli/match-selector.ts'
import { parseCounters } from '../../../src/core/sli/parse-counters.ts'

const series = labelsOf([
  ['__name__', 'http_requests_total'],
  ['job', 'checkout'],
  ['code', '503'],
])

test('accepts a series only when every matcher holds', () => {
  assert.equal(accepts('http_requests_total{job="checkout",code=~"5.."}'), true)
  assert.equal(accepts('http_requests_total{job="checkout",code=~"4.."}'), false)
  assert.equal(accepts('http_requests_total{job!="checkout"}'), false)
  assert.equal(accepts('http_requests_total{code!~"5.."}'), false)
  assert.equal(accepts('other_total{job="checkout"}'), false)
})

test('takes a label that is absent for the empty text', () => {
  assert.equal(accepts('{region="",job="checkout"}'), true)
  assert.equal(accepts('{region!="eu",job="checkout"}'), true)
  assert.equal(accepts('{region=~"eu|",job="checkout"}'), true)
  assert.equal(accepts('{region!=""}'), false)
  assert.equal(accepts('{region=~".+"}'), false)
})

test('names the matcher whose regular expression is not valid', () => {
  const wrong: Matcher = { label: 'a', operator: '=~', value: '[' }
  const compiled = compileMatchers([{ label: 'b', operator: '=', value: '' }, wrong])
  assert.equal(compiled.kind, 'failed')
  assert.equal(compiled.matcher, wrong)
})

test('tells selectors that restrict nothing from those that do', () => {
  for (const text of [
    '{}',
    '{a=""}',
    '{a!="x"}',
    '{a=~".*"}',
    '{a!~"x"}',
    '{__name__=~".+"}',
    '{__name__!="",b=~"x?"}',
  ]) {
    assert.equal(selectsEverything(matchersOf(text)), true, text)
  }
  for (const text of ['a', '{a="x"}', '{a!=""}', '{a=~".+"}', '{__name__=~".+_total"}', '{b=~".*",c=~"x|y"}']) {
    assert.equal(selectsEverything(matchersOf(text)), false, text)
  }
})

function accepts(text: string): boolean {
  const compiled = compileMatchers(matchersOf(text))
  assert.equal(compiled.kind, 'compiled')
  return compiled.matches(series)
}

function matchersOf(text: string): readonly Matcher[] {
  const result = parseCounters(text)
  assert.equal(result.kind, 'parsed')
  return result.expression.terms[0].selector.matchers
}
