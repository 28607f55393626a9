import { dataStates } from '../../core/model/counts.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'
import { durationSchema, labelsSchema } from '../schema/scalar-schemas.ts'

/** A moment of a story. */
export const timeSchema = {
  type: ['string', 'number'],
  minLength: 1,
  errorMessage: 'a time is a duration since the start such as 1h8m, or RFC 3339',
  'x-code': 'TEST_TIME',
  examples: ['1h8m', '2026-01-01T01:08:00Z'],
} as const satisfies JsonSchema

/** A name of something that exists elsewhere. */
export const textSchema = {
  type: 'string',
  minLength: 1,
  errorMessage: 'a name is empty',
  'x-code': 'WRONG_VALUE',
} as const satisfies JsonSchema

const slo: JsonSchema = { ...textSchema, description: 'Name of the SLO.', examples: ['checkout-availability'] }
const group: JsonSchema = { ...labelsSchema, description: 'Which of the SLOs that groupBy makes.' }
const severity: JsonSchema = { description: 'Only alerts of this severity.', enum: ['page', 'ticket'] }
const within: JsonSchema = { ...durationSchema, description: 'How much earlier or later it may be.', default: '0s' }

const scopes: JsonSchema = {
  description: 'A region or global, or a list of them that all must have it; any scope when it is left out.',
  type: ['string', 'array'],
  minLength: 1,
  items: textSchema,
  minItems: 1,
  uniqueItems: true,
  errorMessage: 'a scope is a region or global',
  'x-code': 'WRONG_VALUE',
  examples: ['global', ['eu-west-1', 'global']],
}

const oneScope: JsonSchema = {
  ...textSchema,
  description: 'A region or global.',
  default: 'global',
  examples: ['global'],
}

const receivers: JsonSchema = {
  description: 'Who is told: exactly this receiver, or exactly those of the list; nobody where it is empty.',
  type: ['string', 'array'],
  minLength: 1,
  items: textSchema,
  uniqueItems: true,
  errorMessage: 'a receiver has a name',
  'x-code': 'WRONG_VALUE',
  examples: ['slack-sre'],
}

const rule: JsonSchema = {
  description: 'The rule by which it fires.',
  type: 'object',
  properties: {
    long: { ...durationSchema, description: 'Its long window.', examples: ['1h'] },
    short: { ...durationSchema, description: 'Its short window.', examples: ['5m'] },
    burnRate: { description: 'Its threshold.', type: 'number', exclusiveMinimum: 0, examples: [14.4] },
  },
  minProperties: 1,
  additionalProperties: false,
  errorMessage: 'a rule is told by long, short or burnRate',
  'x-code': 'WRONG_VALUE',
}

function fired(which: 'page' | 'ticket'): JsonSchema {
  return {
    description: `A ${which} fires at this time.`,
    type: 'object',
    properties: {
      slo,
      group,
      severity: { description: 'Redundant.', const: which },
      scope: scopes,
      rule,
      receiver: receivers,
      within,
    },
    required: ['slo'],
    additionalProperties: false,
    examples: [{ slo: 'checkout-availability' }],
  }
}

const resolved: JsonSchema = {
  description: 'An alert resolves at this time.',
  type: 'object',
  properties: { slo, group, severity, scope: scopes, within },
  required: ['slo'],
  additionalProperties: false,
  examples: [{ slo: 'checkout-availability' }],
}

const firing: JsonSchema = {
  description: 'The alerts that are open at this time, all of them.',
  type: 'array',
  items: {
    type: 'object',
    properties: { slo, group, severity, scope: scopes },
    required: ['slo'],
    additionalProperties: false,
  },
  examples: [[{ slo: 'checkout-availability', severity: 'page', scope: 'global' }]],
}

const tolerance: JsonSchema = {
  description: 'How far the numbers of this entry may be off; without it, half of the last digit written.',
  type: 'number',
  exclusiveMinimum: 0,
  errorMessage: 'a tolerance is a number above 0',
  'x-code': 'WRONG_VALUE',
  examples: [0.01],
}

const counts = {
  good: number('Good events.'),
  bad: number('Bad events.'),
  total: number('All events.'),
}

const budgets: JsonSchema = {
  description: 'Error budgets at this time, over the SLO window. Ratios are fractions; null is unknown.',
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    properties: {
      slo,
      group,
      scope: oneScope,
      ...counts,
      sli: number('Good ÷ total.'),
      consumed: number('The share of the budget that is spent.'),
      remaining: number('The share of the budget that is left; negative when overspent.'),
      coverage: number('The share of the window for which data was seen.'),
      state: { description: 'What is known of the data.', enum: dataStates },
      tolerance,
    },
    required: ['slo'],
    additionalProperties: false,
  },
  errorMessage: 'the list is empty',
  'x-code': 'WRONG_VALUE',
  examples: [[{ slo: 'checkout-availability', remaining: 0.9 }]],
}

const burnRates: JsonSchema = {
  description: 'Burn rates at this time, over any window up to the SLO window.',
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    properties: {
      slo,
      group,
      scope: oneScope,
      window: { ...durationSchema, description: 'The time it is taken over.', examples: ['1h'] },
      ...counts,
      burnRate: number('Error ratio ÷ error budget.'),
      errorRatio: number('Bad ÷ total.'),
      tolerance,
    },
    required: ['slo', 'window'],
    additionalProperties: false,
  },
  errorMessage: 'the list is empty',
  'x-code': 'WRONG_VALUE',
  examples: [[{ slo: 'checkout-availability', window: '1h', burnRate: 14.8 }]],
}

/** What must come of a story. */
export const expectSchema: JsonSchema = {
  description: 'What must come of the series.',
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    properties: {
      at: { ...timeSchema, description: 'When: a duration since the start, or RFC 3339.' },
      page: fired('page'),
      ticket: fired('ticket'),
      resolved,
      firing,
      none: { description: 'No alert is open at this time.', const: true },
      budgets,
      burnRates,
    },
    required: ['at'],
    minProperties: 2,
    additionalProperties: false,
    errorMessage: 'beside "at" there must be what is expected then',
    'x-code': 'TEST_FORM',
  },
  errorMessage: 'a test that expects nothing cannot fail',
  'x-code': 'TEST_FORM',
  examples: [[{ at: '1h8m', page: { slo: 'checkout-availability' } }]],
}

function number(description: string): JsonSchema {
  return { description, type: ['number', 'null'] }
}
