import type { JsonSchema } from '../../documents/json-schema.ts'
import { durationSchema } from './scalar-schemas.ts'

/** What an SLO does about data that cannot be seen. */
export const dataSchema: JsonSchema = {
  description: 'What becomes of data that cannot be seen, and who is told of it.',
  type: 'object',
  properties: {
    unseen: {
      description:
        'What the events of a region are taken to be while it cannot be seen. "hold": anything, so an alert opens where even the best case burns, and none ends while the worst case would still burn. "bad" and "good": just that, in the amount of its last known traffic. "ignore": there are none.',
      enum: ['hold', 'bad', 'good', 'ignore'],
      default: 'hold',
      examples: ['hold'],
    },
    blind: {
      description: 'The alert that a region, or all data of the SLO, cannot be seen.',
      type: 'object',
      properties: {
        after: { ...durationSchema, description: 'How long nothing must be seen.', default: '10m', examples: ['15m'] },
        severity: {
          description: 'Who is told.',
          enum: ['ticket', 'page', 'off'],
          default: 'ticket',
          examples: ['page'],
        },
      },
      additionalProperties: false,
      examples: [{ after: '5m', severity: 'page' }],
    },
    trafficGone: {
      description:
        'Who is told that the traffic of a region is gone, against the median of the same time in up to four past weeks.',
      enum: ['ticket', 'page', 'off'],
      default: 'ticket',
      examples: ['page'],
    },
    forgetRegionAfter: {
      ...durationSchema,
      description:
        'A region that is not expected and was not seen for so long is no region of the SLO any more: it holds no alert open.',
      default: '3d',
      examples: ['1d'],
    },
  },
  additionalProperties: false,
  examples: [{ unseen: 'hold', blind: { severity: 'page' } }],
}
