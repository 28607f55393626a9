import type { ForeignValue, Origin } from './foreign-value.ts'

/** A value of a native document, and what it was made from. */
export interface Carried {
  readonly content: CarriedContent
  readonly origin: Origin
}

export type CarriedContent = string | number | boolean | readonly Carried[] | ReadonlyMap<string, Carried>

/** A scalar made from something in a file of another tool. */
export function carried(content: string | number | boolean, from: ForeignValue): Carried {
  return { content, origin: from.origin }
}

/** A mapping; what is undefined is left out of it. */
export function carriedMapping(from: ForeignValue, entries: Readonly<Record<string, Carried | undefined>>): Carried {
  const present = Object.entries(entries).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  )
  return { content: new Map(present), origin: from.origin }
}

export function carriedList(from: ForeignValue, items: readonly Carried[]): Carried {
  return { content: items, origin: from.origin }
}

/** A plain value, all of it made from one thing. */
export function carriedWhole(value: unknown, from: ForeignValue): Carried {
  if (Array.isArray(value))
    return carriedList(
      from,
      value.map((item) => carriedWhole(item, from)),
    )
  if (typeof value === 'object' && value !== null) {
    return carriedMapping(
      from,
      Object.fromEntries(Object.entries(value).map(([key, item]) => [key, carriedWhole(item, from)])),
    )
  }
  return carried(typeof value === 'number' || typeof value === 'boolean' ? value : String(value), from)
}

/** The scalar as text; empty for a mapping or a list. */
export function carriedText({ content }: Carried): string {
  return typeof content === 'object' ? '' : String(content)
}

/** The value without where it comes from. */
export function plainValue({ content }: Carried): unknown {
  if (content instanceof Map) return Object.fromEntries([...content].map(([key, value]) => [key, plainValue(value)]))
  return Array.isArray(content) ? content.map(plainValue) : content
}

/** The part at one key or index; undefined when there is none. */
export function carriedChild({ content }: Carried, step: string | number): Carried | undefined {
  if (content instanceof Map) return content.get(String(step))
  return Array.isArray(content) && typeof step === 'number' ? content[step] : undefined
}
