import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { budgetState, timeToExhaustionMs } from '../../../src/core/budget/error-budget.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const day = 86_400_000

test('spent budget rises with every bad event and is not clamped when it is overspent', () => {
  holdsForAll(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.nat(),
      fc.double({ min: 1e-6, max: 0.5, noNaN: true }),
      (total, seed, budget) => {
        const bad = seed % total
        const less = budgetState({ bad, total }, budget * total)
        const more = budgetState({ bad: bad + 1, total }, budget * total)
        assert.ok((more.consumed ?? 0) > (less.consumed ?? 0))
        assert.equal(more.remaining, 1 - (more.consumed ?? 0))
      },
    ),
  )
  assert.equal(budgetState({ bad: 2, total: 1_000 }, 1).remaining, -1)
})

test('without events the budget is unknown, not spent and not whole', () => {
  assert.deepEqual(budgetState({ bad: 0, total: 0 }, 0), { sli: null, consumed: null, remaining: null })
})

test('a full budget lasts the window at burn rate 1 and a thousandth of it at 1,000', () => {
  assert.equal(timeToExhaustionMs(1, 1, 30 * day), 30 * day)
  assert.equal(timeToExhaustionMs(1, 1_000, 30 * day), 2_592_000)
  assert.equal(timeToExhaustionMs(0.5, 10, 30 * day), 1.5 * day)
})

test('there is no time to exhaustion when nothing burns, nothing is left or nothing is known', () => {
  for (const [remaining, burn] of [
    [1, 0],
    [0, 1],
    [-0.5, 1],
    [null, 1],
    [1, null],
  ] as const) {
    assert.equal(timeToExhaustionMs(remaining, burn, day), null)
  }
})
