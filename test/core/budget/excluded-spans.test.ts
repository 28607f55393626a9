import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excludedSpans, joined, lengthOf } from '../../../src/core/budget/excluded-spans.ts'
import { type Exclusion, matchesSubject } from '../../../src/core/model/exclusion.ts'
import { isMuted } from '../../../src/core/paging/muted.ts'

const hour = 3_600_000

function anExclusion(overrides: Partial<Exclusion> = {}): Exclusion {
  return {
    id: 'a',
    matches: { slos: [], services: [], regions: [] },
    schedule: { kind: 'once', from: 10 * hour, to: 12 * hour },
    mute: true,
    excludeFromBudget: true,
    author: 'ada',
    reason: 'upgrade',
    at: null,
    ...overrides,
  }
}

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

test('mutes while it lasts, from its begin to its end, and only where it says so', () => {
  const one = anExclusion({ excludeFromBudget: false })
  assert.ok(!isMuted([one], checkout, 10 * hour - 1))
  assert.ok(isMuted([one], checkout, 10 * hour))
  assert.ok(isMuted([one], checkout, 12 * hour - 1))
  assert.ok(!isMuted([one], checkout, 12 * hour))
  assert.ok(!isMuted([anExclusion({ mute: false })], checkout, 11 * hour))
})

test('maintenance of one region mutes no alert of all regions together', () => {
  const regional = anExclusion({ matches: { slos: [], services: [], regions: ['eu'] } })
  assert.ok(isMuted([regional], checkout, 11 * hour))
  assert.ok(!isMuted([regional], { ...checkout, region: 'global' }, 11 * hour))
  assert.ok(isMuted([anExclusion()], { ...checkout, region: 'global' }, 11 * hour))
})
