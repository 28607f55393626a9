import type { JsonSchema } from '../../documents/json-schema.ts'
import { labelNameSchema, objectiveSchema } from './scalar-schemas.ts'

/** How series are assigned to regions, and regions to the global scope. */
export const regionsSchema: JsonSchema = {
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
      items: { type: 'string', minLength: 1, errorMessage: 'a region has a name', 'x-code': 'WRONG_VALUE' },
      uniqueItems: true,
      errorMessage: 'a region is listed twice',
      'x-code': 'WRONG_VALUE',
      examples: [['eu-west-1', 'us-east-1']],
    },
    objectives: {
      description: 'Objectives of single regions in percent; the others have that of the SLO.',
      type: 'object',
      additionalProperties: objectiveSchema,
      examples: [{ 'ap-south-1': 99.5 }],
    },
    global: {
      description:
        'How regions make the global scope. "events": from the sum of their events. "worst": from the region with the worst share. "mean": from the mean of their shares, each region weighing the same. "none": there is no global scope.',
      enum: ['events', 'worst', 'mean', 'none'],
      default: 'events',
      examples: ['events'],
    },
  },
  additionalProperties: false,
  examples: [{ label: 'cloud_region', expected: ['eu-west-1', 'us-east-1'] }],
}
