import { type Path, type SourceDocument, valueAt } from '../../documents/source-document.ts'
import { type Carried, carriedChild, plainValue } from './carried.ts'
import type { Origin } from './foreign-value.ts'

/** A native document made from one of another tool: it reads like any other, and its places are those of the original. */
export function translatedDocument(root: Carried): SourceDocument {
  const value = plainValue(root)
  return {
    file: root.origin.document.file,
    value,
    at: (path) => valueAt(value, path),
    textAt: (path) => scalarText(valueAt(value, path)),
    isDefault: () => false,
    isFollowedByComment: (path) => ask(root, path, ({ document, path: at }) => document.isFollowedByComment(at)),
    placeOf: (path) => ask(root, path, ({ document, path: at }) => document.placeOf(at)),
    placeOfKey: (path) => ask(root, path, ({ document, path: at }) => document.placeOfKey(at)),
    placeInText: (path, offset) => {
      const { document, path: at } = originOf(root, path)
      const isAsWritten = document.at(at) === valueAt(value, path)
      return isAsWritten ? document.placeInText(at, offset) : document.placeOf(at)
    },
    placeInKey: (path) => ask(root, path, ({ document, path: at }) => document.placeOfKey(at)),
  }
}

function ask<T>(root: Carried, path: Path, question: (origin: Origin) => T): T {
  return question(originOf(root, path))
}

/** What the value at the path was made from, or the nearest around it that is there. */
function originOf(root: Carried, path: Path): Origin {
  let found = root
  for (const step of path) {
    const child = carriedChild(found, step)
    if (child === undefined) break
    found = child
  }
  return found.origin
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
