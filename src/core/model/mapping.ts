/** An object of JSON or YAML of which nothing is known yet. */
export type Mapping = Readonly<Record<string, unknown>>

/** Tells objects from everything else that JSON and YAML hold. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
