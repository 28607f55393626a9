import type { JsonSchema } from './json-schema.ts'
import { countersSchema } from './scalar-schemas.ts'

const ratio: JsonSchema = {
  description:
    'Bad (or good) events among all events. Counters are PromQL selectors without a range, joined by + and -.',
  type: 'object',
  properties: {
    bad: { description: 'Counts the failures.', ...countersSchema },
    good: { description: 'Counts the successes.', ...countersSchema },
    total: { description: 'Counts all events.', ...countersSchema },
  },
  required: ['total'],
  oneOf: [{ required: ['bad'] }, { required: ['good'] }],
  additionalProperties: false,
  errorMessage: 'a ratio has exactly one of "bad" and "good" beside "total"',
  'x-code': 'RULE_INDICATOR',
}

const laterKinds = {
  latency: 'Events faster than a threshold, from a histogram.',
  threshold: 'Time during which a gauge is within bounds.',
  expression: 'Bad and total as arithmetic over named counters.',
  timeSlices: 'Slices of time that meet a condition.',
  composite: 'Several SLOs taken together.',
  query: "PromQL that the region's Prometheus API answers.",
}

/** What counts as good and bad; exactly one kind. */
export const indicatorSchema: JsonSchema = {
  description: 'What counts as good and bad: exactly one kind of indicator.',
  type: 'object',
  properties: {
    ratio,
    ...Object.fromEntries(Object.entries(laterKinds).map(([kind, description]) => [kind, later(kind, description)])),
  },
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  errorMessage: 'an SLO has exactly one indicator',
  'x-code': 'RULE_INDICATOR',
}

function later(kind: string, description: string): JsonSchema {
  return {
    description: `${description} Not supported yet.`,
    'x-notSupportedYet': { what: `the ${kind} indicator`, hint: 'this version evaluates "ratio" indicators only' },
  }
}
