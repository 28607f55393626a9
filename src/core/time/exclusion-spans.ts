import { DateTime, IANAZone } from 'luxon'
import type { ExclusionSchedule, RecurringSchedule, Span } from '../model/exclusion.ts'
import { exclusionOccurrencesMax } from '../model/limits.ts'
import { dayMs, type EpochMs, minuteMs } from '../model/units.ts'
import { localTime, startOfLocalDay } from './local-day.ts'

/**
 * The stretches of a schedule that share an instant with [from, to), in order and as a whole. At most
 * `exclusionOccurrencesMax` are answered, the latest ones. A time of day that clocks skip is the moment after the gap; one
 * that they show twice is the first.
 */
export function exclusionSpans(schedule: ExclusionSchedule, from: EpochMs, to: EpochMs): readonly Span[] {
  if (!(from < to)) return []
  if (schedule.kind === 'once') return schedule.from < to && schedule.to > from ? [schedule] : []
  return occurrences(schedule, from, to)
}

/** Whether a schedule holds an instant. */
export function isWithin(schedule: ExclusionSchedule, at: EpochMs): boolean {
  return exclusionSpans(schedule, at, at + 1).length > 0
}

function occurrences(schedule: RecurringSchedule, from: EpochMs, to: EpochMs): readonly Span[] {
  const { durationMs, timeZone } = schedule
  const zone = IANAZone.create(timeZone)
  const lastDay = dayOf(localTime(zone, to))
  const firstDay = dayOf(localTime(zone, from - durationMs)) - 1
  const spans: Span[] = []
  for (let day = lastDay; day >= firstDay && spans.length < exclusionOccurrencesMax; day--) {
    const midnight = day * dayMs
    if (!isOnDay(schedule, midnight)) continue
    // Found as a local midnight is: the first instant at which the clocks show that time or a later one.
    const start = startOfLocalDay(zone, midnight + schedule.minuteOfDay * minuteMs)
    const end = start + durationMs
    if (start >= to || end <= from) continue
    if ((schedule.from !== null && start < schedule.from) || (schedule.until !== null && start >= schedule.until)) {
      continue
    }
    spans.unshift({ from: start, to: end })
  }
  return spans
}

function dayOf(local: number): number {
  return Math.floor(local / dayMs)
}

function isOnDay({ weekdays, weeksOfMonth }: RecurringSchedule, midnight: number): boolean {
  const date = DateTime.fromMillis(midnight, { zone: 'utc' })
  if (!weekdays.includes(date.weekday)) return false
  if (weeksOfMonth.length === 0) return true
  const fromFront = Math.ceil(date.day / 7)
  const isLast = date.day + 7 > (date.daysInMonth ?? 31)
  return weeksOfMonth.includes(fromFront) || (isLast && weeksOfMonth.includes(-1))
}
