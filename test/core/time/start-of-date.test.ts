import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarPeriod } from '../../../src/core/time/calendar-window.ts'
import { startOfDate } from '../../../src/core/time/start-of-date.ts'

test('a date begins when the calendar day of its zone does, also where clocks change', () => {
  for (const zone of ['UTC', 'Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Kiritimati']) {
    for (const date of ['2026-03-29', '2026-10-01', '2026-10-25', '2028-02-29']) {
      const start = startOfDate(date, zone)
      assert.notEqual(start, undefined)
      assert.equal(calendarPeriod('day', zone, start ?? 0).label, date)
      assert.equal(calendarPeriod('day', zone, start ?? 0).start, start)
    }
  }
  assert.equal(startOfDate('2026-10-01', 'UTC'), 1_790_812_800_000)
})

test('what is no date or no zone begins never', () => {
  for (const text of ['', '2026-02-29', '2026-13-01', '2026-1-1', '2026-10-01T00:00:00Z', 'tomorrow']) {
    assert.equal(startOfDate(text, 'UTC'), undefined, text)
  }
  assert.equal(startOfDate('2026-10-01', 'Mars/Olympus'), undefined)
})
