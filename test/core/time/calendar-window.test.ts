import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { CalendarUnit } from '../../../src/core/model/slo.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/core/model/units.ts'
import { calendarClock, calendarPeriod, isTimeZone, periodsBetween } from '../../../src/core/time/calendar-window.ts'
import { countedPeriods, observedClocks } from './observed-clocks.ts'

const units: readonly CalendarUnit[] = ['day', 'week', 'month', 'quarter', 'year']

/** The last two change their clocks at midnight. */
const zones = [
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Havana',
  'Africa/Cairo',
] as const
const from = Date.UTC(2025, 0, 1)
const to = Date.UTC(2028, 0, 1)

for (const zone of zones) {
  test(`agrees with counting the days on the clocks of ${zone} from 2025 to 2027`, () => {
    // Half an hour is the smallest step that any of these clocks makes, so that none is passed over.
    const shown = observedClocks(zone, from - 8 * dayMs, to + 8 * dayMs, 30 * minuteMs)
    for (const unit of units) {
      const expected = countedPeriods(shown, unit).filter(({ start, end }) => start < to && end > from)
      const inside = expected.filter(({ start }) => start >= from)
      assert.ok(inside.length >= 2, `${unit}: nothing to compare`)
      const [first] = inside
      assert.deepEqual(periodsBetween(unit, zone, first.start, to).slice(0, inside.length), inside, unit)
    }
  })

  test(`gives every instant of ${zone} the period that holds it`, () => {
    const instants = fc.integer({ min: from, max: to - 1 })
    fc.assert(
      fc.property(instants, fc.constantFrom(...units), (at, unit) => {
        const period = calendarPeriod(unit, zone, at)
        assert.ok(period.start <= at && at < period.end)
        assert.deepEqual(calendarPeriod(unit, zone, period.start), period)
        assert.deepEqual(calendarPeriod(unit, zone, period.end - 1), period)
        assert.equal(calendarPeriod(unit, zone, period.end).start, period.end)
        assert.equal(calendarPeriod(unit, zone, period.start - 1).end, period.start)
      }),
      { numRuns: 100 },
    )
  })
}

test('sees the clocks change: the zones have the days of unusual length that they are known for', () => {
  assert.deepEqual(dayLengths('Europe/London'), new Set([24, 23, 25]))
  assert.deepEqual(dayLengths('America/New_York'), new Set([24, 23, 25]))
  assert.deepEqual(dayLengths('Australia/Lord_Howe'), new Set([24, 24.5, 23.5]))
  assert.deepEqual(dayLengths('Asia/Kolkata'), new Set([24]))
})

