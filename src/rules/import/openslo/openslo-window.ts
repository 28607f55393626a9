import type { CalendarUnit } from '../../../core/model/slo.ts'
import { formatDuration } from '../../../core/time/duration.ts'
import { type Carried, carried, carriedMapping } from '../carried.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import {
  isCalendarUnit,
  type OpensloDuration,
  type OpensloUnit,
  opensloDurationMs,
  parseOpensloDuration,
} from './openslo-duration.ts'

const alphaUnits: ReadonlyMap<string, OpensloUnit> = new Map([
  ['Minute', 'm'],
  ['Hour', 'h'],
  ['Day', 'd'],
  ['Week', 'w'],
  ['Month', 'M'],
  ['Quarter', 'Q'],
  ['Year', 'Y'],
])

const calendarUnits: ReadonlyMap<OpensloUnit, CalendarUnit> = new Map([
  ['d', 'day'],
  ['w', 'week'],
  ['M', 'month'],
  ['Q', 'quarter'],
  ['Y', 'year'],
])

/** The window of an SLO, from `timeWindow` or the `timeWindows` of v1alpha; undefined when it cannot be one. */
export function opensloWindow(spec: ForeignValue, notes: ImportNotes): Carried | undefined {
  const list = spec.at('timeWindow').value === undefined ? spec.at('timeWindows') : spec.at('timeWindow')
  if (list.items().length !== 1) {
    notes.refuse('WRONG_VALUE', list, `an SLO has one time window, and this has ${list.items().length}`)
    return undefined
  }
  const [window] = list.items()
  const from = window.at('duration').value === undefined ? window.at('unit') : window.at('duration')
  const duration = durationOf(window)
  if (duration === undefined) {
    const message = `"${textOf(window)}" is no time window`
    const hint = 'a window is a number with m (minutes), h, d, w, M (months), Q or Y, such as 30d'
    notes.refuse('RULE_DURATION', from, message, hint)
    return undefined
  }
  const isCalendar = window.at('isRolling').value !== true && window.at('calendar').value !== undefined
  return isCalendar ? calendarWindow(duration, window, from, notes) : rollingWindow(duration, from, notes)
}

function durationOf(window: ForeignValue): OpensloDuration | undefined {
  if (window.at('duration').text !== undefined) return parseOpensloDuration(window.at('duration').text ?? '')
  const unit = alphaUnits.get(window.at('unit').text ?? '')
  return unit === undefined ? undefined : parseOpensloDuration(`${window.at('count').text}${unit}`)
}

function textOf(window: ForeignValue): string {
  return window.at('duration').text ?? `${window.at('count').text ?? ''} ${window.at('unit').text ?? ''}`
}

function rollingWindow(duration: OpensloDuration, from: ForeignValue, notes: ImportNotes): Carried {
  const { count, unit } = duration
  if (!isCalendarUnit(duration)) return carried(`${count}${unit}`, from)
  const days = formatDuration(opensloDurationMs(duration))
  const message = `a rolling window of ${count}${unit} becomes ${days}: a rolling window has a fixed length`
  notes.warn('IMPORT_CHANGED', from, message, 'a calendar window follows the months')
  return carried(days, from)
}

function calendarWindow(
  duration: OpensloDuration,
  window: ForeignValue,
  from: ForeignValue,
  notes: ImportNotes,
): Carried | undefined {
  const { count, unit } = duration
  const calendarUnit = calendarUnits.get(unit)
  if (calendarUnit === undefined) {
    const message = `a calendar window of ${count}${unit} is no period of the calendar`
    const hint =
      unit === 'm' ? `m is minutes; ${count} month${count === 1 ? '' : 's'} is ${count}M` : 'write 1d, 1w, 1M, 1Q or 1Y'
    notes.refuse('IMPORT_REFUSED', from, message, hint)
    return undefined
  }
  if (count !== 1) {
    const message = `a calendar window of ${count}${unit} becomes a rolling one: calendar windows are one day, week, month, quarter or year`
    notes.warn('IMPORT_CHANGED', from, message)
    return rollingWindow(duration, from, notes)
  }
  const start = window.at('calendar', 'startTime')
  if (!beginsAnew(start.text ?? '', calendarUnit)) {
    const message = `the window begins with each ${calendarUnit} and not as startTime says: periods begin at midnight, weeks on Monday`
    notes.warn('IMPORT_CHANGED', start, message)
  }
  const zone = window.at('calendar', 'timeZone')
  return carriedMapping(from, {
    calendar: carried(calendarUnit, from),
    timeZone: zone.text === undefined ? undefined : carried(zone.text, zone),
  })
}

/** Whether a moment such as `2022-01-01 00:00:00` is the beginning of such a period. */
function beginsAnew(startTime: string, unit: CalendarUnit): boolean {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d(?::\d\d)?)/.exec(startTime) ?? []
  if (time === undefined || !/^00:00(:00)?$/.test(time)) return startTime === ''
  switch (unit) {
    case 'day':
      return true
    case 'week':
      return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDay() === 1
    case 'month':
      return day === '01'
    case 'quarter':
      return day === '01' && Number(month) % 3 === 1
    default:
      return day === '01' && month === '01'
  }
}
