import { DateTime, IANAZone } from 'luxon'
import { calendarPeriodsMax } from '../model/limits.ts'
import type { CalendarUnit } from '../model/slo.ts'
import { dayMs, type EpochMs } from '../model/units.ts'
import { localTime, startOfLocalDay } from './local-day.ts'

/** One day, week, month, quarter or year as the clocks of a time zone show it; `end` is its first instant no more. */
export interface CalendarPeriod {
  readonly start: EpochMs
  readonly end: EpochMs
  /** `2026-11-21`, `2026-W47`, `2026-11`, `2026-Q4` or `2026`. */
  readonly label: string
}

/** Finds the period of one unit in one zone that holds an instant; asking again within the same one costs a comparison. */
export type CalendarClock = (at: EpochMs) => CalendarPeriod

const labelFormats = {
  day: 'yyyy-MM-dd',
  week: "kkkk-'W'WW",
  month: 'yyyy-MM',
  quarter: "yyyy-'Q'q",
  year: 'yyyy',
} as const

/** JavaScript's dates reach 1e8 days to both sides; a period may end a year after the instant it holds. */
const calendarReachMs = (1e8 - 1_000) * dayMs

/** Whether the text names an IANA time zone such as `Europe/London`; fixed offsets such as `+01:00` do not. */
export function isTimeZone(text: string): boolean {
  return /^[a-zA-Z]/.test(text) && IANAZone.isValidZone(text)
}

/** The period that holds the instant; weeks begin on Monday. Throws a RangeError for a zone that does not exist. */
export function calendarPeriod(unit: CalendarUnit, timeZone: string, at: EpochMs): CalendarPeriod {
  const zone = zoneOf(timeZone)
  if (!(Math.abs(at) <= calendarReachMs)) throw new RangeError(`${at} is not an instant that calendars reach`)
  // Luxon does the calendar in UTC, where no clock is ever changed; where a day begins in the zone is found apart.
  const local = DateTime.fromMillis(localTime(zone, at), { zone: 'utc', locale: 'en-US' })
  return periodFrom(local.startOf(unit), unit, zone, at)
}

/** The periods that share an instant with [from, to), in order. */
export function periodsBetween(unit: CalendarUnit, timeZone: string, from: EpochMs, to: EpochMs): CalendarPeriod[] {
  const periods: CalendarPeriod[] = []
  for (let at = from; at < to; ) {
    if (periods.length === calendarPeriodsMax) throw new RangeError(`more than ${calendarPeriodsMax} periods`)
    const period = calendarPeriod(unit, timeZone, at)
    periods.push(period)
    at = period.end
  }
  return periods
}

/** A clock that remembers the period it answered last, so that a tick pays no calendar arithmetic. */
export function calendarClock(unit: CalendarUnit, timeZone: string): CalendarClock {
  let last = calendarPeriod(unit, timeZone, 0)
  return (at) => {
    if (at < last.start || at >= last.end) last = calendarPeriod(unit, timeZone, at)
    return last
  }
}

function periodFrom(first: DateTime, unit: CalendarUnit, zone: IANAZone, at: EpochMs): CalendarPeriod {
  const next = first.plus({ [unit]: 1 })
  const end = startOfLocalDay(zone, next.toMillis())
  // Clocks put back over midnight show the last minutes of a day again after the next day has begun.
  if (at >= end) return periodFrom(next, unit, zone, at)
  return { start: startOfLocalDay(zone, first.toMillis()), end, label: first.toFormat(labelFormats[unit]) }
}

function zoneOf(timeZone: string): IANAZone {
  if (!isTimeZone(timeZone)) throw new RangeError(`"${timeZone}" is not an IANA time zone`)
  return IANAZone.create(timeZone)
}
