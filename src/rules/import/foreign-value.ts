import { isMapping } from '../../core/model/mapping.ts'
import type { Place } from '../../core/model/problem.ts'
import type { Path, SourceDocument } from '../../documents/source-document.ts'

/** Where something stands that was written for another tool. */
export interface Origin {
  readonly document: SourceDocument
  readonly path: Path
}

/** A value in a file of another tool, there or not, and where it stands. */
export interface ForeignValue {
  readonly origin: Origin
  /** Undefined when there is none, or null. */
  readonly value: unknown
  /** A scalar as it was written: what is text there may look like a number in YAML. */
  readonly text: string | undefined
  /** The value of a key, or the item of a list. */
  at(...steps: readonly (string | number)[]): ForeignValue
  items(): readonly ForeignValue[]
  entries(): readonly (readonly [string, ForeignValue])[]
  place(): Place
  placeOfKey(): Place
  /** Where one character of the text stands. */
  placeInText(offset: number): Place
}

/** The value at a path of a document. */
export function foreignValue(document: SourceDocument, path: Path): ForeignValue {
  const value = document.at(path) ?? undefined
  const at = (...steps: readonly (string | number)[]) => foreignValue(document, [...path, ...steps])
  return {
    origin: { document, path },
    value,
    text: textOf(value, document, path),
    at,
    items: () => (Array.isArray(value) ? value.map((_, index) => at(index)) : []),
    entries: () => (isMapping(value) ? Object.keys(value).map((key) => [key, at(key)] as const) : []),
    place: () => document.placeOf(path),
    placeOfKey: () => document.placeOfKey(path),
    placeInText: (offset) => document.placeInText(path, offset),
  }
}

function textOf(value: unknown, document: SourceDocument, path: Path): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined
  return document.textAt(path) ?? String(value)
}
