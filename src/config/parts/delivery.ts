import { allowInternalProblem } from '../../delivery/config.ts'
import { shapeCheck } from '../check-shape.ts'
import type { Reading } from '../part-reading.ts'

/** Draft-07 schema of `delivery:`. */
export const deliverySchema = {
  type: 'object',
  properties: {
    allowInternal: {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: 253 },
      maxItems: 100,
      uniqueItems: true,
      description:
        'names, addresses and networks inside your own network that messages may go to: [am.internal, 10.0.0.0/8]',
    },
  },
  additionalProperties: false,
} as const

/** Where messages may go. */
export interface DeliveryConfig {
  /** Names, addresses and networks that are internal and yet allowed. */
  readonly allowInternal: readonly string[]
}

const hasDeliveryShape = shapeCheck<Partial<DeliveryConfig>>(deliverySchema)

/** Reads `delivery:`. */
export function readDelivery(value: unknown, reading: Reading): DeliveryConfig {
  if (value === undefined || !hasDeliveryShape(value, '/delivery', reading.problems)) return { allowInternal: [] }
  const allowInternal = value.allowInternal ?? []
  for (const [index, entry] of allowInternal.entries()) {
    const message = allowInternalProblem(entry)
    if (message === undefined) continue
    const hint = 'for example am.example.internal, 10.1.2.3 or 10.0.0.0/8'
    reading.problems.report({ code: 'CONFIG_VALUE', pointer: `/delivery/allowInternal/${index}`, message, hint })
  }
  return { allowInternal }
}
