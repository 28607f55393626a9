import { groupByLabelsMax, objectiveChangesMax } from '../../core/model/limits.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'
import { sloLintCodes } from '../lint-codes.ts'
import { alertingSchema } from './alerting-schema.ts'
import { allowSchema } from './allow-schema.ts'
import { dataSchema } from './data-schema.ts'
import { indicatorSchema } from './indicator-schema.ts'
import { metadataSchema } from './metadata-schema.ts'
import { regionsSchema } from './regions-schema.ts'
import { labelNameSchema, labelsSchema, objectiveSchema, urlSchema } from './scalar-schemas.ts'
import { trafficSchema } from './traffic-schema.ts'
import { windowSchema } from './window-schema.ts'

const objectivesSchema: JsonSchema = {
  description:
    'In place of objective: the objectives in the order in which they came into force, the last being that of today. Budgets of the past keep the objective of their time.',
  type: 'array',
  items: {
    description: 'An objective and when it came into force.',
    type: 'object',
    properties: {
      from: {
        description:
          'The first day on which it holds, in the time zone of the window (UTC for a rolling one), or a moment in RFC 3339. The first entry holds from the beginning and may go without.',
        type: 'string',
        examples: ['2026-10-01', '2026-10-01T12:00:00Z'],
      },
      percent: objectiveSchema,
    },
    required: ['percent'],
    additionalProperties: false,
  },
  minItems: 1,
  maxItems: objectiveChangesMax,
  errorMessage: `a history has 1 to ${objectiveChangesMax} objectives`,
  'x-code': 'RULE_OBJECTIVE_HISTORY',
  examples: [[{ percent: 99 }, { from: '2026-10-01', percent: 99.5 }]],
}

/** What an SLO says that may as well stand in the Defaults of its file. */
export const sharedProperties = {
  service: {
    description: 'The service that the objective is about.',
    type: 'string',
    minLength: 1,
    maxLength: 200,
    errorMessage: 'a service name has 1 to 200 characters',
    'x-code': 'WRONG_VALUE',
    examples: ['checkout'],
  },
  description: { description: 'One sentence for people who are paged.', type: 'string' },
  labels: {
    description: 'Labels of everything that comes of this SLO; they win over metadata.labels.',
    ...labelsSchema,
  },
  runbook: { description: 'Where to look first when it alerts.', ...urlSchema },
  dashboard: {
    description: 'The dashboard to open.',
    ...urlSchema,
    examples: ['https://grafana.example.com/d/checkout'],
  },
  objective: objectiveSchema,
  objectives: objectivesSchema,
  window: windowSchema,
  regions: regionsSchema,
  data: dataSchema,
  alerting: alertingSchema,
  groupBy: {
    description:
      'Labels of which every combination of values seen makes an SLO of its own, with its own budget and alerts. An empty list is one SLO, also where the file divides the others.',
    type: 'array',
    items: labelNameSchema,
    maxItems: groupByLabelsMax,
    uniqueItems: true,
    errorMessage: `an SLO is divided by at most ${groupByLabelsMax} labels`,
    'x-code': 'RULE_GROUP_BY',
    examples: [['namespace']],
  },
  traffic: trafficSchema,
  budgetPolicy: {
    description: 'What happens as the budget runs out. Not supported yet.',
    'x-notSupportedYet': 'leave it out',
  },
} as const satisfies Readonly<Record<string, JsonSchema>>

const specSchema: JsonSchema = {
  type: 'object',
  properties: { ...sharedProperties, indicator: indicatorSchema, allow: allowSchema(sloLintCodes) },
  required: ['service', 'window', 'indicator'],
  oneOf: [{ required: ['objective'] }, { required: ['objectives'] }],
  additionalProperties: false,
  errorMessage: 'an SLO has exactly one of "objective" and "objectives"',
  'x-code': 'RULE_OBJECTIVE',
}

/** A document of kind SLO. */
export const sloSchema: JsonSchema = {
  title: 'SLO',
  description: 'A service level objective.',
  type: 'object',
  properties: {
    apiVersion: { const: 'sloburn/v1', examples: ['sloburn/v1'] },
    kind: { const: 'SLO', examples: ['SLO'] },
    metadata: metadataSchema,
    spec: specSchema,
  },
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
}
