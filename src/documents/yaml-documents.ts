import { type Document, isScalar, LineCounter, parseAllDocuments, type YAMLError } from 'yaml'
import type { Problem } from '../core/model/problem.ts'
import type { ProblemCode } from '../core/model/problem-codes.ts'
import { type SourceDocument, sourceDocument } from './source-document.ts'

/** A file's name, as messages give it, and its text. */
export interface SourceFile {
  readonly name: string
  readonly text: string
}

/** The documents of a file, without empty ones, and what is wrong with its syntax. */
export interface YamlDocuments {
  readonly documents: readonly SourceDocument[]
  readonly problems: readonly Problem[]
}

/** All documents of one YAML or JSON file; those with a syntax error become problems instead. Never throws for a text. */
export function yamlDocuments(file: SourceFile): YamlDocuments {
  const lines = new LineCounter()
  const parsed = parseAllDocuments(file.text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: 'error',
  })
  const documents: SourceDocument[] = []
  const problems: Problem[] = []
  for (const yaml of parsed) {
    const faults = syntaxProblems(file, yaml, lines)
    problems.push(...faults)
    if (faults.length > 0 || yaml.contents === null || isEmptyScalar(yaml)) continue
    try {
      documents.push(sourceDocument(file.name, file.text, yaml, lines))
    } catch (error) {
      problems.push(expansionProblem(file, yaml, lines, error))
    }
  }
  return { documents, problems }
}

/** Between two `---` there may be nothing but comments. */
function isEmptyScalar({ contents }: Document.Parsed): boolean {
  return isScalar(contents) && contents.source === '' && contents.type === 'PLAIN'
}

/** Every repeated key and every tag, but only the first syntax error: those after it mostly follow from it. */
function syntaxProblems(file: SourceFile, yaml: Document.Parsed, lines: LineCounter): Problem[] {
  const duplicates = yaml.errors.filter(({ code }) => code === 'DUPLICATE_KEY')
  const firstOther = yaml.errors.filter(({ code }) => code !== 'DUPLICATE_KEY').slice(0, 1)
  return [...duplicates, ...firstOther, ...yaml.warnings].map((fault) => {
    const { code, message, hint } = explain(fault)
    // How deep is too deep depends on the machine, so the place is the document.
    const offset = fault.code === 'RESOURCE_EXHAUSTION' ? yaml.range[0] : fault.pos[0]
    const problem = { code, severity: 'error' as const, at: placeAt(file, lines, offset), message }
    return hint === undefined ? problem : { ...problem, hint }
  })
}

interface Explanation {
  readonly code: ProblemCode
  readonly message: string
  readonly hint?: string
}

const tooDeep = 'the nesting is too deep'
const quoteIt = 'put the value between single quotes when it holds ": " or " #", or begins with a special character'

function explain(fault: YAMLError): Explanation {
  const message = fault.message.charAt(0).toLowerCase() + fault.message.slice(1)
  switch (fault.code) {
    case 'DUPLICATE_KEY':
      return {
        code: 'YAML_DUPLICATE_KEY',
        message: 'this key stands in the mapping already',
        hint: 'keep one of the two',
      }
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_DIRECTIVE':
      return { code: 'YAML_TAG', message, hint: 'quote the text if it should begin with "!"' }
    case 'TAB_AS_INDENT':
      return { code: 'YAML_SYNTAX', message: 'a tab cannot indent', hint: 'indent with spaces' }
    case 'RESOURCE_EXHAUSTION':
      return { code: 'YAML_SYNTAX', message: tooDeep }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { code: 'YAML_SYNTAX', message: 'a second ": " stands in what is one value', hint: quoteIt }
    case 'UNEXPECTED_TOKEN':
      return { code: 'YAML_SYNTAX', message: unexpected(message), hint: quoteIt }
    case 'BAD_SCALAR_START':
    case 'MULTILINE_IMPLICIT_KEY':
      return { code: 'YAML_SYNTAX', message, hint: quoteIt }
    case 'MISSING_CHAR':
      return /closing ["']/.test(fault.message)
        ? { code: 'YAML_SYNTAX', message: 'a quote that is opened before this is not closed' }
        : { code: 'YAML_SYNTAX', message }
    case 'BAD_INDENT':
      return fault.message.startsWith('Flow')
        ? { code: 'YAML_SYNTAX', message: 'a [ or { before this is not closed, or what it holds is not indented' }
        : { code: 'YAML_SYNTAX', message }
    default:
      return { code: 'YAML_SYNTAX', message }
  }
}

function unexpected(message: string): string {
  return message === 'unexpected scalar at node end' ? 'text goes on where a value has ended' : message
}

/** What turns up only when aliases are followed and the nodes become values. */
function expansionProblem(file: SourceFile, yaml: Document.Parsed, lines: LineCounter, error: unknown): Problem {
  if (!(error instanceof Error)) throw error
  const at = placeAt(file, lines, yaml.contents?.range[0] ?? yaml.range[0])
  if (error instanceof RangeError) return { code: 'YAML_SYNTAX', severity: 'error', at, message: tooDeep }
  if (error.message.startsWith('Excessive alias count'))
    return { code: 'YAML_ALIAS', severity: 'error', at, message: 'the aliases stand for so much that it is not read' }
  return {
    code: 'YAML_ALIAS',
    severity: 'error',
    at,
    message: error.message.charAt(0).toLowerCase() + error.message.slice(1),
  }
}

function placeAt(file: SourceFile, lines: LineCounter, offset: number): Problem['at'] {
  const { line, col } = lines.linePos(offset)
  return { file: file.name, line: Math.max(line, 1), column: Math.max(col, 1) }
}
