import { notSupportedYet, shapeCheck } from '../check-shape.ts'
import type { Reading } from '../part-reading.ts'

/** Draft-07 schema of `store:`. */
const storeSchema = {
  type: 'object',
  properties: {
    sqlite: {
      type: 'object',
      properties: { path: { type: 'string', minLength: 1, description: 'the database file; its directory is made' } },
      additionalProperties: false,
    },
    postgres: { [notSupportedYet]: 'use sqlite: { path: data/sloburn.db }' },
  },
  oneOf: [{ required: ['sqlite'] }, { required: ['postgres'] }],
  additionalProperties: false,
} as const

interface StoreDocument {
  readonly sqlite?: { readonly path?: string }
}

export interface StoreConfig {
  readonly kind: 'sqlite'
  readonly path: string
}

const hasStoreShape = shapeCheck<StoreDocument>(storeSchema)

/** Reads `store:`; a path is relative to the config file. */
export function readStore(value: unknown, { problems, pathOf }: Reading): StoreConfig {
  const written = value !== undefined && hasStoreShape(value, '/store', problems) ? value.sqlite?.path : undefined
  return { kind: 'sqlite', path: pathOf(written ?? 'data/sloburn.db') }
}
