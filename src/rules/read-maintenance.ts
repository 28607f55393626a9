import type { Exclusion, ExclusionSchedule } from '../core/model/exclusion.ts'
import { type EpochMs, minuteMs } from '../core/model/units.ts'
import { isTimeZone } from '../core/time/calendar-window.ts'
import { parseTime } from '../core/time/parse-time.ts'
import { startOfDate } from '../core/time/start-of-date.ts'
import { weekdayNames } from '../core/time/weekdays.ts'
import type { Path } from '../documents/source-document.ts'
import { readName } from './read-name.ts'
import { type Reading, readFlag, readSpan, readText, readTexts } from './read-values.ts'

const spec = ['spec'] as const
const code = 'RULE_MAINTENANCE' as const

/** Reads a document of kind Maintenance; undefined when something is wrong, which is then reported. */
export function readMaintenance(reading: Reading): Exclusion | undefined {
  const name = readName(reading)
  const schedule = readSchedule(reading)
  const mute = readFlag(reading, [...spec, 'mute'], true)
  const excludeFromBudget = readFlag(reading, [...spec, 'excludeFromBudget'], false)
  if (!mute && !excludeFromBudget) {
    const message = 'this maintenance neither mutes alerts nor leaves anything out of the budget, so it does nothing'
    reading.problems.report({
      code,
      path: [...spec, 'mute'],
      message,
      hint: 'write excludeFromBudget: true, or remove it',
    })
  }
  if (name === undefined || schedule === undefined) return undefined
  return {
    id: `file/${name}`,
    matches: {
      slos: readTexts(reading, [...spec, 'slos']),
      services: readTexts(reading, [...spec, 'services']),
      regions: readTexts(reading, [...spec, 'regions']),
    },
    schedule,
    mute,
    excludeFromBudget,
    author: readText(reading, [...spec, 'author']) ?? '',
    reason: readText(reading, [...spec, 'reason']) ?? '',
    at: reading.document.placeOf(['metadata', 'name']),
  }
}

function readSchedule(reading: Reading): ExclusionSchedule | undefined {
  if (reading.document.at([...spec, 'recurring']) !== undefined) return readRecurring(reading, [...spec, 'recurring'])
  const from = readMoment(reading, [...spec, 'from'], 'UTC')
  const to = readMoment(reading, [...spec, 'to'], 'UTC')
  if (from === undefined || to === undefined) return undefined
  if (from < to) return { kind: 'once', from, to }
  const message = 'this maintenance ends before it begins'
  reading.problems.report({ code, path: [...spec, 'to'], message })
  return undefined
}

function readRecurring(reading: Reading, path: Path): ExclusionSchedule | undefined {
  const timeZone = readText(reading, [...path, 'timeZone']) ?? 'UTC'
  if (!isTimeZone(timeZone)) {
    const message = `"${timeZone}" is not a time zone`
    reading.problems.report({ code, path: [...path, 'timeZone'], message, hint: 'for example Europe/London' })
    return undefined
  }
  const time = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(readText(reading, [...path, 'time']) ?? '')
  const durationMs = readSpan(reading, [...path, 'duration'])
  if (time === null || durationMs === undefined) return undefined
  const days = readTexts(reading, [...path, 'days'])
  const weekdays = weekdayNames.flatMap((name, index) => (days.length === 0 || days.includes(name) ? [index + 1] : []))
  const weeks = reading.document.at([...path, 'weeksOfMonth'])
  return {
    kind: 'recurring',
    weekdays,
    weeksOfMonth: Array.isArray(weeks) ? weeks.filter((week) => typeof week === 'number') : [],
    minuteOfDay: Number(time[1]) * 60 + Number(time[2]),
    durationMs: Math.max(durationMs, minuteMs),
    timeZone,
    from: readMoment(reading, [...path, 'from'], timeZone) ?? null,
    until: readMoment(reading, [...path, 'until'], timeZone) ?? null,
  }
}

/** A date, which is its midnight, or a moment. */
function readMoment(reading: Reading, path: Path, timeZone: string): EpochMs | undefined {
  const text = readText(reading, path)
  if (text === undefined) return undefined
  const at = startOfDate(text, timeZone) ?? (text.includes('T') ? parseTime(text) : undefined)
  if (at === undefined) {
    const message = `"${text}" is neither a date nor a moment`
    reading.problems.report({ code, path, message, hint: 'for example 2026-10-03, or 2026-10-03T22:00:00Z' })
  }
  return at
}
