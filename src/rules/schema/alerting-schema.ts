import { receiversPerSeverityMax } from '../../core/model/limits.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'
import { labelsSchema, nameSchema } from './scalar-schemas.ts'

/** Which alerts there are, and what they carry. */
export const alertingSchema: JsonSchema = {
  description: 'Which alerts there are, and what they carry.',
  type: 'object',
  properties: {
    policy: { description: 'Name of an AlertPolicy.', ...nameSchema, default: 'standard', examples: ['workbook'] },
    page: severitySchema('page', { escalate: 'true' }),
    ticket: severitySchema('ticket', { board: 'shop' }),
    labels: { description: 'Labels of the alerts only.', ...labelsSchema },
  },
  additionalProperties: false,
  examples: [{ policy: 'workbook', ticket: false }],
}

function severitySchema(severity: string, labels: Readonly<Record<string, string>>): JsonSchema {
  return {
    description: `Whether the ${severity} alert is on; a mapping switches it on and says what it carries.`,
    type: ['boolean', 'object'],
    properties: {
      labels: {
        ...labelsSchema,
        description: `Labels of the ${severity} alert only; they win over alerting.labels.`,
        examples: [labels],
      },
      receivers: {
        description: 'Receivers of the engine config that are told beside those that its routes name.',
        type: 'array',
        items: {
          type: 'string',
          minLength: 1,
          errorMessage: 'a receiver has a name',
          'x-code': 'WRONG_VALUE',
        },
        minItems: 1,
        maxItems: receiversPerSeverityMax,
        uniqueItems: true,
        errorMessage: `a severity has 1 to ${receiversPerSeverityMax} receivers of its own, or none and no such key`,
        'x-code': 'WRONG_VALUE',
        examples: [['oncall']],
      },
    },
    additionalProperties: false,
    default: true,
    examples: [false, { labels, receivers: ['oncall'] }],
  }
}
