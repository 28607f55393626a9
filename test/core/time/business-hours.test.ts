import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  type BusinessHours,
  isWithinHours,
  nextOpening,
  parseTimeOfDay,
} from '../../../src/core/time/business-hours.ts'

const berlin: BusinessHours = {
  name: 'office',
  timeZone: 'Europe/Berlin',
  days: [1, 2, 3, 4, 5],
  fromMinute: 9 * 60,
  toMinute: 17 * 60,
}
const at = (text: string): number => Date.parse(text)
const opening = (hours: BusinessHours, text: string): string => new Date(nextOpening(hours, at(text))).toISOString()

test('hours go by the clocks of their zone, in winter and in summer', () => {
  assert.ok(isWithinHours(berlin, at('2026-11-23T08:00:00Z')))
  assert.ok(!isWithinHours(berlin, at('2026-11-23T07:59:59Z')))
  assert.ok(!isWithinHours(berlin, at('2026-11-23T16:00:00Z')))
  assert.ok(isWithinHours(berlin, at('2026-07-20T07:00:00Z')))
})

test('they begin on the next of their days', () => {
  assert.equal(opening(berlin, '2026-11-23T10:00:00Z'), '2026-11-23T10:00:00.000Z')
  assert.equal(opening(berlin, '2026-11-23T20:00:00Z'), '2026-11-24T08:00:00.000Z')
  assert.equal(opening(berlin, '2026-11-20T20:00:00Z'), '2026-11-23T08:00:00.000Z', 'over a weekend')
  assert.equal(opening(berlin, '2026-03-28T12:00:00Z'), '2026-03-30T07:00:00.000Z', 'over the change of clocks')
})

test('where the clocks skip their beginning they begin right after the gap', () => {
  const sunday = { ...berlin, days: [7], fromMinute: 2 * 60 + 30 }
  assert.equal(opening(sunday, '2026-03-29T00:30:00Z'), '2026-03-29T01:00:00.000Z')
})

test('the next opening is the first minute within hours, for any hours and any instant', () => {
  const hours = fc.record({
    name: fc.constant('any'),
    timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    fromMinute: fc.integer({ min: 0, max: 22 * 60 }),
    toMinute: fc.integer({ min: 23 * 60, max: 24 * 60 }),
  })
  const year = fc.integer({ min: at('2026-01-01T00:00:00Z') / 60_000, max: at('2027-01-01T00:00:00Z') / 60_000 })
  fc.assert(
    fc.property(hours, year, (one, minute) => {
      const from = minute * 60_000
      const found = nextOpening(one, from)
      assert.ok(isWithinHours(one, found))
      // Looked at every quarter of an hour, and at the minute before.
      for (let before = from; before < found; before += 15 * 60_000) assert.ok(!isWithinHours(one, before))
      if (found > from) assert.ok(!isWithinHours(one, found - 60_000))
    }),
    { numRuns: 100 },
  )
})

test('a time of day is read as people write it', () => {
  assert.equal(parseTimeOfDay('09:30'), 570)
  assert.equal(parseTimeOfDay('24:00'), 1_440)
  for (const wrong of ['9:30', '24:01', '12:60', '', 'noon', '12:00:00'])
    assert.equal(parseTimeOfDay(wrong), undefined, wrong)
})
