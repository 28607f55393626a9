import { DateTime } from 'luxon'
import type { CalendarUnit } from '../../core/model/slo.ts'
import { dayMs, type EpochMs } from '../../core/model/units.ts'
import { calendarPeriod, isTimeZone } from '../../core/time/calendar-window.ts'
import { parseTime } from '../../core/time/parse-time.ts'
import { startOfDate } from '../../core/time/start-of-date.ts'

/** What a report is about: [from, to) by the clocks of a time zone. */
export interface ReportPeriod {
  /** `2026-10`, or `2026-10-01..2026-10-15` where it is no calendar period. */
  readonly label: string
  readonly from: EpochMs
  readonly to: EpochMs
  /** null where it is no calendar period. */
  readonly unit: CalendarUnit | null
  readonly timeZone: string
}

/**
 * Reads `2026`, `2026-Q4`, `2026-10`, `2026-W41`, `2026-10-05` or `A..B`, where A and B are dates, both included, or RFC 3339
 * times of which the last is not. Answers a sentence where it is none of these, or the zone does not exist.
 */
export function readPeriod(text: string, timeZone: string): ReportPeriod | string {
  if (!isTimeZone(timeZone)) return `${JSON.stringify(timeZone)} is not an IANA time zone such as Europe/Berlin`
  const [first, last, ...more] = text.split('..')
  if (last !== undefined && more.length === 0) return readRange(text, first, last, timeZone)
  for (const [unit, pattern] of patterns) {
    const match = pattern.exec(text)
    if (match === null) continue
    const start = startOfDate(firstDate(unit, match), timeZone)
    const period = start === undefined ? undefined : calendarPeriod(unit, timeZone, start)
    if (period?.label === text) return { label: text, from: period.start, to: period.end, unit, timeZone }
  }
  return `${JSON.stringify(text)} is not a period; write 2026-10, 2026-10-05, 2026-W41, 2026-Q4, 2026 or 2026-10-01..2026-10-15`
}

/** The period before: the calendar unit before it, or as long a stretch. */
export function previousPeriod({ from, to, unit, timeZone }: ReportPeriod): ReportPeriod {
  if (unit === null) {
    const before = { from: from - (to - from), to: from, unit, timeZone }
    return { label: `${dateOf(before.from, timeZone)}..${dateOf(before.to - 1, timeZone)}`, ...before }
  }
  const { start, end, label } = calendarPeriod(unit, timeZone, from - 1)
  return { label, from: start, to: end, unit, timeZone }
}

/** The date that the clocks of a zone show. */
export function dateOf(at: EpochMs, timeZone: string): string {
  return DateTime.fromMillis(at, { zone: timeZone, locale: 'en-US' }).toFormat('yyyy-MM-dd')
}

const patterns: readonly (readonly [CalendarUnit, RegExp])[] = [
  ['year', /^(\d{4})$/],
  ['quarter', /^(\d{4})-Q([1-4])$/],
  ['month', /^(\d{4})-(\d\d)$/],
  ['week', /^(\d{4})-W(\d\d)$/],
  ['day', /^(\d{4})-(\d\d)-(\d\d)$/],
]

function firstDate(unit: CalendarUnit, [text, year, part]: RegExpExecArray): string {
  if (unit === 'year') return `${year}-01-01`
  if (unit === 'quarter') return `${year}-${String(Number(part) * 3 - 2).padStart(2, '0')}-01`
  if (unit === 'month') return `${text}-01`
  return unit === 'week' ? (DateTime.fromISO(`${text}-1`, { zone: 'utc' }).toISODate() ?? '') : text
}

function readRange(label: string, first: string, last: string, timeZone: string): ReportPeriod | string {
  const from = startOfDate(first, timeZone) ?? parseTime(first)
  const lastDay = startOfDate(last, timeZone)
  const to = lastDay === undefined ? parseTime(last) : calendarPeriod('day', timeZone, lastDay).end
  if (from === undefined || to === undefined) {
    return `${JSON.stringify(label)} is not a period; write dates (2026-10-01..2026-10-15) or RFC 3339 times`
  }
  if (from >= to) return `${label} ends before it begins`
  if (to - from > rangeMaxMs) return `${label} is longer than ten years`
  return { label, from, to, unit: null, timeZone }
}

const rangeMaxMs = 3_660 * dayMs
