import type { CalendarUnit } from '../../core/model/slo.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'
import { durationSchema } from './scalar-schemas.ts'

export const calendarUnits: readonly CalendarUnit[] = ['day', 'week', 'month', 'quarter', 'year']

/** The compliance period: a duration, or a mapping for a calendar period. */
export const windowSchema: JsonSchema = {
  ...durationSchema,
  description:
    'The period the objective is kept over: a rolling window such as 30d, or a calendar period, which begins anew with each day, week (on Monday), month, quarter or year.',
  type: ['string', 'object'],
  properties: {
    calendar: { description: 'The calendar period.', enum: calendarUnits, examples: ['month'] },
    timeZone: {
      description: 'IANA name of the time zone whose midnights the periods begin at.',
      type: 'string',
      default: 'UTC',
      examples: ['Europe/London'],
    },
  },
  required: ['calendar'],
  additionalProperties: false,
  examples: ['30d', { calendar: 'month', timeZone: 'Europe/London' }],
}
