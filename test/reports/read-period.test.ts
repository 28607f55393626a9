import assert from 'node:assert/strict'
import { test } from 'node:test'
import { previousPeriod, readPeriod } from '../../src/reports/period/read-period.ts'

function span(text: string, timeZone = 'UTC'): string {
  const period = readPeriod(text, timeZone)
  return typeof period === 'string'
    ? period
    : `${new Date(period.from).toISOString()} ${new Date(period.to).toISOString()}`
}

test('reads every kind of period by the clocks of its zone', () => {
  assert.equal(span('2026'), '2026-01-01T00:00:00.000Z 2027-01-01T00:00:00.000Z')
  assert.equal(span('2026-Q4'), '2026-10-01T00:00:00.000Z 2027-01-01T00:00:00.000Z')
  assert.equal(span('2026-W41'), '2026-10-05T00:00:00.000Z 2026-10-12T00:00:00.000Z')
  assert.equal(span('2026-10-05'), '2026-10-05T00:00:00.000Z 2026-10-06T00:00:00.000Z')
  assert.equal(span('2026-10', 'Europe/Berlin'), '2026-09-30T22:00:00.000Z 2026-10-31T23:00:00.000Z')
  assert.equal(span('2026-10-25', 'Europe/Berlin'), '2026-10-24T22:00:00.000Z 2026-10-25T23:00:00.000Z')
  assert.equal(span('2026-10-01..2026-10-15'), '2026-10-01T00:00:00.000Z 2026-10-16T00:00:00.000Z')
  assert.equal(span('2026-10-01T06:00:00Z..2026-10-01T18:00:00Z'), '2026-10-01T06:00:00.000Z 2026-10-01T18:00:00.000Z')
})

test('says what is wrong with what is no period', () => {
  for (const text of ['', '2026-13', '2026-W54', '2026-Q5', '2026-02-30', '10/2026', '2026-10..', '..']) {
    assert.match(span(text), /is not a period; write/, text)
  }
  assert.match(span('2026-10-02..2026-10-01'), /ends before it begins/)
  assert.match(span('1990-01-01..2026-10-01'), /longer than ten years/)
  assert.match(span('2026-10', 'Mars/Base'), /is not an IANA time zone/)
})

function before(text: string): string {
  const period = readPeriod(text, 'Europe/Berlin')
  assert.notEqual(typeof period, 'string')
  return typeof period === 'string' ? '' : previousPeriod(period).label
}

test('the period before is the calendar unit before, or as long a stretch', () => {
  assert.equal(before('2026-03'), '2026-02')
  assert.equal(before('2026-Q1'), '2025-Q4')
  assert.equal(before('2026-W01'), '2025-W52')
  assert.equal(before('2026-10-11..2026-10-20'), '2026-10-01..2026-10-10')
})
