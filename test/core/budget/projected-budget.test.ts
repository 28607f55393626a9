import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { budgetState } from '../../../src/core/budget/error-budget.ts'
import { wholeBudget } from '../../../src/core/budget/projected-budget.ts'

const day = 86_400_000

test('a window that was seen as a whole allows what its own events allow', () => {
  const whole = wholeBudget([{ budget: 0.001, total: 8_640_000, lengthMs: 30 * day, seenMs: 30 * day }])
  assert.equal(whole.projectedTotal, 8_640_000)
  const { consumed, remaining } = budgetState({ bad: 900, total: 8_640_000 }, whole.allowed)
  assert.ok(Math.abs((consumed ?? 0) - 900 / 8_640) < 1e-12)
  assert.ok(Math.abs((remaining ?? 0) - (1 - 900 / 8_640)) < 1e-12)
})

test('ten minutes of a total outage in the first hour spend what they would in a full month', () => {
  const perMs = 10
  const seenMs = 3_600_000
  const whole = wholeBudget([{ budget: 0.001, total: perMs * seenMs, lengthMs: 30 * day, seenMs }])
  const bad = perMs * 600_000
  const { consumed } = budgetState({ bad, total: perMs * seenMs }, whole.allowed)
  assert.ok(Math.abs((consumed ?? 0) - 600_000 / (0.001 * 30 * day)) < 1e-9)
})

test('each part of the window allows by the objective of its time', () => {
  const whole = wholeBudget([
    { budget: 0.01, total: 1_000, lengthMs: 10 * day, seenMs: 10 * day },
    { budget: 0.001, total: 1_000, lengthMs: 20 * day, seenMs: 10 * day },
  ])
  assert.ok(Math.abs(whole.allowed - (0.01 * 1_000 + 0.001 * 2_000)) < 1e-12)
  assert.equal(whole.projectedTotal, 3_000)
})

test('without events nothing is known, and nothing is NaN or infinite whatever there was', () => {
  assert.deepEqual(budgetState({ bad: 0, total: 0 }, wholeBudget([]).allowed), {
    sli: null,
    consumed: null,
    remaining: null,
  })
  const amount = fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e12, noNaN: true }))
  fc.assert(
    fc.property(
      amount,
      amount,
      amount,
      fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
      (total, lengthMs, seenMs, badShare) => {
        const whole = wholeBudget([{ budget: 1e-6, total, lengthMs, seenMs: Math.min(seenMs, lengthMs) }])
        const { consumed, remaining, sli } = budgetState({ bad: badShare * total, total }, whole.allowed)
        for (const figure of [consumed, remaining, sli, whole.allowed]) {
          assert.ok(figure === null || Number.isFinite(figure), `${figure}`)
        }
      },
    ),
  )
})
