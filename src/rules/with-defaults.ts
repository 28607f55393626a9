import { isMapping, type Mapping } from '../core/model/mapping.ts'
import { type Path, type SourceDocument, valueAt } from '../documents/source-document.ts'
import { sharedProperties } from './schema/slo-schema.ts'

/**
 * A document as it reads with the defaults of its file. Mappings are merged key by key; anything else in the document
 * stands in place of the default. Every value keeps the place where it was written.
 */
export function withDefaults(own: SourceDocument, defaults: SourceDocument): SourceDocument {
  const written = defaults.at(['spec'])
  const spec = own.at(['spec'])
  if (!isMapping(own.value) || !isMapping(written) || (spec !== undefined && !isMapping(spec))) return own
  const value = { ...own.value, spec: merge(defaultsFor(own, written), spec ?? {}) }
  const ownerOf = (path: Path): SourceDocument =>
    own.at(path) !== undefined || valueAt(value, path) === undefined ? own : defaults
  return {
    file: own.file,
    value,
    at: (path) => valueAt(value, path),
    textAt: (path) => ownerOf(path).textAt(path),
    isDefault: (path) => ownerOf(path) === defaults,
    isFollowedByComment: (path) => ownerOf(path).isFollowedByComment(path),
    placeOf: (path) => ownerOf(path).placeOf(path),
    placeOfKey: (path) => ownerOf(path).placeOfKey(path),
    placeInText: (path, offset) => ownerOf(path).placeInText(path, offset),
    placeInKey: (path, offset) => ownerOf(path).placeInKey(path, offset),
  }
}

/** Defaults that the document does not replace by saying the same in another way. */
function defaultsFor(own: SourceDocument, defaults: Mapping): Mapping {
  const hasObjective = own.at(['spec', 'objective']) !== undefined || own.at(['spec', 'objectives']) !== undefined
  const replaced = new Set(hasObjective ? ['objective', 'objectives'] : [])
  // What cannot be a default is reported once, where it stands, and is nothing that SLOs have.
  const kept = Object.entries(defaults).filter(([key]) => Object.hasOwn(sharedProperties, key) && !replaced.has(key))
  return Object.fromEntries(kept.map(([key, value]) => [key, key === 'labels' ? labelsFor(own, value) : value]))
}

/** A document's own metadata.labels win over the labels of its file. */
function labelsFor(own: SourceDocument, labels: unknown): unknown {
  const ownLabels = own.at(['metadata', 'labels'])
  if (!isMapping(labels) || !isMapping(ownLabels)) return labels
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !Object.hasOwn(ownLabels, name)))
}

function merge(defaults: Mapping, own: Mapping): Mapping {
  const merged = new Map(Object.entries(defaults))
  for (const [key, value] of Object.entries(own)) {
    const standard = merged.get(key)
    merged.set(key, isMapping(standard) && isMapping(value) ? merge(standard, value) : value)
  }
  return Object.fromEntries(merged)
}
