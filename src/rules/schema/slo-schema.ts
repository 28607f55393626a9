import { indicatorSchema } from './indicator-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { metadataSchema } from './metadata-schema.ts'
import {
  durationSchema,
  labelNameSchema,
  labelsSchema,
  nameSchema,
  objectiveSchema,
  urlSchema,
} from './scalar-schemas.ts'

const windowSchema: JsonSchema = {
  ...durationSchema,
  description: 'The period the objective is kept over: a rolling window such as 30d.',
  type: ['string', 'object'],
  properties: {
    calendar: {
      description: 'A calendar period instead of a rolling one. Not supported yet.',
      'x-notSupportedYet': { what: 'a calendar window', hint: 'use a rolling window such as 30d' },
    },
    timeZone: { description: 'IANA name of the time zone.', type: 'string', examples: ['Europe/London'] },
  },
  required: ['calendar'],
  additionalProperties: false,
}

const regionsSchema: JsonSchema = {
  description: 'How series are assigned to regions, and regions to the global scope.',
  type: 'object',
  properties: {
    label: {
      description: 'The series label that holds the region.',
      ...labelNameSchema,
      default: 'region',
      examples: ['cloud_region'],
    },
    expected: {
      description: 'Regions that must report; without it every region seen is taken as it comes.',
      type: 'array',
      items: { type: 'string', minLength: 1, errorMessage: 'a region name is empty', 'x-code': 'WRONG_VALUE' },
      uniqueItems: true,
      errorMessage: 'a region is listed twice',
      'x-code': 'WRONG_VALUE',
      examples: [['eu-west-1', 'us-east-1']],
    },
    objectives: {
      description: 'Objectives by region. Not supported yet.',
      'x-notSupportedYet': { what: 'an objective per region', hint: 'the objective of the SLO holds in every region' },
    },
    global: {
      description: 'How regions make the global scope: from the sum of their events, or not at all.',
      enum: ['events', 'none', 'worst', 'mean'],
      default: 'events',
    },
  },
  additionalProperties: false,
}

const alertingSchema: JsonSchema = {
  description: 'Which alerts there are.',
  type: 'object',
  properties: {
    policy: { description: 'Name of an AlertPolicy.', ...nameSchema, default: 'workbook', examples: ['workbook'] },
    page: { description: 'Whether the page alert is on.', type: 'boolean', default: true },
    ticket: { description: 'Whether the ticket alert is on.', type: 'boolean', default: true },
    labels: { description: 'Labels of the alerts only.', ...labelsSchema },
  },
  additionalProperties: false,
}

const specSchema: JsonSchema = {
  type: 'object',
  properties: {
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
    dashboard: { description: 'The dashboard to open.', ...urlSchema },
    objective: objectiveSchema,
    window: windowSchema,
    indicator: indicatorSchema,
    regions: regionsSchema,
    alerting: alertingSchema,
    groupBy: {
      description: 'One SLO per combination of label values. Not supported yet.',
      'x-notSupportedYet': { what: 'groupBy', hint: 'write one SLO per group, or one for all of them' },
    },
    budgetPolicy: {
      description: 'What happens as the budget runs out. Not supported yet.',
      'x-notSupportedYet': { what: 'budgetPolicy', hint: 'leave it out' },
    },
  },
  required: ['service', 'objective', 'window', 'indicator'],
  additionalProperties: false,
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
