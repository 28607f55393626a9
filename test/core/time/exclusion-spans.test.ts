import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DateTime } from 'luxon'
import type { RecurringSchedule } from '../../../src/core/model/exclusion.ts'
import { exclusionSpans, isWithin } from '../../../src/core/time/exclusion-spans.ts'

const hour = 3_600_000
const day = 24 * hour

function weekly(overrides: Partial<RecurringSchedule> = {}): RecurringSchedule {
  return {
    kind: 'recurring',
    weekdays: [6],
    weeksOfMonth: [],
    minuteOfDay: 150,
    durationMs: 2 * hour,
    timeZone: 'Europe/London',
    from: null,
    until: null,
    ...overrides,
  }
}

function local(zone: string, text: string): number {
  return DateTime.fromISO(text, { zone }).toMillis()
}

test('each Saturday at half past two by the clocks of London, summer and winter', () => {
  const spans = exclusionSpans(weekly(), Date.UTC(2026, 2, 20), Date.UTC(2026, 3, 12))
  assert.deepEqual(
    spans.map(({ from }) => from),
    ['2026-03-21T02:30', '2026-03-28T02:30', '2026-04-04T02:30', '2026-04-11T02:30'].map((text) =>
      local('Europe/London', text),
    ),
  )
  for (const { from, to } of spans) assert.equal(to - from, 2 * hour)
})

test('a time that clocks skip is the moment after the gap, one they show twice the first', () => {
  const sunday = weekly({ weekdays: [7], minuteOfDay: 90 })
  const [spring] = exclusionSpans(sunday, Date.UTC(2026, 2, 28, 12), Date.UTC(2026, 2, 30))
  assert.equal(spring.from, Date.UTC(2026, 2, 29, 1))
  const [autumn] = exclusionSpans(sunday, Date.UTC(2026, 9, 24, 12), Date.UTC(2026, 9, 26))
  assert.equal(autumn.from, Date.UTC(2026, 9, 25, 0, 30))
})

test('the second Tuesday and the last Friday of a month', () => {
  const patch = weekly({ weekdays: [2], weeksOfMonth: [2], timeZone: 'UTC' })
  const found = exclusionSpans(patch, Date.UTC(2026, 0, 1), Date.UTC(2026, 3, 1))
  assert.deepEqual(
    found.map(({ from }) => new Date(from).toISOString().slice(0, 10)),
    ['2026-01-13', '2026-02-10', '2026-03-10'],
  )
  const last = weekly({ weekdays: [5], weeksOfMonth: [-1], timeZone: 'UTC' })
  const fridays = exclusionSpans(last, Date.UTC(2026, 0, 1), Date.UTC(2026, 3, 1))
  assert.deepEqual(
    fridays.map(({ from }) => new Date(from).toISOString().slice(0, 10)),
    ['2026-01-30', '2026-02-27', '2026-03-27'],
  )
})

test('one that began before what is asked for and lasts into it is found', () => {
  const long = weekly({ durationMs: 3 * day, timeZone: 'UTC' })
  assert.ok(isWithin(long, Date.UTC(2026, 2, 23, 12)))
  assert.ok(!isWithin(long, Date.UTC(2026, 2, 25, 12)))
})

test('begins within its first and last day only', () => {
  const bounded = weekly({ from: local('Europe/London', '2026-03-28'), until: local('Europe/London', '2026-04-11') })
  const spans = exclusionSpans(bounded, Date.UTC(2026, 0, 1), Date.UTC(2026, 11, 1))
  assert.equal(spans.length, 2)
})

test('agrees with a walk over all minutes, in zones with odd offsets', () => {
  for (const timeZone of ['Asia/Kathmandu', 'Pacific/Chatham', 'America/New_York', 'UTC']) {
    const schedule = weekly({ weekdays: [1, 3, 7], timeZone, durationMs: 45 * 60_000 })
    const from = Date.UTC(2026, 2, 1)
    const spans = exclusionSpans(schedule, from, from + 20 * day)
    for (let at = from; at < from + 20 * day; at += 15 * 60_000) {
      const now = DateTime.fromMillis(at, { zone: timeZone })
      const minutes = now.hour * 60 + now.minute
      if (now.offset !== DateTime.fromMillis(at - 4 * hour, { zone: timeZone }).offset) continue
      const expected = [1, 3, 7].includes(now.weekday) && minutes >= 150 && minutes < 195
      assert.equal(
        spans.some((span) => at >= span.from && at < span.to),
        expected,
        `${timeZone} ${now.toISO()}`,
      )
    }
  }
})
