import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { column } from '../../../src/core/evidence/evidence-table.ts'
import { forgetEvidence, hasCrossed, strongestEvidence } from '../../../src/core/evidence/step-evidence.ts'
import { eachStep, Row, stepMs, terms } from './row.ts'

/** How many failures in a row, each alone in its step, complete the evidence. */
function failuresNeeded(row: Row, clumped: boolean): number {
  for (let failures = 1; failures < 1_000; failures++) {
    row.step(0, 1, eachStep, clumped)
    if (row.cell(column.crossedAt) === row.at) return failures
  }
  return Number.NaN
}

test('a service that fails completely is evident after three requests, and after four where a year is asked for', () => {
  assert.equal(failuresNeeded(new Row(), false), 3)
  const ofAYear = terms(0.001, 6, { falseAlarmEveryMs: 365 * 86_400_000 })
  assert.equal(failuresNeeded(new Row(ofAYear), false), 4)
})

test('however many fail in one step of a small service, it takes three steps', () => {
  const row = new Row()
  row.step(0, 1_000, eachStep, true)
  row.step(0, 1_000, eachStep, true)
  assert.equal(row.cell(column.crossedAt), Number.NEGATIVE_INFINITY)
  row.step(0, 1_000, eachStep, true)
  assert.equal(row.cell(column.crossedAt), row.at)
})

test('in bursts it takes three stretches of five minutes', () => {
  const row = new Row()
  const bursts = { worth: 1, lengthMs: 300_000 }
  let steps = 0
  for (; row.cell(column.crossedAt) !== row.at; steps++) row.step(0, 100, bursts, true)
  // It begins on a stretch of its own: two whole ones, and the first step of the third.
  assert.equal(steps, 41)
})

test('failures that the objective allows twice over are no evidence', () => {
  const row = new Row()
  for (let step = 0; step < 5_000; step++) row.step(998, 2)
  assert.ok(row.evidence.every((value) => value < 1))
})

test('evidence knows since when it has been piling up', () => {
  const row = new Row()
  for (let step = 0; step < 10; step++) row.step(100, 0)
  const before = row.at
  for (let step = 0; step < 4; step++) row.step(10, 10)
  const { strength, since } = strongestEvidence(row.table, row.base, row.terms)
  assert.equal(since, before)
  assert.ok(strength >= row.terms.needed)
  assert.ok(hasCrossed(row.table, row.base, row.at, 0))
})

test('a page that ended needs evidence of its own', () => {
  const row = new Row()
  for (let step = 0; step < 4; step++) row.step(10, 10)
  row.table.cells[row.base + column.clearedAt] = row.at
  forgetEvidence(row.table, row.base)
  assert.equal(hasCrossed(row.table, row.base, row.at, 3_600_000), false)
  assert.deepEqual(strongestEvidence(row.table, row.base, row.terms).strength, 0)
})

test('a scope that is well changes nothing in its row', () => {
  const row = new Row()
  for (let step = 0; step < 100; step++) row.step(1_000, 0)
  const cells = row.table.cells.slice()
  row.table.commit()
  row.step(1_000, 0)
  row.step(0, 0)
  assert.deepEqual(row.table.cells, cells)
})

const counts = fc.record({ good: fc.nat(2_000), bad: fc.oneof(fc.constant(0), fc.nat(30)) })

test('good events in one step weigh as much as in many', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 40 }), fc.nat(20), (goods, bad) => {
      const many = new Row()
      const one = new Row()
      many.step(0, bad)
      one.step(0, bad)
      for (const good of goods) many.step(good, 0)
      one.step(
        goods.reduce((a, b) => a + b, 0),
        0,
      )
      for (const [index, value] of one.evidence.entries()) assert.ok(Math.abs(value - many.evidence[index]) < 1e-9)
    }),
  )
})

test('every weight is the plain likelihood ratio, summed and never below nothing', () => {
  const ratios = [0.004, 0.0144, 0.05, 0.2, 0.7]
  fc.assert(
    fc.property(fc.array(counts, { maxLength: 60 }), fc.constantFrom(1, 0.5, 0.2), (steps, worth) => {
      const row = new Row()
      const naive = ratios.map(() => 0)
      for (const { good, bad } of steps) {
        row.step(good, bad, { worth, lengthMs: stepMs })
        for (const [index, ratio] of ratios.entries()) {
          const likelihood = bad * Math.log(ratio) + good * Math.log(1 - ratio)
          const underNull = bad * Math.log(0.002) + good * Math.log(0.998)
          naive[index] = Math.min(row.terms.max, Math.max(0, naive[index] + (likelihood - underNull) * worth))
        }
      }
      for (const [index, value] of naive.entries()) assert.ok(Math.abs(value - row.evidence[index]) < 1e-6)
    }),
  )
})

test('recovery is the likelihood ratio of the objective against six times it, within bounds', () => {
  fc.assert(
    fc.property(fc.array(counts, { maxLength: 60 }), (steps) => {
      const row = new Row()
      let naive = 0
      for (const { good, bad } of steps) {
        row.step(good, bad)
        if (good + bad === 0) continue
        const added = good * Math.log(0.999 / 0.994) + bad * Math.log(0.001 / 0.006)
        naive = Math.min(2 * Math.log(100), Math.max(0, naive + added))
      }
      assert.ok(Math.abs(naive - row.cell(column.recovery)) < 1e-6)
    }),
  )
})

test('10¹² events, an objective of 99.9999 % and no event at all stay numbers', () => {
  const row = new Row(terms(1e-6, 1))
  for (const [good, bad] of [
    [1e12, 0],
    [0, 0],
    [1e12, 1e6],
    [0, 1e12],
    [1e12, 0],
  ]) {
    row.step(good, bad)
    assert.ok(row.evidence.every(Number.isFinite))
    assert.ok(Number.isFinite(row.cell(column.recovery)))
  }
})
