import type { JsonSchema } from '../../documents/json-schema.ts'

const rateSchema = {
  type: 'number',
  exclusiveMinimum: 0,
  errorMessage: 'traffic is a number of events above 0',
  'x-code': 'WRONG_VALUE',
} as const satisfies JsonSchema

/** How many events to expect. */
export const trafficSchema: JsonSchema = {
  description:
    'How many events to expect. Only "sloburn check" uses it: to say when one failure alone would break the objective.',
  type: 'object',
  properties: {
    perMonth: { description: 'Events in 30 days.', ...rateSchema, examples: [20_000] },
    perSecond: { description: 'Events in a second.', ...rateSchema, examples: [12.5] },
  },
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  errorMessage: 'traffic has exactly one of "perMonth" and "perSecond"',
  'x-code': 'WRONG_VALUE',
  examples: [{ perMonth: 20_000 }],
}
