import { signalsPerIndicatorMax } from '../../core/model/limits.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'
import { countersSchema } from './scalar-schemas.ts'

/** Counters by the names that formulas call them. */
export const signalsSchema = {
  description:
    'The counters, each under the name that formulas call it. A name has letters, digits and "_", and is none of the words of formulas (and, or, not, min, max, abs, mod, …).',
  type: 'object',
  propertyNames: {
    type: 'string',
    pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$',
    errorMessage: 'a signal is named with letters, digits and "_", and begins with a letter or "_"',
    'x-code': 'RULE_SIGNAL_NAME',
  },
  additionalProperties: countersSchema,
  minProperties: 1,
  maxProperties: signalsPerIndicatorMax,
  errorMessage: `an indicator has 1 to ${signalsPerIndicatorMax} signals`,
  'x-code': 'WRONG_VALUE',
  examples: [{ err: 'errors_total{job="a"}', all: 'requests_total{job="a"}' }],
} as const satisfies JsonSchema
