import assert from 'node:assert/strict'
import { test } from 'node:test'
import { standardEvidence } from '../../../src/core/model/evidence-settings.ts'
import { terms } from './row.ts'

const day = 86_400

test('what is needed is the logarithm of steps between false alarms, scopes and burn rates weighed', () => {
  assert.ok(Math.abs(terms().needed - Math.log(((7 * day) / 15) * 6 * 5)) < 1e-12)
  // The figure that the research gives for six scopes and a year.
  assert.equal(terms(0.001, 6, { falseAlarmEveryMs: 365 * day * 1_000 }).needed.toFixed(2), '17.96')
})

test('the burn rates weighed scale with the budget, and an error ratio beyond 70 % is not weighed', () => {
  const { perBad, perGood, nullRatio } = terms()
  assert.equal(nullRatio, 0.002)
  assert.deepEqual(
    [...perBad].map((value) => Math.exp(value).toFixed(6)),
    ['2.000000', '7.200000', '25.000000', '100.000000', '350.000000'],
  )
  assert.ok(perGood.every((value) => value < 0))
  const hundredfold = terms(0.01)
  // 200 and 700 times 1 % are both more than everything, and become one.
  assert.deepEqual(
    [...hundredfold.perBad].map((value) => Math.exp(value).toFixed(4)),
    ['2.0000', '7.2000', '25.0000', '35.0000'],
  )
})

test('every constant has its part in the terms', () => {
  const evidence = terms(0.001, 6, { nullBurnRate: 1.5, burnRates: [3, 30] })
  assert.equal(evidence.nullRatio, 0.0015)
  assert.deepEqual(
    [...evidence.perBad].map((value) => Math.exp(value).toFixed(6)),
    ['2.000000', '20.000000'],
  )
  const { clumps } = standardEvidence
  const { clumpRoom, needed } = terms(0.001, 6, { clumps: { ...clumps, needed: 4 } })
  assert.equal(clumpRoom, needed / 4)
  const { recoveryNeeded, recoveryPerGood, recoveryPerBad } = terms(0.001, 6, {
    recovery: { burnRate: 8, odds: 1_000 },
  })
  assert.equal(recoveryNeeded, Math.log(1_000))
  assert.equal(recoveryPerGood, Math.log(0.999 / 0.992))
  assert.equal(recoveryPerBad, Math.log(1 / 8))
})

for (const budget of [1e-9, 1e-6, 1e-4, 0.001, 0.05, 0.1, 0.25, 0.5, 0.9, 0.999]) {
  test(`every term is a number of the right sign at a budget of ${budget}`, () => {
    const made = terms(budget)
    assert.ok(made.perBad.length >= 1)
    assert.ok([...made.perBad].every((value) => value > 0 && Number.isFinite(value)))
    assert.ok([...made.perGood].every((value) => value < 0 && Number.isFinite(value)))
    assert.ok(made.nullRatio > 0 && made.nullRatio < 1)
    assert.ok(made.recoveryPerGood > 0 && Number.isFinite(made.recoveryPerGood))
    assert.ok(made.recoveryPerBad < 0 && Number.isFinite(made.recoveryPerBad))
  })
}
