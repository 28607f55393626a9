import { type ReportFormat, reportFormats } from '../../core/model/report-format.ts'
import type { CalendarUnit } from '../../core/model/slo.ts'
import { type DurationMs, minuteMs } from '../../core/model/units.ts'
import { type BusinessHours, parseTimeOfDay } from '../../core/time/business-hours.ts'
import { isTimeZone } from '../../core/time/calendar-window.ts'
import { shapeCheck } from '../check-shape.ts'
import type { Reading } from '../part-reading.ts'
import { nameOf } from './named-list.ts'
import { receiverNames, reportUnknownReceiver } from './routes.ts'

const units = ['day', 'week', 'month', 'quarter', 'year'] as const
const text = { type: 'string', maxLength: 200 } as const
const amount = { type: 'number', minimum: 0 } as const

/** Draft-07 schema of `reports:`. */
const reportsSchema = {
  type: 'object',
  properties: {
    title: { ...text, minLength: 1 },
    organisation: text,
    accent: { type: 'string', pattern: '^#[0-9a-fA-F]{6}$', description: "a colour in quotes, such as '#1d4ed8'" },
    footer: text,
    timeZone: { type: 'string', description: 'an IANA time zone, such as Europe/Berlin' },
    workingHours: { type: 'string', minLength: 1, description: 'the name of an entry of hours' },
    costs: {
      type: 'object',
      properties: {
        currency: { type: 'string', minLength: 1, maxLength: 10 },
        monthlyByRegion: { type: 'object', additionalProperties: amount },
        perBadEvent: amount,
        credits: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              below: { type: 'number', exclusiveMinimum: 0, maximum: 100, description: 'percent' },
              amount,
            },
            required: ['below', 'amount'],
            additionalProperties: false,
          },
        },
      },
      required: ['currency'],
      additionalProperties: false,
    },
    schedule: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 100 },
          every: { enum: units },
          at: { type: 'string', description: "a time of day in quotes, such as '07:00'" },
          receiver: { type: 'string', minLength: 1, description: 'an email receiver, whose server it goes through' },
          formats: { type: 'array', items: { enum: reportFormats }, minItems: 1, uniqueItems: true },
        },
        required: ['name', 'every', 'receiver'],
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
} as const

interface ReportsDocument {
  readonly title?: string
  readonly organisation?: string
  readonly accent?: string
  readonly footer?: string
  readonly timeZone?: string
  readonly workingHours?: string
  readonly costs?: {
    readonly currency: string
    readonly monthlyByRegion?: Readonly<Record<string, number>>
    readonly perBadEvent?: number
    readonly credits?: readonly { readonly below: number; readonly amount: number }[]
  }
  readonly schedule?: readonly ScheduleDocument[]
}

interface ScheduleDocument {
  readonly name: string
  readonly every: CalendarUnit
  readonly at?: string
  readonly receiver: string
  readonly formats?: readonly ReportFormat[]
}

/** How reports look, and who is sent which. Ratios are fractions. */
export interface ReportsConfig {
  readonly title: string
  readonly organisation: string
  readonly accent: string
  readonly footer: string
  readonly timeZone: string
  readonly workingHours: BusinessHours
  readonly costs: {
    readonly currency: string
    readonly monthlyByRegion: Readonly<Record<string, number>>
    readonly perBadEvent: number | null
    readonly credits: readonly { readonly below: number; readonly amount: number }[]
  } | null
  readonly schedule: readonly ScheduledReport[]
}

/** A report that is sent for every period, so long after its end. */
export interface ScheduledReport {
  readonly name: string
  readonly every: CalendarUnit
  readonly afterMs: DurationMs
  /** The name of an email receiver. */
  readonly receiver: string
  readonly formats: readonly ReportFormat[]
}

/** Reports where a config says nothing about them. */
export const usualReports: ReportsConfig = {
  title: 'Reliability report',
  organisation: '',
  accent: '#1d4ed8',
  footer: '',
  timeZone: 'UTC',
  workingHours: {
    name: 'working hours',
    timeZone: 'UTC',
    days: [1, 2, 3, 4, 5],
    fromMinute: 9 * 60,
    toMinute: 17 * 60,
  },
  costs: null,
  schedule: [],
}

const hasReportsShape = shapeCheck<ReportsDocument>(reportsSchema)

