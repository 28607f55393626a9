import type { JsonSchema } from '../../documents/json-schema.ts'
import { sharedProperties } from './slo-schema.ts'

/** A document of kind Defaults. */
export const defaultsSchema: JsonSchema = {
  title: 'Defaults',
  description: 'What the SLOs of the same file have in common, wherever in the file they stand.',
  type: 'object',
  properties: {
    apiVersion: { const: 'sloburn/v1', examples: ['sloburn/v1'] },
    kind: { const: 'Defaults', examples: ['Defaults'] },
    spec: {
      description: 'Keys of the spec of an SLO, with what they are where an SLO does not say otherwise.',
      type: 'object',
      properties: sharedProperties,
      additionalProperties: false,
      examples: [{ service: 'checkout', window: '30d' }],
    },
  },
  required: ['apiVersion', 'kind', 'spec'],
  additionalProperties: false,
}
