import type { JsonSchema } from '../../documents/json-schema.ts'
import { labelsSchema, nameSchema } from './scalar-schemas.ts'

/** Every document's name and labels. */
export const metadataSchema: JsonSchema = {
  type: 'object',
  properties: {
    name: { description: 'Unique among all documents of its kind.', ...nameSchema },
    labels: { description: 'Labels of everything that comes of this document.', ...labelsSchema },
  },
  required: ['name'],
  additionalProperties: false,
  examples: [{ name: 'checkout-availability' }],
}
