import { type DurationMs, dayMs } from '../../core/model/units.ts'
import { parseDuration } from '../../core/time/duration.ts'

/** How long an SLO window is, by what it is called; of a calendar window its mean length. */
export function windowLength(text: string): DurationMs {
  return parseDuration(text) ?? calendarDays[text] * dayMs
}

const calendarDays: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30.44, quarter: 91.31, year: 365.25 }
