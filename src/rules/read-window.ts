import { didYouMean } from '../core/model/did-you-mean.ts'
import type { CalendarUnit, SloWindow } from '../core/model/slo.ts'
import { isTimeZone } from '../core/time/calendar-window.ts'
import type { Path } from '../documents/source-document.ts'
import { type Reading, readSpan, readText } from './read-values.ts'
import { calendarUnits } from './schema/window-schema.ts'

/** The zone of calendar windows that name none, and of dates in rolling ones. */
export const standardTimeZone = 'UTC'

/** A rolling or a calendar window; undefined when something is wrong, which is then reported. */
export function readWindow(reading: Reading, path: Path): SloWindow | undefined {
  if (typeof reading.document.at(path) === 'string') {
    const durationMs = readSpan(reading, path)
    return durationMs === undefined ? undefined : { kind: 'rolling', durationMs }
  }
  const unit = readText(reading, [...path, 'calendar'])
  const timeZone = readTimeZone(reading, [...path, 'timeZone'])
  return isCalendarUnit(unit) && timeZone !== undefined ? { kind: 'calendar', unit, timeZone } : undefined
}

function readTimeZone(reading: Reading, path: Path): string | undefined {
  const written = reading.document.at(path)
  if (written === undefined) return standardTimeZone
  if (typeof written !== 'string') return undefined
  if (isTimeZone(written)) return written
  const meant = didYouMean(written, Intl.supportedValuesOf('timeZone'))
  const hint = meant === undefined ? 'write its IANA name, for example Europe/London' : `did you mean "${meant}"?`
  reading.problems.report({ code: 'RULE_TIME_ZONE', path, message: `there is no time zone "${written}"`, hint })
  return undefined
}

function isCalendarUnit(text: string | undefined): text is CalendarUnit {
  return calendarUnits.some((unit) => unit === text)
}
