import { type BusinessHours, parseTimeOfDay } from '../../core/time/business-hours.ts'
import { isTimeZone } from '../../core/time/calendar-window.ts'
import { weekdayNames } from '../../core/time/weekdays.ts'
import { shapeCheck } from '../check-shape.ts'
import type { Reading } from '../part-reading.ts'
import { readNamedList } from './named-list.ts'

const time = { type: 'string', description: `a time of day in quotes, such as '09:00'; '24:00' is midnight` } as const

/** Draft-07 schema of one entry of `hours:`. */
const hoursSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    timeZone: { type: 'string', description: 'an IANA time zone, such as Europe/Berlin' },
    days: { type: 'array', items: { enum: weekdayNames }, minItems: 1, uniqueItems: true },
    from: time,
    to: time,
  },
  required: ['name', 'timeZone'],
  additionalProperties: false,
} as const

interface HoursDocument {
  readonly name: string
  readonly timeZone: string
  readonly days?: readonly (typeof weekdayNames)[number][]
  readonly from?: string
  readonly to?: string
}

const hasHoursShape = shapeCheck<HoursDocument>(hoursSchema)

/** Every entry of `hours:` that is sound. */
export function readHours(value: unknown, reading: Reading): readonly BusinessHours[] {
  return readNamedList(value, '/hours', reading, (entry, pointer) =>
    hasHoursShape(entry, pointer, reading.problems) ? businessHours(entry, pointer, reading) : undefined,
  )
}

function businessHours(document: HoursDocument, pointer: string, { problems }: Reading): BusinessHours | undefined {
  const { name, timeZone, days = ['mon', 'tue', 'wed', 'thu', 'fri'], from = '09:00', to = '17:00' } = document
  const fromMinute = parseTimeOfDay(from)
  const toMinute = parseTimeOfDay(to)
  const report = (key: string, message: string, hint: string) => {
    problems.report({ code: 'CONFIG_VALUE', pointer: `${pointer}/${key}`, message, hint })
  }
  if (!isTimeZone(timeZone))
    report('timeZone', `${JSON.stringify(timeZone)} is not an IANA time zone`, 'for example Europe/Berlin')
  if (fromMinute === undefined) report('from', `${JSON.stringify(from)} is not a time of day`, "for example '09:00'")
  if (toMinute === undefined) report('to', `${JSON.stringify(to)} is not a time of day`, "for example '17:00'")
  if (fromMinute === undefined || toMinute === undefined || !isTimeZone(timeZone)) return undefined
  if (toMinute <= fromMinute) {
    report('to', 'business hours end before they begin', 'hours over midnight are two entries')
    return undefined
  }
  return { name, timeZone, days: days.map((day) => weekdayNames.indexOf(day) + 1), fromMinute, toMinute }
}
