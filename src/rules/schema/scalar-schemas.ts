import { labelNamePattern } from '../../core/model/labels.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'

/** Names are identities: they stand in alert keys, URLs and label values. */
export const nameSchema = {
  type: 'string',
  pattern: '^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$',
  maxLength: 200,
  errorMessage:
    'a name has lower-case letters, digits, "-", "_" and ".", at most 200, with a letter or digit at both ends',
  'x-code': 'RULE_NAME',
  examples: ['checkout-availability'],
} as const satisfies JsonSchema

export const objectiveSchema = {
  description: 'The target in percent, above 0 and below 100. It is read digit by digit, so 99.9 is exactly 999/1000.',
  type: ['number', 'string'],
  exclusiveMinimum: 0,
  exclusiveMaximum: 100,
  pattern: '^\\s*\\+?\\d+(\\.\\d*)?([eE][+-]?\\d{1,3})?\\s*%?\\s*$',
  errorMessage: 'an objective is a percentage above 0 and below 100, such as 99.9',
  'x-code': 'RULE_OBJECTIVE',
  examples: [99.9, 99.95],
} as const satisfies JsonSchema

export const durationSchema = {
  type: 'string',
  pattern: '^(0|(?=\\d)(\\d+y)?(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?)$',
  errorMessage: 'a duration has whole numbers and the units y, w, d, h, m, s, ms from large to small, such as 1h30m',
  'x-code': 'RULE_DURATION',
  examples: ['5m', '1h30m', '30d'],
} as const satisfies JsonSchema

export const budgetShareSchema = {
  description: "The share of the SLO window's error budget that is spent in the long window, with the percent sign.",
  type: 'string',
  pattern: '^\\s*\\+?\\d+(\\.\\d*)?\\s*%\\s*$',
  errorMessage: 'a budget share is a percentage above 0 % and up to 100 %, such as 2%',
  'x-code': 'RULE_THRESHOLD',
  examples: ['2%', '10%'],
} as const satisfies JsonSchema

export const burnRateSchema = {
  description: 'The burn rate that both windows must exceed; at 1 the budget is spent in exactly one SLO window.',
  type: ['number', 'string'],
  exclusiveMinimum: 0,
  pattern: '^\\s*\\+?\\d+(\\.\\d*)?([eE][+-]?\\d{1,3})?\\s*$',
  errorMessage: 'a burn rate is a number above 0, such as 14.4',
  'x-code': 'RULE_THRESHOLD',
  examples: [14.4, 6],
} as const satisfies JsonSchema

export const urlSchema = {
  type: 'string',
  pattern: '^https?://[^\\s/]\\S*$',
  errorMessage: 'a link is a whole http or https URL',
  'x-code': 'RULE_URL',
  examples: ['https://runbooks.example.com/checkout'],
} as const satisfies JsonSchema

export const labelNameSchema = {
  type: 'string',
  pattern: labelNamePattern,
  errorMessage: 'a label name has letters, digits and "_", and does not begin with a digit',
  'x-code': 'RULE_LABEL_NAME',
} as const satisfies JsonSchema

export const labelsSchema = {
  type: 'object',
  propertyNames: labelNameSchema,
  additionalProperties: { type: 'string' },
  examples: [{ team: 'payments' }],
} as const satisfies JsonSchema

export const countersSchema = {
  type: 'string',
  minLength: 1,
  errorMessage: 'counters are PromQL selectors joined by + and -, such as a_total{x="1"} + b_total',
  'x-code': 'RULE_COUNTERS',
  examples: ['http_requests_total{job="checkout",code=~"5.."}'],
} as const satisfies JsonSchema

export const selectorSchema = {
  type: 'string',
  minLength: 1,
  errorMessage: 'a selector is a metric name with labels, such as queue_length{queue="mail"}',
  'x-code': 'RULE_COUNTERS',
  examples: ['db_replication_lag_seconds{db="orders"}'],
} as const satisfies JsonSchema

export const conditionSchema = {
  type: 'string',
  minLength: 1,
  errorMessage: 'a condition compares signals and numbers, such as value < 3',
  'x-code': 'RULE_FORMULA',
  examples: ['bad / total <= 0.01'],
} as const satisfies JsonSchema

export const numberFormulaSchema = {
  type: 'string',
  minLength: 1,
  errorMessage: 'a formula is arithmetic over the signals, such as err + slow',
  'x-code': 'RULE_FORMULA',
  examples: ['err + slow'],
} as const satisfies JsonSchema

export const querySchema = {
  type: 'string',
  minLength: 1,
  errorMessage: 'a query is PromQL with $window as its range, such as sum(rate(a_total[$window]))',
  'x-code': 'RULE_QUERY',
  examples: ['sum(rate(http_requests_total{code=~"5.."}[$window]))'],
} as const satisfies JsonSchema
