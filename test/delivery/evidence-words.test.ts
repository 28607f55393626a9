import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FiredEvidence } from '../../src/core/model/alert.ts'
import { evidenceWords, ruleWords } from '../../src/delivery/evidence-words.ts'

const rule = { longMs: 3_600_000, shortMs: 300_000, burnRate: 14.4 }
const year = 365 * 86_400_000
const evidence: FiredEvidence = {
  since: Date.UTC(2026, 0, 1, 10, 3),
  bad: 14,
  total: 30,
  unit: 'events',
  allowed: 0.03,
  odds: 6.3e7,
  chanceOnceInMs: year,
  again: 0,
}

test('a page says what failed, what was allowed, and how often chance alone does that', () => {
  assert.equal(
    evidenceWords({ ...rule, because: 'burn', evidence }),
    '14 of 30 requests failed since 2026-01-01 10:03 UTC where 0.03 were allowed; chance alone would do this less than once in a year',
  )
  assert.match(
    evidenceWords({ ...rule, because: 'burn', evidence: { ...evidence, chanceOnceInMs: 7.39 * year } }) ?? '',
    /less than once in 7 years$/,
  )
})

test('what judges time speaks of minutes, and a page that came back says so', () => {
  const minutes: FiredEvidence = { ...evidence, unit: 'minutes', bad: 3.25, total: 4, allowed: 0.004, again: 2 }
  assert.equal(
    evidenceWords({ ...rule, because: 'burn', evidence: minutes }),
    '3.3 of 4 minutes were bad since 2026-01-01 10:03 UTC where 0.004 were allowed; chance alone would do this less than once in a year; it came back 2 times, within an hour each time',
  )
})

test('a ticket says how much likelier its failures are', () => {
  const ticket: FiredEvidence = {
    ...evidence,
    chanceOnceInMs: null,
    odds: 25_321,
    bad: 1_234,
    total: 98_765,
    allowed: 98.765,
  }
  assert.equal(
    evidenceWords({ ...rule, because: 'burn', evidence: ticket }),
    '1,234 of 98,765 requests failed since 2026-01-01 10:03 UTC where 99 were allowed; that is 25,000 times likelier at this ratio than within the objective',
  )
  assert.match(
    evidenceWords({ ...rule, because: 'burn', evidence: { ...ticket, odds: 1e20 } }) ?? '',
    /over a million times likelier/,
  )
})

test('a dark region says since when, and what was expected of it', () => {
  const dark: FiredEvidence = { ...evidence, bad: 206, total: 206, odds: null, chanceOnceInMs: null }
  assert.equal(
    evidenceWords({ ...rule, because: 'dark-region', evidence: dark }),
    'nothing was seen since 2026-01-01 10:03 UTC; 206 requests were expected',
  )
})

test('the rule that held is named, whichever part of it did', () => {
  assert.equal(ruleWords(rule), 'above 14.4× over both 1h and 5m')
  assert.equal(ruleWords({ ...rule, because: 'burn', evidence }), 'above 14.4× over both 1h and 5m')
  assert.equal(
    ruleWords({ ...rule, because: 'budget-share', evidence }),
    'above 14.4× over 5m, and a burn of 14.4× for 1h is spent in events',
  )
  assert.equal(
    ruleWords({ ...rule, because: 'dark-region', evidence }),
    'the region cannot be seen, and at worst all of it fails',
  )
})

test('a plain rule says nothing of evidence', () => {
  assert.equal(evidenceWords(rule), undefined)
})
