import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { holdMs, nextHoldLevel } from '../../../src/core/evidence/hold-level.ts'
import { excessEvidence } from '../../../src/core/evidence/ticket-evidence.ts'
import { standardEvidence } from '../../../src/core/model/evidence-settings.ts'

const { hold } = standardEvidence
const minute = 60_000

test('an alert that comes again within the hour stays open longer each time, up to twenty minutes', () => {
  const levels = [0]
  for (let time = 0; time < 5; time++) levels.push(nextHoldLevel(levels[time], 1_000, 1_000 + 59 * minute, hold))
  assert.deepEqual(levels, [0, 1, 2, 3, 4, 4])
  assert.deepEqual(
    levels.map((level) => holdMs(level, hold) / minute),
    [0, 5, 10, 20, 20, 20],
  )
})

test('one that stayed away for an hour begins anew', () => {
  assert.equal(nextHoldLevel(3, 0, 60 * minute, hold), 0)
  assert.equal(nextHoldLevel(3, Number.NEGATIVE_INFINITY, 0, hold), 0)
})

test('how long and how soon are for the policy to say', () => {
  const own = { forMs: [minute, 2 * minute], againWithinMs: 3 * 60 * minute }
  assert.equal(nextHoldLevel(0, 0, 2 * 60 * minute, own), 1)
  assert.equal(nextHoldLevel(1, 0, 2 * 60 * minute, own), 1)
  assert.equal(nextHoldLevel(1, 0, 3 * 60 * minute, own), 0)
  assert.deepEqual(
    [0, 1, 7].map((level) => holdMs(level, own)),
    [minute, 2 * minute, 2 * minute],
  )
})

test('the evidence for a ticket is the log of a ratio of two binomial likelihoods', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (total, share) => {
      const bad = Math.round(share * total)
      const expected =
        bad / total <= 0.001 ? 0 : logLikelihood(bad, total, bad / total) - logLikelihood(bad, total, 0.001)
      const got = excessEvidence({ bad, total }, 0.001)
      assert.ok(Math.abs(got - expected) <= 1e-6 * Math.max(1, expected), `${got} ${expected}`)
    }),
  )
})

test('no events and events within the objective are no evidence', () => {
  assert.equal(excessEvidence({ bad: 0, total: 0 }, 0.001), 0)
  assert.equal(excessEvidence({ bad: 1, total: 1_000 }, 0.001), 0)
  assert.equal(excessEvidence({ bad: 2, total: 2 }, 0.001), 2 * Math.log(1_000))
})

function logLikelihood(bad: number, total: number, ratio: number): number {
  const ofBad = bad === 0 ? 0 : bad * Math.log(ratio)
  return ofBad + (bad === total ? 0 : (total - bad) * Math.log(1 - ratio))
}
