import assert from 'node:assert/strict'
import { test } from 'node:test'
import { budgetWindow } from '../../src/engine/budget-window.ts'

const hour = 3_600_000

test('the event time that ends a calendar window belongs to it, and the next moment to the one after', () => {
  const window = budgetWindow({ kind: 'calendar', unit: 'month', timeZone: 'Europe/London' })
  const april = Date.UTC(2026, 2, 31, 23)
  const march = { start: Date.UTC(2026, 2, 1), lengthMs: (31 * 24 - 1) * hour }
  assert.deepEqual(window.periodAt(april), march, 'clocks went forward in March')
  assert.deepEqual(window.periodAt(april + 1), { start: april, lengthMs: 30 * 24 * hour })
  assert.deepEqual([window.beginsAt(april), window.beginsAt(april + 1)], [true, false])
  const february = budgetWindow({ kind: 'calendar', unit: 'month', timeZone: 'UTC' })
  assert.equal(february.periodAt(Date.UTC(2028, 2, 1)).lengthMs, 29 * 24 * hour, 'a leap year')
})

test('a rolling window ends at the moment that is asked about, and begins at none', () => {
  const window = budgetWindow({ kind: 'rolling', durationMs: 30 * hour })
  assert.deepEqual(window.periodAt(100 * hour), { start: 70 * hour, lengthMs: 30 * hour })
  assert.equal(window.beginsAt(70 * hour), false)
})
