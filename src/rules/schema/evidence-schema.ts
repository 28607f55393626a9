import { weighedBurnRatesMax } from '../../core/evidence/evidence-table.ts'
import { holdLevelsMax } from '../../core/model/limits.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'
import { durationSchema } from './scalar-schemas.ts'

const shareSchema = {
  type: 'string',
  pattern: '^\\s*\\d+(\\.\\d*)?\\s*%\\s*$',
  errorMessage: 'a share is a percentage from 0 % to 100 %, such as 25%',
  'x-code': 'WRONG_VALUE',
} as const satisfies JsonSchema

const positive = {
  type: 'number',
  exclusiveMinimum: 0,
  errorMessage: 'this is a number above 0',
  'x-code': 'WRONG_VALUE',
} as const satisfies JsonSchema

const aboveOne = {
  type: 'number',
  exclusiveMinimum: 1,
  errorMessage: 'this is a number above 1',
  'x-code': 'WRONG_VALUE',
} as const satisfies JsonSchema

const clumpsSchema: JsonSchema = {
  description: 'Failures of one client come together, and are one piece of evidence.',
  type: 'object',
  properties: {
    needed: {
      ...aboveOne,
      description: 'A clump adds at most the evidence needed divided by this: 2.5 means that three clumps are needed.',
      default: 2.5,
      examples: [2.5],
    },
    belowFailures: {
      ...positive,
      description:
        'Clumps are asked for only where fewer failures than this reach the page rule with the shortest long window.',
      default: 60,
      examples: [60],
    },
    length: {
      description:
        'What lies within this time is one clump. "auto" takes one evaluation step of at least 15s, and "burstLength" while failures come in bursts.',
      type: 'string',
      pattern: `^auto$|${durationSchema.pattern}`,
      errorMessage: 'a length is "auto" or a duration such as 5m',
      'x-code': 'WRONG_VALUE',
      default: 'auto',
      examples: ['auto', '5m'],
    },
    burstLength: {
      ...durationSchema,
      description: 'The length of a clump in bursts.',
      default: '5m',
      examples: ['5m'],
    },
    burstAbove: {
      ...aboveOne,
      description: 'The dispersion above which failures come in bursts; 1 is chance.',
      default: 1.3,
      examples: [1.3],
    },
  },
  additionalProperties: false,
}

const dispersionSchema: JsonSchema = {
  description: 'How it is learned whether failures come in bursts: each event then counts for less.',
  type: 'object',
  properties: {
    block: { ...durationSchema, description: 'Blocks of this length are compared.', default: '10m', examples: ['10m'] },
    prior: { ...positive, description: 'The dispersion taken for granted at first.', default: 2, examples: [2] },
    priorWeight: {
      ...positive,
      description: 'How many steps with failures it takes to count for as much as what was taken for granted.',
      default: 5,
      examples: [5],
    },
    perBlockMax: {
      ...positive,
      description: 'Steps with failures counted in a block; more are an incident and no bursts.',
      default: 8,
      examples: [8],
    },
    max: { ...aboveOne, description: 'The highest dispersion believed.', default: 20, examples: [20] },
    skipAfter: {
      ...durationSchema,
      description: 'While a page has been open for longer, nothing is learned.',
      default: '20m',
      examples: ['20m'],
    },
    halvedEvery: {
      ...durationSchema,
      description: 'After this time, half of what was learned is forgotten.',
      default: '30d',
      examples: ['30d'],
    },
  },
  additionalProperties: false,
}

const recoverySchema: JsonSchema = {
  description: 'A page ends before its windows have passed once the good events since say that the service is well.',
  type: 'object',
  properties: {
    burnRate: { ...aboveOne, description: 'The burn rate that they speak against.', default: 6, examples: [6] },
    odds: {
      ...aboveOne,
      description: 'How much likelier they must be within the objective than at that burn rate.',
      default: 100,
      examples: [100],
    },
  },
  additionalProperties: false,
}

const holdSchema: JsonSchema = {
  description: 'A page that comes again soon stays open longer, so that a flapping service is one page.',
  type: 'object',
  properties: {
    for: {
      description:
        'How long it stays open after its condition ended: the first time, the second time in a row, and so on.',
      type: 'array',
      items: durationSchema,
      minItems: 1,
      maxItems: holdLevelsMax,
      errorMessage: `this is a list of 1 to ${holdLevelsMax} durations`,
      'x-code': 'WRONG_VALUE',
      default: ['0s', '5m', '10m', '20m', '20m'],
      examples: [['0s', '5m', '10m']],
    },
    againWithin: {
      ...durationSchema,
      description: 'What opens within this time of the last end has come again.',
      default: '1h',
      examples: ['1h'],
    },
  },
  additionalProperties: false,
}

const darkSchema: JsonSchema = {
  description: 'Whether a region of which nothing is seen pages, and when; "off" is never.',
  type: ['string', 'boolean', 'object'],
  pattern: '^(on|off)$',
  errorMessage: 'dark is on, off or a mapping of constants',
  'x-code': 'WRONG_VALUE',
  default: 'on',
  examples: ['off', { after: '10m' }],
  properties: {
    after: {
      ...durationSchema,
      description: 'How long nothing was seen; 5m at least.',
      default: '5m',
      examples: ['5m'],
    },
    budget: {
      ...shareSchema,
      description: 'The share of the budget that would be gone if everything expected meanwhile had failed.',
      default: '2%',
      examples: ['2%'],
    },
    events: { ...positive, description: 'Fewer events than this are not missed.', default: 5, examples: [5] },
  },
  additionalProperties: false,
}

/** The evidence gate of a policy: on, off, or on with some constants changed. docs/evidence.md explains each of them. */
export const evidenceSchema: JsonSchema = {
  description:
    'Whether a page needs evidence beside its rules, so that neither a few failures of a small service page nor weeks pass while it is broken; "off" is the plain rule of the SRE Workbook. A mapping changes some constants, see docs/evidence.md.',
  type: ['string', 'boolean', 'object'],
  pattern: '^(on|off)$',
  errorMessage: 'evidence is on, off or a mapping of constants',
  'x-code': 'WRONG_VALUE',
  default: 'on',
  examples: ['off', { materiality: '50%' }],
  properties: {
    falseAlarmEvery: {
      ...durationSchema,
      description:
        'How long it takes chance alone to look like evidence, on average and at least, over all scopes of an SLO.',
      default: '7d',
      examples: ['7d'],
    },
    nullBurnRate: {
      ...positive,
      description: 'Failures up to this burn rate are evidence of nothing.',
      default: 2,
      examples: [2],
    },
    burnRates: {
      description: 'The burn rates that evidence is weighed for, each above nullBurnRate.',
      type: 'array',
      items: positive,
      minItems: 1,
      maxItems: weighedBurnRatesMax,
      errorMessage: `evidence is weighed for 1 to ${weighedBurnRatesMax} burn rates`,
      'x-code': 'WRONG_VALUE',
      default: [4, 14.4, 50, 200, 700],
      examples: [[4, 14.4, 50, 200, 700]],
    },
    clumps: clumpsSchema,
    dispersion: dispersionSchema,
    materiality: {
      ...shareSchema,
      description:
        "The share of a rule's budget that must be gone in events, whatever the ratio: a quiet night costs little of it.",
      default: '25%',
      examples: ['25%'],
    },
    recovery: recoverySchema,
    hold: holdSchema,
    dark: darkSchema,
    ticketOdds: {
      ...aboveOne,
      description: "How much likelier a ticket's failures must be at their own ratio than at the objective.",
      default: 10_000,
      examples: [10_000],
    },
  },
  additionalProperties: false,
}
