import { alertRulesPerPolicyMax } from '../../core/model/limits.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'
import { policyLintCodes } from '../lint-codes.ts'
import { allowSchema } from './allow-schema.ts'
import { evidenceSchema } from './evidence-schema.ts'
import { metadataSchema } from './metadata-schema.ts'
import { budgetShareSchema, burnRateSchema, durationSchema } from './scalar-schemas.ts'

const alertRuleSchema: JsonSchema = {
  description: 'Holds while the burn rates over both windows are above the threshold.',
  type: 'object',
  properties: {
    severity: { description: 'Who is told.', enum: ['page', 'ticket'], examples: ['page'] },
    long: { ...durationSchema, description: 'Shows that enough budget was spent.', examples: ['1h'] },
    short: { ...durationSchema, description: 'Shows that it is being spent now.', examples: ['5m'] },
    budget: budgetShareSchema,
    burnRate: burnRateSchema,
  },
  required: ['severity', 'long', 'short'],
  oneOf: [{ required: ['budget'] }, { required: ['burnRate'] }],
  additionalProperties: false,
  errorMessage: 'an alert rule has exactly one of "budget" and "burnRate"',
  'x-code': 'RULE_THRESHOLD',
}

const specSchema: JsonSchema = {
  type: 'object',
  properties: {
    rules: {
      description: 'A severity alerts while any of its rules holds.',
      type: 'array',
      items: alertRuleSchema,
      minItems: 1,
      maxItems: alertRulesPerPolicyMax,
      errorMessage: `a policy needs at least one rule, and has at most ${alertRulesPerPolicyMax}`,
      'x-code': 'WRONG_VALUE',
      examples: [[{ severity: 'page', long: '1h', short: '5m', budget: '2%' }]],
    },
    for: {
      ...durationSchema,
      description:
        'How long the condition must hold before the alert opens. The windows wait for themselves, so 0s is nearly always right.',
      default: '0s',
      examples: ['2m'],
    },
    keepFiringFor: {
      ...durationSchema,
      description: 'How long an alert stays open after its condition ended.',
      default: '0s',
      examples: ['10m'],
    },
    evidence: evidenceSchema,
    allow: allowSchema(policyLintCodes),
  },
  required: ['rules'],
  additionalProperties: false,
}

/** A document of kind AlertPolicy. */
export const alertPolicySchema: JsonSchema = {
  title: 'AlertPolicy',
  description: 'Alert rules that SLOs refer to by name.',
  type: 'object',
  properties: {
    apiVersion: { const: 'sloburn/v1', examples: ['sloburn/v1'] },
    kind: { const: 'AlertPolicy', examples: ['AlertPolicy'] },
    metadata: metadataSchema,
    spec: specSchema,
  },
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
}
