import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as assertProperty, constantFrom, integer, property } from 'fast-check'
import {
  budgetText,
  burnRateText,
  countText,
  momentText,
  objectiveText,
  sliText,
  spanText,
  unknown,
} from '../../../../src/web/ui/browser/figures.ts'

test('shows an objective as it was written', () => {
  assert.equal(objectiveText(0.999), '99.9 %')
  assert.equal(objectiveText(0.9995), '99.95 %')
  assert.equal(objectiveText(0.9), '90 %')
})

test('shows an SLI with two digits more than its objective', () => {
  assert.equal(sliText(0.999896, 0.999), '99.989 %')
  assert.equal(sliText(0.5, 0.9), '50.00 %')
  assert.equal(sliText(1, 0.999), '100.000 %')
})

test('does not lose a step to binary fractions', () => {
  assert.equal(sliText(0.999, 0.999), '99.900 %')
  assert.equal(sliText(0.9999, 0.9999), '99.9900 %')
})

test('says 100 % only when not one event was bad', () => {
  assertProperty(
    property(integer({ min: 1, max: 2 ** 40 }), constantFrom(0.9, 0.99, 0.999, 0.9999), (total, objective) => {
      assert.doesNotMatch(sliText((total - 1) / total, objective), /^100/)
    }),
  )
})

test('gives a budget its sign', () => {
  assert.equal(budgetText(0.896), '89.6 %')
  assert.equal(budgetText(-0.169), '−16.9 %')
  assert.equal(budgetText(0), '0.0 %')
})

test('shows a burn rate with about three digits', () => {
  assert.equal(burnRateText(0), '0.00×')
  assert.equal(burnRateText(0.001), '<0.01×')
  assert.equal(burnRateText(14.4), '14.4×')
  assert.equal(burnRateText(1_000), '1,000×')
})

test('shortens counts from a million on', () => {
  assert.equal(countText(1_204), '1,204')
  assert.equal(countText(8_640_000), '8.64M')
})

test('tells a time span in its largest unit', () => {
  assert.deepEqual([-5, 0, 59.9, 60, 7_200, 200_000, 400 * 86_400, 3_000 * 86_400].map(spanText), [
    '0 s',
    '0 s',
    '59 s',
    '1 min',
    '2 h',
    '2 d',
    '400 d',
    '8 y',
  ])
})

test('gives the date of a moment only when it is another day', () => {
  const now = Date.UTC(2026, 10, 21, 12) / 1_000
  assert.equal(momentText(now - 60, now), '11:59:00')
  assert.equal(momentText(now - 86_400, now), '2026-11-20 12:00:00')
})

test('shows what is not known as a dash and never as a number', () => {
  assert.deepEqual([sliText(null, 0.99), budgetText(null), burnRateText(null), countText(null)], Array(4).fill(unknown))
})
