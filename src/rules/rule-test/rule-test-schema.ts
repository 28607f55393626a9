import type { JsonSchema } from '../../documents/json-schema.ts'
import { durationSchema, labelsSchema } from '../schema/scalar-schemas.ts'
import { expectSchema, textSchema, timeSchema } from './expectation-schema.ts'

const everySchema: JsonSchema = {
  ...durationSchema,
  description: 'Time between two values of a series.',
  examples: ['1m'],
}

const startSchema: JsonSchema = {
  ...timeSchema,
  description: 'Time 0 of the series, in RFC 3339; a multiple of the evaluation interval.',
  default: '2026-01-01T00:00:00Z',
  examples: ['2026-03-28T00:00:00Z'],
}

const alertsSchema: JsonSchema = {
  description:
    'Which alerts must be expected: "pages" fails on a page that nothing expects, "exactly" on a ticket as well, "listed" on neither.',
  enum: ['pages', 'exactly', 'listed'],
  default: 'pages',
}

const seriesSchema: JsonSchema = {
  description: 'Values over time by series, both as in the rule tests of Prometheus.',
  type: 'object',
  additionalProperties: { description: 'Values from time 0 on: 0+10x60, 1 2 3, _, stale.', type: ['string', 'number'] },
  examples: [{ 'http_requests_total{code="200"}': '0+900x180' }],
}

const routesSchema: JsonSchema = {
  description: 'Routes as in the engine config, for expectations that name a receiver.',
  type: 'array',
  items: {
    type: 'object',
    properties: {
      match: { description: 'Label values that an alert must have.', ...labelsSchema },
      receivers: { description: 'Who is told.', type: 'array', items: textSchema, minItems: 1, uniqueItems: true },
    },
    required: ['receivers'],
    additionalProperties: false,
  },
}

const testSchema: JsonSchema = {
  type: 'object',
  properties: {
    name: { ...textSchema, description: 'A sentence that says what must happen.', examples: ['a fast burn pages'] },
    every: everySchema,
    start: startSchema,
    alerts: alertsSchema,
    series: { $ref: '#/definitions/series' },
    expect: { $ref: '#/definitions/expect' },
  },
  required: ['name', 'series', 'expect'],
  additionalProperties: false,
}

/** The published schema of a rule test file: what `rules/schema/sloburn.test.v1.schema.json` holds. */
export const ruleTestSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'sloburn rule test file',
  description: 'Stories told in series, and the alerts, budgets and burn rates that must come of them.',
  type: 'object',
  properties: {
    rules: {
      description: 'The rule file or directory under test, or a list of them; paths are relative to this file.',
      type: ['string', 'array'],
      minLength: 1,
      items: textSchema,
      minItems: 1,
      errorMessage: 'a path is missing',
      'x-code': 'WRONG_VALUE',
      examples: ['checkout.yaml', ['checkout.yaml', 'policies.yaml']],
    },
    every: everySchema,
    start: startSchema,
    evaluation: {
      description: 'How the engine evaluates.',
      type: 'object',
      properties: {
        interval: {
          ...durationSchema,
          description: 'Time between two evaluations.',
          default: '15s',
          examples: ['15s'],
        },
      },
      additionalProperties: false,
    },
    routes: routesSchema,
    alerts: alertsSchema,
    name: {
      ...textSchema,
      description: 'Name of the only test; the file name without it.',
      examples: ['a fast burn pages'],
    },
    series: { $ref: '#/definitions/series' },
    expect: { $ref: '#/definitions/expect' },
    tests: {
      description: 'Several tests of the same rules.',
      type: 'array',
      items: testSchema,
      minItems: 1,
      errorMessage: 'the list of tests is empty',
      'x-code': 'TEST_FORM',
    },
  },
  required: ['rules', 'every'],
  oneOf: [{ required: ['tests'] }, { required: ['series', 'expect'] }],
  additionalProperties: false,
  errorMessage: 'a test file has either "tests", or "series" and "expect"',
  'x-code': 'TEST_FORM',
  definitions: { series: seriesSchema, expect: expectSchema },
}
