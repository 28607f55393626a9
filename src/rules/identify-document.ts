import { knownWordsHint } from '../core/model/did-you-mean.ts'
import { describeValue } from '../documents/describe-value.ts'
import type { ProblemCollector } from '../documents/problem-collector.ts'
import type { SourceDocument } from '../documents/source-document.ts'
import { type ForeignFormat, foreignVersions } from './import/foreign-format.ts'
import { type DocumentKind, documentSchemas } from './schema/rule-schema.ts'

const apiVersion = 'sloburn/v1'
const laterKinds = ['BudgetPolicy']

/** Tools whose files are read, told by what their versions begin with; here only versions that are not read arrive. */
const foreignTools: readonly (readonly [string, ForeignFormat])[] = [
  ['sloth.slok.dev/', 'Sloth'],
  ['pyrra.dev/', 'Pyrra'],
  ['openslo/', 'OpenSLO'],
  ['openslo.com/', 'OpenSLO'],
]

/** What kind of document this is; undefined when it is none that can be read, which is then reported. */
export function identifyDocument(document: SourceDocument, problems: ProblemCollector): DocumentKind | undefined {
  const { value } = document
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = 'a rule document is a mapping with apiVersion, kind, metadata and spec'
    problems.report({ code: 'WRONG_TYPE', path: [], message })
    return undefined
  }
  if (hasForeignVersion(document, problems) || hasOtherVersion(document, problems)) return undefined
  const kind = document.at(['kind'])
  if (isDocumentKind(kind)) return kind
  reportKind(kind, document, problems)
  return undefined
}

/** Whether a document without kind is the engine's own configuration, which lives beside rules in many repositories. */
export function isEngineConfig(document: SourceDocument): boolean {
  if (document.at(['kind']) !== undefined || document.at(['apiVersion']) !== undefined) return false
  const configKeys = ['listen', 'evaluation', 'sources', 'receivers', 'routes', 'store', 'rules']
  return configKeys.some((key) => document.at([key]) !== undefined)
}

function hasForeignVersion(document: SourceDocument, problems: ProblemCollector): boolean {
  const path = ['apiVersion']
  const version = document.at(path)
  const tool = foreignTools.find(([prefix]) => typeof version === 'string' && version.startsWith(prefix))?.[1]
  if (tool === undefined) return false
  const read = [...foreignVersions].filter(([, format]) => format === tool).map(([known]) => known)
  const message = `${tool} files of version ${String(version)} are not supported`
  problems.report({ code: 'NOT_SUPPORTED_YET', path, message, hint: `versions that are: ${read.join(', ')}` })
  return true
}

function hasOtherVersion(document: SourceDocument, problems: ProblemCollector): boolean {
  const version = document.at(['apiVersion'])
  if (version === apiVersion) return false
  if (version === undefined && isDocumentKind(document.at(['kind']))) return false
  const hint = isEngineConfig(document)
    ? 'this looks like an engine config: give it to "sloburn run --config", and keep it out of the rules'
    : `begin the document with apiVersion: ${apiVersion}`
  const message =
    version === undefined
      ? 'apiVersion is missing, so this is not a rule document'
      : `there is no apiVersion ${describeValue(version)}`
  problems.report({ code: 'RULE_API_VERSION', path: ['apiVersion'], message, hint })
  return true
}

function reportKind(kind: unknown, document: SourceDocument, problems: ProblemCollector): void {
  const known = Object.keys(documentSchemas)
  const path = ['kind']
  if (kind === undefined) {
    const hint = `for example kind: SLO (known: ${known.join(', ')})`
    problems.report({ code: 'MISSING_KEY', path, message: '"kind" is missing in the document', hint })
  } else if (typeof kind === 'string' && laterKinds.includes(kind)) {
    const hint = `this version reads ${known.slice(0, -1).join(', ')} and ${known.at(-1)} documents`
    problems.report({ code: 'NOT_SUPPORTED_YET', path, message: `kind ${kind} is not supported yet`, hint })
  } else {
    const hint = knownWordsHint(document.textAt(path) ?? '', known)
    problems.report({ code: 'RULE_KIND', path, message: `there is no kind ${describeValue(kind)}`, hint })
  }
}

function isDocumentKind(kind: unknown): kind is DocumentKind {
  return typeof kind === 'string' && Object.hasOwn(documentSchemas, kind)
}
