import { authorLengthMax, reasonLengthMax } from '../../core/model/limits.ts'
import { weekdayNames } from '../../core/time/weekdays.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'
import { metadataSchema } from './metadata-schema.ts'
import { durationSchema } from './scalar-schemas.ts'

const namesSchema: JsonSchema = {
  type: 'array',
  items: { type: 'string', minLength: 1, errorMessage: 'a name is empty', 'x-code': 'WRONG_VALUE' },
  minItems: 1,
  uniqueItems: true,
  errorMessage: 'a list of names, each once; leave the key out for all of them',
  'x-code': 'WRONG_VALUE',
}

const momentSchema: JsonSchema = {
  type: 'string',
  examples: ['2026-10-03T22:00:00Z', '2026-10-03'],
}

const recurringSchema: JsonSchema = {
  description: 'Begins at a time of day, by the clocks of a time zone, and lasts for a while.',
  type: 'object',
  properties: {
    days: {
      description: 'Weekdays on which it begins; without it every day.',
      type: 'array',
      items: { enum: weekdayNames },
      minItems: 1,
      uniqueItems: true,
      errorMessage: `a list of weekdays, each once: ${weekdayNames.join(', ')}`,
      'x-code': 'RULE_MAINTENANCE',
      examples: [['sat', 'sun']],
    },
    weeksOfMonth: {
      description: 'Which of those weekdays of a month, from 1; -1 is the last. Without it each.',
      type: 'array',
      items: { enum: [1, 2, 3, 4, 5, -1] },
      minItems: 1,
      uniqueItems: true,
      errorMessage: 'a list of whole numbers from 1 to 5, or -1, each once',
      'x-code': 'RULE_MAINTENANCE',
      examples: [[2]],
    },
    time: {
      description: 'When it begins.',
      type: 'string',
      pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
      errorMessage: 'a time of day is HH:MM, such as 02:30',
      'x-code': 'RULE_MAINTENANCE',
      examples: ['02:30'],
    },
    duration: { ...durationSchema, description: 'How long it lasts.', examples: ['2h'] },
    timeZone: {
      description: 'IANA name of the time zone.',
      type: 'string',
      default: 'UTC',
      examples: ['Europe/London'],
    },
    from: { ...momentSchema, description: 'The first day, or a moment before which it does not begin.' },
    until: { ...momentSchema, description: 'The day, or the moment, from which on it does not begin any more.' },
  },
  required: ['time', 'duration'],
  additionalProperties: false,
}

const specSchema: JsonSchema = {
  type: 'object',
  properties: {
    slos: {
      ...namesSchema,
      description: 'Names of SLOs; without it all of them.',
      examples: [['checkout-availability']],
    },
    services: { ...namesSchema, description: 'Services; without it all of them.', examples: [['checkout']] },
    regions: {
      ...namesSchema,
      description:
        'Regions; without it all of them and the global scope. Of the global scope, what these regions contribute is left out.',
      examples: [['eu-west-1']],
    },
    from: { ...momentSchema, description: 'Begin of a maintenance that takes place once; with "to".' },
    to: { ...momentSchema, description: 'End of a maintenance that takes place once.' },
    recurring: recurringSchema,
    mute: {
      description: 'Nobody is told of alerts while it lasts.',
      type: 'boolean',
      default: true,
      examples: [true],
    },
    excludeFromBudget: {
      description: 'Its events, good and bad, do not count towards the budget.',
      type: 'boolean',
      default: false,
      examples: [true],
    },
    author: {
      description: 'Who answers for it.',
      type: 'string',
      minLength: 1,
      maxLength: authorLengthMax,
      errorMessage: `an author has 1 to ${authorLengthMax} characters`,
      'x-code': 'WRONG_VALUE',
      examples: ['payments team'],
    },
    reason: {
      description: 'Why; reports name it.',
      type: 'string',
      minLength: 1,
      maxLength: reasonLengthMax,
      errorMessage: `a reason has 1 to ${reasonLengthMax} characters`,
      'x-code': 'WRONG_VALUE',
      examples: ['database upgrade'],
    },
  },
  required: ['author', 'reason'],
  dependencies: { from: ['to'], to: ['from'] },
  oneOf: [{ required: ['from'] }, { required: ['recurring'] }],
  additionalProperties: false,
  errorMessage: 'a maintenance has either "from" and "to", or "recurring"',
  'x-code': 'RULE_MAINTENANCE',
}

/** A document of kind Maintenance. */
export const maintenanceSchema: JsonSchema = {
  title: 'Maintenance',
  description: 'A period in which nobody is told of alerts, or which does not count towards budgets.',
  type: 'object',
  properties: {
    apiVersion: { const: 'sloburn/v1', examples: ['sloburn/v1'] },
    kind: { const: 'Maintenance', examples: ['Maintenance'] },
    metadata: metadataSchema,
    spec: specSchema,
  },
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
}
