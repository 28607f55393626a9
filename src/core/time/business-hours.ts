import { DateTime } from 'luxon'
import { dayMs, type EpochMs, minuteMs } from '../model/units.ts'

/** When tickets are told: on some days of the week, between two times of the clocks of one zone. */
export interface BusinessHours {
  readonly name: string
  readonly timeZone: string
  /** 1 is Monday, 7 Sunday. */
  readonly days: readonly number[]
  /** Minutes after midnight; `to` is no part of it and may be 24:00. */
  readonly fromMinute: number
  readonly toMinute: number
}

/** Whether an instant lies within business hours, by the clocks of their zone. */
export function isWithinHours({ timeZone, days, fromMinute, toMinute }: BusinessHours, at: EpochMs): boolean {
  const local = DateTime.fromMillis(at, { zone: timeZone })
  const minute = local.hour * 60 + local.minute
  return days.includes(local.weekday) && minute >= fromMinute && minute < toMinute
}

/**
 * When business hours begin next, or the instant itself within them. Where the clocks skip the hour at which they would begin,
 * it is the first instant after the gap.
 */
export function nextOpening(hours: BusinessHours, at: EpochMs): EpochMs {
  if (isWithinHours(hours, at)) return at
  const local = DateTime.fromMillis(at, { zone: hours.timeZone })
  for (let day = 0; day <= 7; day++) {
    const date = local.plus({ days: day })
    if (!hours.days.includes(date.weekday)) continue
    const { year, month, day: dayOfMonth } = date
    const hour = Math.floor(hours.fromMinute / 60)
    const begin = { year, month, day: dayOfMonth, hour, minute: hours.fromMinute % 60 }
    const opening = DateTime.fromObject(begin, { zone: hours.timeZone }).toMillis()
    if (opening > at) return firstWithin(hours, at, opening)
  }
  // Hours without a day are refused where they are read; a week from now is never too early to look again.
  return at + 7 * dayMs
}

/** Luxon moves a time that the clocks skip on by as much as they skip; hours have begun with the first instant after it. */
function firstWithin(hours: BusinessHours, after: EpochMs, opening: EpochMs): EpochMs {
  let first = opening
  while (first - minuteMs > after && isWithinHours(hours, first - minuteMs)) first -= minuteMs
  return first
}

/** Reads `09:30` as minutes after midnight, up to `24:00`; undefined when it is no time of day. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(text)
  if (match === null) return undefined
  const [hour, minute] = [Number(match[1]), Number(match[2])]
  const minutes = hour * 60 + minute
  return minute < 60 && minutes <= dayMs / minuteMs ? minutes : undefined
}
