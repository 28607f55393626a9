import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import type { Place, Problem } from '../core/model/problem.ts'

/** A YAML (or JSON) document as plain data that still knows where each value was written. */
export interface LocatedYaml {
  /** Objects, arrays, strings, numbers, booleans and null; undefined when the text could not be read. */
  readonly value: unknown
  /** Everything that is wrong with the syntax. */
  readonly problems: readonly Problem[]
  /** Where the value at a JSON pointer was written; of a pointer that leads nowhere, its nearest parent. */
  placeOf(pointer: string): Place
  /** Where the key of the value at a JSON pointer was written; in a list, the value itself. */
  keyPlaceOf(pointer: string): Place
}

/** Reads a file that holds one document. Never throws for what it holds; an empty one reads as null. */
export function readYaml(text: string, file: string): LocatedYaml {
  const lines = new LineCounter()
  const options = { lineCounter: lines, prettyErrors: false, stringKeys: true, logLevel: 'error' } as const
  const documents = [...parseAllDocuments(text, options)]
  const [document] = documents
  const placeAt = (offset: number, path?: string): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), ...(path === undefined ? {} : { path }) }
  }
  const problems = documents.flatMap(({ errors, warnings }) =>
    [...errors.slice(0, 1), ...warnings].map(({ pos, message }) => syntaxProblem(placeAt(pos[0]), message)),
  )
  if (documents.length > 1) {
    problems.push(
      syntaxProblem(placeAt(documents[1].range[0]), 'The engine config is one document; a second begins here'),
    )
  }
  const value = document === undefined || problems.length > 0 ? null : plainValue(document)
  if (value instanceof Error) problems.push(syntaxProblem(placeAt(0), value.message))
  const found = (pointer: string): Found => find(document, pointer)
  return {
    value: problems.length > 0 ? undefined : value,
    problems,
    placeOf: (pointer) => placeAt(found(pointer).value?.range?.[0] ?? 0, pointer),
    keyPlaceOf: (pointer) => {
      const { key, value: node } = found(pointer)
      return placeAt((key ?? node)?.range?.[0] ?? 0, pointer)
    },
  }
}

function syntaxProblem(at: Place, message: string): Problem {
  return { code: 'YAML_SYNTAX', severity: 'error', at, message: message.charAt(0).toLowerCase() + message.slice(1) }
}

/** Aliases may not expand to more than a hundred copies, which is where the library gives up on an alias bomb. */
function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

interface Found {
  readonly key: Node | undefined
  readonly value: Node | undefined
}

function find(document: Document.Parsed | undefined, pointer: string): Found {
  let found: Found = { key: undefined, value: document?.contents ?? undefined }
  if (document === undefined) return found
  for (const name of keysOf(pointer)) {
    const next = child(found.value, name, document)
    if (next === undefined) break
    found = next
  }
  return found
}

function child(parent: Node | undefined, name: string, document: Document.Parsed): Found | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name)
    if (pair === undefined) return undefined
    const key = isNode(pair.key) ? pair.key : undefined
    return { key, value: isNode(pair.value) ? pair.value : key }
  }
  const item = isSeq(node) ? node.items[Number(name)] : undefined
  return isNode(item) ? { key: undefined, value: item } : undefined
}

function keysOf(pointer: string): readonly string[] {
  const keys = pointer.split('/').slice(1)
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}
