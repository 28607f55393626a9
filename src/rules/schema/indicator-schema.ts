import type { JsonSchema } from '../../documents/json-schema.ts'
import { indicatorKinds } from '../indicators/all-kinds.ts'

/** What counts as good and bad; exactly one kind. */
export const indicatorSchema: JsonSchema = {
  description: 'What counts as good and bad: exactly one kind of indicator.',
  type: 'object',
  properties: Object.fromEntries(Object.entries(indicatorKinds).map(([kind, { schema }]) => [kind, schema])),
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  errorMessage: 'an SLO has exactly one indicator',
  examples: [{ ratio: { bad: 'http_requests_total{code=~"5.."}', total: 'http_requests_total' } }],
  'x-code': 'RULE_INDICATOR',
}
