import type { CalendarUnit } from '../../../src/core/model/slo.ts'
import type { EpochMs } from '../../../src/core/model/units.ts'
import type { CalendarPeriod } from '../../../src/core/time/calendar-window.ts'

/** A day as the clocks of a zone showed it first. */
export interface ObservedDay {
  readonly start: EpochMs
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Looks at the clocks of a zone again and again, and notes when they show a new day. */
export function observedClocks(timeZone: string, from: EpochMs, to: EpochMs, stepMs: number): ObservedDay[] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' })
  const days: ObservedDay[] = []
  const seen = new Set<string>()
  for (let start = from; start < to; start += stepMs) {
    const shown = format.format(start)
    if (seen.has(shown)) continue
    seen.add(shown)
    const [month, day, year] = shown.split('/').map(Number)
    days.push({ start, year, month, day })
  }
  // The first day was under way when the looking began.
  return days.slice(1)
}

/** Puts observed days into periods, one by one; the last period is left out, for its end was not seen. */
export function countedPeriods(days: readonly ObservedDay[], unit: CalendarUnit): CalendarPeriod[] {
  const starts = days.map((day) => ({ start: day.start, label: labelOf(day, unit) }))
  const firsts = starts.filter(({ label }, index) => index === 0 || label !== starts[index - 1].label)
  return firsts.slice(0, -1).map(({ start, label }, index) => ({ start, end: firsts[index + 1].start, label }))
}

function labelOf(observed: ObservedDay, unit: CalendarUnit): string {
  const { year, month, day } = observed
  if (unit === 'week') return weekLabel(observed)
  if (unit === 'day') return `${year}-${twoDigits(month)}-${twoDigits(day)}`
  if (unit === 'month') return `${year}-${twoDigits(month)}`
  return unit === 'quarter' ? `${year}-Q${Math.ceil(month / 3)}` : String(year)
}

/** ISO 8601: a week belongs to the year of its Thursday, and is counted by the Thursdays since January began. */
function weekLabel({ year, month, day }: ObservedDay): string {
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7
  const thursday = new Date(Date.UTC(year, month - 1, day - weekday + 3))
  const thursdayYear = thursday.getUTCFullYear()
  let week = 0
  for (let at = Date.UTC(thursdayYear, 0, 1); at <= thursday.getTime(); at += 86_400_000) {
    if (new Date(at).getUTCDay() === 4) week += 1
  }
  return `${thursdayYear}-W${twoDigits(week)}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
