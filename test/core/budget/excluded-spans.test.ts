import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excludedSpans, joined, lengthOf } from '../../../src/core/budget/excluded-spans.ts'
import { type Exclusion, matchesSubject } from '../../../src/core/model/exclusion.ts'
import { anExclusion } from '../../support/exclusion.ts'

const hour = 3_600_000

const checkout = { slo: 'checkout', service: 'shop', region: 'eu' }

test('stretches that overlap or touch become one, cut to what is asked for', () => {
  const spans = joined(
    [
      { from: 5, to: 9 },
      { from: 1, to: 3 },
      { from: 3, to: 4 },
      { from: 8, to: 20 },
    ],
    2,
    12,
  )
  assert.deepEqual(spans, [
    { from: 2, to: 4 },
    { from: 5, to: 12 },
  ])
  assert.equal(lengthOf(spans), 9)
})

function of(one: Exclusion): number {
  return excludedSpans([one], [checkout], 0, 24 * hour).length
}

test('leaves out only what is to be excluded, for whom it is', () => {
  assert.equal(of(anExclusion()), 1)
  assert.equal(of(anExclusion({ excludeFromBudget: false })), 0)
  assert.equal(of(anExclusion({ matches: { slos: ['other'], services: [], regions: [] } })), 0)
  assert.equal(of(anExclusion({ matches: { slos: ['checkout'], services: ['shop'], regions: ['eu'] } })), 1)
  assert.equal(of(anExclusion({ matches: { slos: [], services: [], regions: ['us'] } })), 0)
})

function named(slos: string[]): Exclusion {
  return anExclusion({ matches: { slos, services: [], regions: [] } })
}

test('the name of an SLO stands for all of its groups, an id for one', () => {
  const group = { ...checkout, slo: 'checkout{tenant="a"}' }
  assert.ok(matchesSubject(named(['checkout']), group))
  assert.ok(matchesSubject(named(['checkout{tenant="a"}']), group))
  assert.ok(!matchesSubject(named(['checkout{tenant="b"}']), group))
})
