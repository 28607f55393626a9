import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  burnRate,
  errorBudget,
  errorRatio,
  errorRatioLimit,
  exceeds,
  isReachable,
  lowestReachableObjective,
  ruleBurnRate,
} from '../../../src/core/budget/burn-rate.ts'
import { parseDecimal, type Rational, rational, toNumber } from '../../../src/core/model/rational.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const hour = 3_600_000
const day = 24 * hour

const objective = fc
  .record({ parts: fc.integer({ min: 1, max: 99_999 }), of: fc.constantFrom(100_000n) })
  .map(({ parts, of }) => rational(BigInt(parts), of))
const burn = fc.integer({ min: 1, max: 100_000 }).map((hundredths) => rational(BigInt(hundredths), 100n))

test('an alert is above its limit exactly when whole-number arithmetic says so, ties and neighbours included', () => {
  const nearTheLimit = fc.record({
    total: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    offset: fc.integer({ min: -2, max: 2 }),
  })
  holdsForAll(
    fc.property(objective, burn, nearTheLimit, (target, rate, { total, offset }) => {
      const limit = errorRatioLimit(rate, target)
      const { numerator, denominator } = limit.exact
      const bad = Number((BigInt(total) * numerator) / denominator) + offset
      if (bad < 0 || !Number.isSafeInteger(bad)) return
      assert.equal(exceeds(bad, total, limit), BigInt(bad) * denominator > numerator * BigInt(total))
    }),
    5_000,
  )
})

test('the same holds far from the limit', () => {
  holdsForAll(
    fc.property(objective, burn, fc.nat(1e12), fc.integer({ min: 1, max: 1e12 }), (target, rate, bad, total) => {
      const limit = errorRatioLimit(rate, target)
      const { numerator, denominator } = limit.exact
      assert.equal(exceeds(bad, total, limit), BigInt(bad) * denominator > numerator * BigInt(total))
    }),
    1_000,
  )
})

test('exactly on the threshold is not above it, although doubles would say so', () => {
  const limit = errorRatioLimit(rational(144n, 10n), rational(999n, 1_000n))
  assert.equal(exceeds(144, 10_000, limit), false)
  assert.equal(exceeds(145, 10_000, limit), true)
  const tight = errorRatioLimit(rational(1n, 1n), rational(9n, 10n))
  assert.equal(1 - 0.9 < 0.1, true, 'the budget in doubles is below a tenth')
  assert.equal(exceeds(1, 10, tight), false)
})

test('a service in fractions of events, exactly on its threshold but for rounding, does not fire', () => {
  const limit = errorRatioLimit(rational(1n, 1n), rational(999n, 1_000n))
  assert.equal(exceeds(0.1 + 0.2, 300, limit), false)
  assert.equal(exceeds(0.4, 300, limit), true)
})

test('no events are never too many', () => {
  const limit = errorRatioLimit(rational(1n, 1n), rational(999n, 1_000n))
  assert.equal(exceeds(0, 0, limit), false)
  assert.equal(exceeds(0, 100, limit), false)
})

test('the burn rate is linear in the error ratio, and 1 at exactly the budget', () => {
  holdsForAll(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: 1, max: 1e6 }),
      fc.nat(100),
      (bad, good, factor) => {
        const total = bad + good
        const budget = bad / total
        assert.equal(burnRate({ bad, total }, budget), 1)
        const scaled = burnRate({ bad: bad * factor, total }, budget)
        assert.ok(scaled !== null && Math.abs(scaled - factor) <= 1e-12 * factor)
      },
    ),
  )
})

test('without events there is neither an error ratio nor a burn rate', () => {
  assert.equal(errorRatio({ bad: 0, total: 0 }), null)
  assert.equal(burnRate({ bad: 0, total: 0 }, 0.001), null)
  assert.equal(errorRatio({ bad: 1, total: 4 }), 0.25)
})

test('a budget share becomes the burn rate of the workbook, scaled to any SLO window', () => {
  const rate = (budget: string, longMs: number, windowDays: number) =>
    toNumber(
      ruleBurnRate(
        { severity: 'page', longMs, shortMs: longMs / 12, threshold: { budgetShare: decimal(budget) } },
        windowDays * day,
      ),
    )
  assert.deepEqual([rate('0.02', hour, 30), rate('0.05', 6 * hour, 30)], [14.4, 6])
  assert.deepEqual([rate('0.1', day, 30), rate('0.1', 3 * day, 30)], [3, 1])
  assert.deepEqual([rate('0.02', hour, 28), rate('0.05', 6 * hour, 28), rate('0.1', day, 28)], [13.44, 5.6, 2.8])
  assert.deepEqual([rate('0.02', hour, 7), rate('0.05', 6 * hour, 7), rate('0.1', day, 7)], [3.36, 1.4, 0.7])
  assert.deepEqual([rate('0.02', hour, 90), rate('0.1', 3 * day, 90)], [43.2, 3])
})

test('a burn rate given as such is taken as it is', () => {
  const rule = { severity: 'page', longMs: hour, shortMs: hour / 12, threshold: { burnRate: decimal('7.5') } } as const
  assert.deepEqual(ruleBurnRate(rule, 30 * day), decimal('7.5'))
})

test('the error budget of 99.9 % is a thousandth exactly', () => {
  assert.deepEqual(errorBudget(decimal('0.999')), { numerator: 1n, denominator: 1_000n })
})

test('a limit of 100 % bad events or more can never be exceeded', () => {
  assert.equal(isReachable(errorRatioLimit(decimal('14.4'), decimal('0.93'))), false)
  assert.equal(isReachable(errorRatioLimit(decimal('14.4'), decimal('0.931'))), true)
  const lowest = lowestReachableObjective(decimal('14.4'))
  assert.equal(toNumber(lowest).toFixed(5), '0.93056')
  assert.equal(isReachable(errorRatioLimit(decimal('14.4'), lowest)), false)
})

function decimal(text: string): Rational {
  const value = parseDecimal(text)
  assert.ok(value)
  return value
}