/** Zone, unit, instant, and the start, end and label of its period. */
const examples: readonly (readonly [string, CalendarUnit, string, string, string, string])[] = [
  ['Europe/London', 'day', '2026-03-29T12:00:00Z', '2026-03-29T00:00:00Z', '2026-03-29T23:00:00Z', '2026-03-29'],
  ['Europe/London', 'month', '2026-10-31T23:30:00Z', '2026-09-30T23:00:00Z', '2026-11-01T00:00:00Z', '2026-10'],
  ['America/New_York', 'month', '2026-12-01T04:59:59Z', '2026-11-01T04:00:00Z', '2026-12-01T05:00:00Z', '2026-11'],
  ['Asia/Kolkata', 'day', '2026-11-20T18:30:00Z', '2026-11-20T18:30:00Z', '2026-11-21T18:30:00Z', '2026-11-21'],
  ['Europe/London', 'week', '2027-01-03T12:00:00Z', '2026-12-28T00:00:00Z', '2027-01-04T00:00:00Z', '2026-W53'],
  ['UTC', 'week', '2024-12-30T00:00:00Z', '2024-12-30T00:00:00Z', '2025-01-06T00:00:00Z', '2025-W01'],
  ['UTC', 'quarter', '2026-11-21T00:00:00Z', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z', '2026-Q4'],
  ['Europe/London', 'year', '2026-07-01T00:00:00Z', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', '2026'],
  ['UTC', 'month', '2028-02-29T23:59:59Z', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z', '2028-02'],
  // Midnight is skipped: the clocks go from 24:00 to 01:00.
  ['Africa/Cairo', 'day', '2026-04-24T12:00:00Z', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z', '2026-04-24'],
  // Midnight comes twice: the clocks go from 01:00 back to 00:00, and the day has begun with the first.
  ['America/Havana', 'day', '2026-11-01T05:30:00Z', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', '2026-11-01'],
  ['Pacific/Chatham', 'day', '2026-09-27T00:00:00Z', '2026-09-26T11:15:00Z', '2026-09-27T10:15:00Z', '2026-09-27'],
  // The whole 30 December 2011 was skipped.
  ['Pacific/Apia', 'day', '2011-12-30T09:59:59Z', '2011-12-29T10:00:00Z', '2011-12-30T10:00:00Z', '2011-12-29'],
  ['Pacific/Apia', 'day', '2011-12-30T10:00:00Z', '2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z', '2011-12-31'],
  // The clocks went from 00:01 back to 23:01, so that the day before was shown again.
  ['America/St_Johns', 'day', '2010-11-07T03:00:00Z', '2010-11-07T02:30:00Z', '2010-11-08T03:30:00Z', '2010-11-07'],
]

for (const [zone, unit, at, start, end, label] of examples) {
  test(`at ${at} the ${unit} in ${zone} is ${label}`, () => {
    const expected = { start: Date.parse(start), end: Date.parse(end), label }
    assert.deepEqual(calendarPeriod(unit, zone, Date.parse(at)), expected)
  })
}

test('lists the periods that share an instant with a span', () => {
  assert.deepEqual(monthLabels('2026-09-15T00:00:00Z', '2026-11-01T00:00:00Z'), ['2026-09', '2026-10'])
  assert.deepEqual(monthLabels('2026-09-15T00:00:00Z', '2026-11-01T00:00:00.001Z'), ['2026-09', '2026-10', '2026-11'])
  assert.deepEqual(monthLabels('2026-09-30T23:00:00Z', '2026-10-01T00:00:00Z'), ['2026-10'])
  assert.deepEqual(monthLabels('2026-10-01T00:00:00Z', '2026-10-01T00:00:00Z'), [])
  assert.deepEqual(monthLabels('2026-10-02T00:00:00Z', '2026-10-01T00:00:00Z'), [])
})

test('a clock answers what the period would, in any order of instants', () => {
  const instants = fc.array(fc.integer({ min: from, max: to }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(instants, fc.constantFrom(...units), (asked, unit) => {
      const clock = calendarClock(unit, 'Europe/London')
      for (const at of asked) assert.deepEqual(clock(at), calendarPeriod(unit, 'Europe/London', at))
    }),
    { numRuns: 50 },
  )
})

test('a clock answers with the very same period until it is over', () => {
  const clock = calendarClock('month', 'Europe/London')
  const period = clock(Date.UTC(2026, 9, 5))
  assert.equal(clock(period.start), period)
  assert.equal(clock(period.end - 1), period)
  assert.notEqual(clock(period.end), period)
})

test('knows the IANA time zones and nothing else', () => {
  for (const zone of [...zones, 'Etc/GMT+5', 'EST5EDT']) assert.ok(isTimeZone(zone), zone)
  for (const zone of ['', 'local', 'system', 'Mars/Olympus', '+01:00', 'UTC+1', 'Europe/London ', '__proto__']) {
    assert.ok(!isTimeZone(zone), zone)
  }
})

test('refuses zones and instants that do not exist', () => {
  assert.throws(() => calendarPeriod('day', 'Mars/Olympus', 0), /RangeError: "Mars\/Olympus" is not an IANA time zone/)
  assert.throws(() => calendarClock('day', 'local'), RangeError)
  for (const at of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15]) {
    assert.throws(() => calendarPeriod('year', 'UTC', at), /RangeError: .* is not an instant/)
  }
})

test('refuses a list of periods without end', () => {
  assert.throws(() => periodsBetween('day', 'UTC', 0, 20_000 * dayMs), /RangeError: more than 10000 periods/)
})

/** The hours that days of the zone have. */
function dayLengths(zone: string): Set<number> {
  return new Set(periodsBetween('day', zone, from, to).map(({ start, end }) => (end - start) / hourMs))
}

function monthLabels(start: string, end: string): string[] {
  return periodsBetween('month', 'Europe/London', Date.parse(start), Date.parse(end)).map(({ label }) => label)
}
