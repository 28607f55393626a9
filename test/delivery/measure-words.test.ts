import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measure, Notification } from '../../src/core/model/notification.ts'
import { wordingOf } from '../../src/delivery/wording.ts'
import { aNotification, firedAt } from '../support/delivery-messages.ts'

const spent = { since: firedAt, bad: 150_000, ofBudget: 0.0579 }
const traffic = { perSecond: 812, usualPerSecond: 790 }

function told(measure: Measure | undefined, changes: Partial<Notification> = {}) {
  const { verdict, facts } = wordingOf(
    aNotification({ ...(measure === undefined ? {} : { measure }), spent, traffic, ...changes }),
  )
  const factOf = (wanted: string): string | undefined => facts.find(({ name }) => name === wanted)?.text
  const said = { incident: factOf('This incident'), budget: factOf('Error budget') ?? '', traffic: factOf('Traffic') }
  return { failing: verdict.failing, counts: facts[0], ...said }
}

test('requests fail, and are what a message speaks of that does not say what is counted', () => {
  const words = told({ kind: 'requests' })
  assert.deepEqual(words, told(undefined))
  assert.equal(words.failing, '9.1 % of requests fail')
  assert.deepEqual(words.counts, {
    name: 'Failed requests',
    text: '22,168 of 243,600 (5m) · 53,200 of 2,923,200 (1h)',
  })
  assert.equal(words.incident, '150,000 requests failed · 5.8 % of the budget spent')
  assert.match(words.budget, /^61\.3 % left \(1\.29 M requests\)/)
  assert.equal(words.traffic, '812 requests/s, usually 790')
})

test('requests that are too slow did not fail, and the bound is named', () => {
  const words = told({ kind: 'slow', aboveMs: 300 })
  assert.equal(words.failing, '9.1 % of requests take longer than 300ms')
  assert.equal(words.counts.name, 'Slow requests')
  assert.equal(words.incident, '150,000 requests took longer than 300ms · 5.8 % of the budget spent')
})

test('milliseconds of a value out of bounds are time, not requests, and not traffic', () => {
  const words = told({ kind: 'time' })
  assert.equal(words.failing, '9.1 % of the time it is out of bounds')
  assert.deepEqual(words.counts, { name: 'Out of bounds', text: '22s of 4m3s (5m) · 53s of 48m (1h)' })
  assert.equal(words.incident, '2m30s out of bounds · 5.8 % of the budget spent')
  assert.match(words.budget, /^61\.3 % left \(21m\)/)
  assert.equal(words.traffic, undefined)
})

test('slices of time are counted as slices', () => {
  const words = told({ kind: 'slices', sliceMs: 60_000 }, { spent: { ...spent, bad: 1 } })
  assert.equal(words.failing, '9.1 % of the slices of 1m are bad')
  assert.equal(words.counts.name, 'Bad slices')
  assert.equal(words.incident, '1 slice of 1m bad · 5.8 % of the budget spent')
  assert.equal(words.traffic, undefined)
})

test('where there are shares only no counts are told', () => {
  const words = told({ kind: 'shares' })
  assert.equal(words.failing, '9.1 % fails')
  assert.deepEqual(words.counts, { name: 'Failed share', text: '9.1 % (5m) · 1.8 % (1h)' })
  assert.equal(words.incident, '5.8 % of the budget spent')
  assert.doesNotMatch(words.budget, /\(1/)
})

test('nothing to judge is said in the words of what is counted', () => {
  const short = { bad: 0, total: 0, errorRatio: null, burnRate: null }
  const nothing = (measure: Measure): string => told(measure, { short }).failing
  assert.equal(nothing({ kind: 'requests' }), 'No requests in the last 5m')
  assert.equal(nothing({ kind: 'time' }), 'Nothing was measured in the last 5m')
  assert.equal(nothing({ kind: 'slices', sliceMs: 60_000 }), 'No slice could be judged in the last 5m')
  assert.equal(nothing({ kind: 'shares' }), 'Nothing was counted in the last 5m')
})
