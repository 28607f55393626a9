import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as assertProperty, double, option, property, record } from 'fast-check'
import { budgetForecast } from '../../../../src/web/ui/browser/budget-forecast.ts'
import type { RangeJson } from '../../../../src/web/ui/browser/slo-answers.ts'

const now = { at: 1_000_000, value: 0.5 }
const nothing: RangeJson = { low: null, expected: null, high: null }
const always = Number.MAX_VALUE

test('goes straight to where the budget is spent', () => {
  const secondsToExhaustion = { low: 100, expected: 200, high: 400 }
  const { low, expected, high, until } = budgetForecast(detail({ secondsToExhaustion }), now, always)
  assert.deepEqual(
    [low.at(-1), expected.at(-1), high.at(-1)],
    [
      { at: 1_000_100, value: 0 },
      { at: 1_000_200, value: 0 },
      { at: 1_000_400, value: 0 },
    ],
  )
  assert.deepEqual([expected[0], until], [now, 1_000_400])
})

test('goes to what is left at the end of a calendar window, or one rolling window from now', () => {
  const remainingAtEnd = { low: 0.1, expected: 0.2, high: 0.3 }
  const calendar = budgetForecast(detail({ remainingAtEnd, endsAt: 1_000_500 }), now, always)
  assert.deepEqual(calendar.expected.at(-1), { at: 1_000_500, value: 0.2 })
  const rolling = budgetForecast(detail({ remainingAtEnd }), now, always)
  assert.deepEqual(rolling.expected.at(-1), { at: 1_002_000, value: 0.2 })
})

test('is cut where the chart ends, on the same line', () => {
  const { expected } = budgetForecast(detail({ secondsToExhaustion: { ...nothing, expected: 200 } }), now, now.at + 50)
  assert.deepEqual(expected.at(-1), { at: now.at + 50, value: 0.375 })
})

test('draws nothing where nothing is forecast, nor after the budget is spent', () => {
  const guess = budgetForecast(detail({}), now, always)
  assert.deepEqual([guess.low, guess.expected, guess.high, guess.until], [[], [], [], now.at])
  const spent = budgetForecast(
    detail({ remainingAtEnd: { low: -2, expected: -1, high: 0 } }),
    { ...now, value: -0.1 },
    always,
  )
  assert.deepEqual(spent.expected, [])
})

test('for all forecasts: lines begin now, never rise above what is left or forecast, and end by the moment asked for', () => {
  const part = option(double({ min: 0, max: 5_000, noNaN: true }))
  const share = option(double({ min: -3, max: 1, noNaN: true }))
  const drawn = record({
    secondsToExhaustion: record({ low: part, expected: part, high: part }),
    remainingAtEnd: record({ low: share, expected: share, high: share }),
    ahead: double({ min: 0, max: 5_000, noNaN: true }),
  })
  assertProperty(
    property(drawn, ({ ahead, ...forecast }) => {
      const { low, expected, high, until } = budgetForecast(detail(forecast), now, now.at + ahead)
      assert.ok(until >= now.at && until <= now.at + ahead)
      for (const line of [low, expected, high]) {
        assert.ok(line.length === 0 || line[0] === now)
        assert.ok(line.every(({ value }) => value >= 0 && value <= 1))
      }
    }),
  )
})

function detail(
  forecast: Partial<{ secondsToExhaustion: RangeJson; remainingAtEnd: RangeJson; endsAt: number | null }>,
): Parameters<typeof budgetForecast>[0] {
  return {
    forecast: {
      secondsToExhaustion: nothing,
      remainingAtEnd: nothing,
      endsAt: null,
      basis: { overSeconds: 3_600, bad: 10, total: 100 },
      ...forecast,
    },
    budget: {
      start: now.at - 1_000,
      lengthSeconds: 2_000,
      seenSeconds: 1_000,
      allowed: 10,
      excluded: { bad: 0, total: 0 },
    },
  }
}
