import type { JsonSchema } from '../../documents/json-schema.ts'

/**
 * The schema of a document as it stands in its file, from that of the document as it reads with the defaults of the file:
 * what those may give is not required, and of several of which one is required at most one is there.
 */
export function asWritten(complete: JsonSchema, mayBeDefaults: ReadonlySet<string>): JsonSchema {
  const { spec } = complete.properties ?? {}
  if (spec === undefined) return complete
  const { oneOf = [], required = [], ...rest } = spec
  const alternatives = oneOf.map((branch) => branch.required ?? [])
  const isFree = alternatives.every((keys) => keys.every((key) => mayBeDefaults.has(key)))
  const together = pairs(alternatives).map(([one, other]) => ({ required: [...one, ...other] }))
  const written: JsonSchema = {
    ...rest,
    required: required.filter((key) => !mayBeDefaults.has(key)),
    ...(isFree && together.length > 0 ? { not: { anyOf: together } } : { oneOf }),
  }
  return { ...complete, properties: { ...complete.properties, spec: written } }
}

function pairs<T>(items: readonly T[]): readonly (readonly [T, T])[] {
  return items.flatMap((one, index) => items.slice(index + 1).map((other) => [one, other] as const))
}