/** What the rest of the config says that reports refer to. */
export interface ReportsSurroundings {
  readonly hours: readonly BusinessHours[]
  readonly receivers: unknown
}

/** Reads `reports:`; what is not given is as usual. */
export function readReports(
  value: unknown,
  { hours, receivers }: ReportsSurroundings,
  reading: Reading,
): ReportsConfig {
  const written = value !== undefined && hasReportsShape(value, '/reports', reading.problems) ? value : {}
  const { costs } = written
  const timeZone = readTimeZone(written.timeZone, reading)
  return {
    title: written.title ?? usualReports.title,
    organisation: written.organisation ?? usualReports.organisation,
    accent: written.accent ?? usualReports.accent,
    footer: written.footer ?? usualReports.footer,
    timeZone,
    workingHours: readWorkingHours(written.workingHours, hours, timeZone, reading),
    costs:
      costs === undefined
        ? null
        : {
            currency: costs.currency,
            monthlyByRegion: costs.monthlyByRegion ?? {},
            perBadEvent: costs.perBadEvent ?? null,
            credits: (costs.credits ?? []).map(({ below, amount: owed }) => ({
              below: Number((below / 100).toPrecision(12)),
              amount: owed,
            })),
          },
    schedule: (written.schedule ?? []).map((entry, index) =>
      readEntry(entry, `/reports/schedule/${index}`, receivers, reading),
    ),
  }
}

/** The receivers that reports are sent through, as they stand in the config: they need no route. */
export function reportReceivers(value: unknown): readonly string[] {
  const schedule = typeof value === 'object' && value !== null && 'schedule' in value ? value.schedule : []
  const list: readonly unknown[] = Array.isArray(schedule) ? schedule : []
  return list.flatMap((one) => {
    const isNamed = typeof one === 'object' && one !== null && 'receiver' in one && typeof one.receiver === 'string'
    return isNamed ? [String(one.receiver)] : []
  })
}

function readTimeZone(written: string | undefined, { problems }: Reading): string {
  if (written === undefined || isTimeZone(written)) return written ?? 'UTC'
  const message = `${JSON.stringify(written)} is not an IANA time zone`
  problems.report({ code: 'CONFIG_VALUE', pointer: '/reports/timeZone', message, hint: 'for example Europe/Berlin' })
  return 'UTC'
}

function readWorkingHours(
  name: string | undefined,
  hours: readonly BusinessHours[],
  timeZone: string,
  { problems }: Reading,
): BusinessHours {
  const usual = { ...usualReports.workingHours, timeZone }
  if (name === undefined) return usual
  const found = hours.find((one) => one.name === name)
  if (found !== undefined) return found
  const hint =
    hours.length === 0 ? 'there is no entry under hours' : `hours has ${hours.map((one) => one.name).join(', ')}`
  problems.report({
    code: 'CONFIG_VALUE',
    pointer: '/reports/workingHours',
    message: `there are no hours ${JSON.stringify(name)}`,
    hint,
  })
  return usual
}

function readEntry(entry: ScheduleDocument, pointer: string, receivers: unknown, reading: Reading): ScheduledReport {
  const { name, every, at = '07:00', receiver } = entry
  const minute = parseTimeOfDay(at)
  if (minute === undefined) {
    const message = `${JSON.stringify(at)} is not a time of day`
    reading.problems.report({ code: 'CONFIG_VALUE', pointer: `${pointer}/at`, message, hint: "for example '07:00'" })
  }
  const known = receiverNames(receivers).filter((one) => one !== undefined)
  if (!known.includes(receiver)) reportUnknownReceiver(receiver, `${pointer}/receiver`, known, reading)
  else if (!isEmail(receiver, receivers)) {
    const message = `reports are sent by e-mail, and ${JSON.stringify(receiver)} is no email receiver`
    reading.problems.report({ code: 'CONFIG_VALUE', pointer: `${pointer}/receiver`, message })
  }
  return { name, every, afterMs: (minute ?? 0) * minuteMs, receiver, formats: entry.formats ?? ['pdf'] }
}

function isEmail(name: string, receivers: unknown): boolean {
  const list: readonly unknown[] = Array.isArray(receivers) ? receivers : []
  return list.some((one) => nameOf(one) === name && typeof one === 'object' && one !== null && 'email' in one)
}
