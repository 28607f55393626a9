/**
 * A copy of plain data in which equal parts are one object: rules repeat themselves, and a part that is written down once is read once.
 * Parts are objects, arrays, maps and sets; it has no circles.
 */
export function sharingEqual(whole: unknown): unknown {
  const parts = new Map<string, object>()
  const numbers = new Map<object, number>()

  /** The part that is equal to it; one of its own kind tells parts of another kind apart by `kind`. */
  const shared = (kind: string, children: readonly unknown[], make: () => object): object => {
    const key = `${kind}${children.map((child) => keyOf(child, numbers)).join()}`
    const known = parts.get(key)
    if (known !== undefined) return known
    const made = make()
    parts.set(key, made)
    numbers.set(made, numbers.size)
    return made
  }
  const copy = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) {
      const items = value.map(copy)
      return shared('[', items, () => items)
    }
    if (value instanceof Map) {
      const entries = [...value].map(([key, item]) => [copy(key), copy(item)] as const)
      return shared('map', entries.flat(), () => new Map(entries))
    }
    if (value instanceof Set) {
      const items = [...value].map(copy)
      return shared('set', items, () => new Set(items))
    }
    const entries = Object.entries(value).map(([key, item]) => [key, copy(item)] as const)
    return shared('{', entries.flat(), () => Object.fromEntries(entries))
  }
  return copy(whole)
}

/** Equal for what is equal: a part has its number, and what is no part its type and its text. */
function keyOf(value: unknown, numbers: ReadonlyMap<object, number>): string {
  switch (typeof value) {
    case 'object':
      return value === null ? 'null' : `#${numbers.get(value)}`
    case 'string':
      return JSON.stringify(value)
    default:
      return `${typeof value}${Object.is(value, -0) ? '-0' : String(value)}`
  }
}
