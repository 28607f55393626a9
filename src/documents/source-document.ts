import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml'
import type { Place } from '../core/model/problem.ts'
import { positionInScalar } from './position-in-scalar.ts'

/** The way from the top of a document to a value: keys and indices. */
export type Path = readonly (string | number)[]

/** One YAML document: its plain value, and where in the file each part of it stands. */
export interface SourceDocument {
  readonly file: string
  readonly value: unknown
  /** The value at the path, undefined when there is none. */
  at(path: Path): unknown
  /** A scalar's text as it was written, without quotes: `99.90` rather than 99.9. */
  textAt(path: Path): string | undefined
  /** Whether the value comes from the defaults of the file. */
  isDefault(path: Path): boolean
  /** Whether a comment stands behind the value on its line. */
  isFollowedByComment(path: Path): boolean
  /** Where the value stands; where the nearest mapping or list around it stands when it is missing. */
  placeOf(path: Path): Place
  /** Where the key stands that the path ends with. */
  placeOfKey(path: Path): Place
  /** Where one character of a text stands. */
  placeInText(path: Path, offset: number): Place
  /** Where one character of the key stands that the path ends with. */
  placeInKey(path: Path, offset: number): Place
}

/** Puts a parsed YAML document and its source together; throws when an alias cannot be resolved. */
export function sourceDocument(
  file: string,
  source: string,
  yaml: Document.Parsed,
  lines: LineCounter,
): SourceDocument {
  const value: unknown = yaml.toJS()
  const start = yaml.contents?.range?.[0] ?? yaml.range[0]
  const place = (path: Path, offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col, path: pointer(path) }
  }
  return {
    file,
    value,
    at: (path) => valueAt(value, path),
    textAt: (path) => scalarText(find(yaml, path).value),
    isDefault: () => false,
    isFollowedByComment: (path) => (find(yaml, path).value?.comment ?? '') !== '',
    placeOf: (path) => place(path, nearest(yaml, path, start)),
    placeOfKey: (path) => place(path, find(yaml, path).key?.range?.[0] ?? nearest(yaml, path, start)),
    placeInText: (path, offset) => {
      const { value: node } = find(yaml, path)
      const position = isScalar(node) ? positionInScalar(node, source, offset) : undefined
      return place(path, position ?? nearest(yaml, path, start))
    },
    placeInKey: (path, offset) => {
      const { key } = find(yaml, path)
      const position = isScalar(key) ? positionInScalar(key, source, offset) : undefined
      return place(path, position ?? key?.range?.[0] ?? nearest(yaml, path, start))
    },
  }
}

/** The part of a plain value at the path, undefined when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(child, value)
}

/** The JSON pointer of a path. */
export function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The path that a JSON pointer gives. */
export function pathOf(jsonPointer: string): Path {
  const steps = jsonPointer.split('/').slice(1)
  return steps
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}

/** The path as people write it: `spec.rules[0].long`. */
export function readablePath(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`)).join('')
}

interface Found {
  readonly key: Node | undefined
  readonly value: Node | undefined
}

function find(yaml: Document.Parsed, path: Path): Found {
  let found: Found = { key: undefined, value: resolve(yaml, yaml.contents) }
  for (const step of path) {
    const { value } = found
    if (isMap<Node, Node | null>(value)) {
      const pair: Pair<Node, Node | null> | undefined = value.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(step),
      )
      if (pair === undefined) return { key: undefined, value: undefined }
      found = { key: pair.key, value: resolve(yaml, pair.value) }
    } else if (isSeq<Node>(value) && typeof step === 'number' && step < value.items.length) {
      found = { key: undefined, value: resolve(yaml, value.items[step]) }
    } else {
      return { key: undefined, value: undefined }
    }
  }
  return found
}

function resolve(yaml: Document.Parsed, node: Node | null): Node | undefined {
  if (!isAlias(node)) return node ?? undefined
  return node.resolve(yaml)
}

/** A missing or empty value is shown at its key; a missing key at the key of the mapping it belongs to. */
function nearest(yaml: Document.Parsed, path: Path, start: number): number {
  for (let length = path.length; length > 0; length -= 1) {
    const { key, value } = find(yaml, path.slice(0, length))
    const isWhatWasAsked = length === path.length && !(isScalar(value) && value.type === 'PLAIN' && value.source === '')
    const offset = (isWhatWasAsked ? value?.range?.[0] : undefined) ?? key?.range?.[0] ?? value?.range?.[0]
    if (offset !== undefined) return offset
  }
  return start
}

function scalarText(node: Node | undefined): string | undefined {
  if (!isScalar(node)) return undefined
  return node.source ?? (typeof node.value === 'string' ? node.value : undefined)
}

function child(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
  return Object.getOwnPropertyDescriptor(value, step)?.value
}
