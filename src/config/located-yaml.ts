import type { Place, Problem } from '../core/model/problem.ts'
import { pathOf, type SourceDocument } from '../documents/source-document.ts'
import { yamlDocuments } from '../documents/yaml-documents.ts'

/** A config that is one YAML (or JSON) document, as plain data that still knows where each value was written. */
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
  const { documents, problems: ofSyntax } = yamlDocuments({ name: file, text })
  const problems = [...ofSyntax, ...documents.slice(1).map(tooMany)]
  const [document] = documents
  const start: Place = { file, line: 1, column: 1 }
  return {
    value: problems.length > 0 ? undefined : (document?.value ?? null),
    problems,
    placeOf: (pointer) => document?.placeOf(pathOf(pointer)) ?? start,
    keyPlaceOf: (pointer) => document?.placeOfKey(pathOf(pointer)) ?? start,
  }
}

function tooMany(document: SourceDocument): Problem {
  const message = 'the engine config is one document; another begins here'
  return { code: 'YAML_SYNTAX', severity: 'error', at: document.placeOf([]), message }
}
