import type { Problem } from '../core/model/problem.ts'
import type { AlertPolicy, Slo } from '../core/model/slo.ts'
import { checkStructure } from './check-structure.ts'
import { identifyDocument } from './identify-document.ts'
import { linkRules, type NamedPlace } from './link-rules.ts'
import { problemCollector } from './problem-collector.ts'
import { readAlertPolicy } from './read-alert-policy.ts'
import { type RuleFile, readDocuments } from './read-documents.ts'
import { readSlo, type SloDraft } from './read-slo.ts'
import { type Reading, readText } from './read-values.ts'
import type { DocumentKind } from './schema/rule-schema.ts'
import type { Path, SourceDocument } from './source-document.ts'

/** What rule files declare. Use it only when no problem is an error: documents with errors are left out. */
export interface RuleSet {
  readonly slos: readonly Slo[]
  /** The policies that files declare, without the built-in ones. */
  readonly policies: readonly AlertPolicy[]
  /** In the order of the files, then by line and column. */
  readonly problems: readonly Problem[]
}

/** Reads rule files from their text and finds everything that is wrong with them. */
export function parseRules(files: readonly RuleFile[]): RuleSet {
  const read = files.map(readDocuments)
  const documents = read.flatMap((file) => file.documents).map(readDocument)
  const linked = linkRules({
    names: documents.flatMap(({ name }) => name ?? []),
    references: documents.flatMap(({ reference }) => reference ?? []),
    drafts: documents.flatMap(({ draft }) => draft ?? []),
    policies: documents.flatMap(({ policy }) => policy ?? []),
  })
  const problems = [...read, ...documents, linked].flatMap((part) => part.problems)
  return { slos: linked.slos, policies: linked.policies, problems: inReadingOrder(problems, files) }
}

interface ReadDocument {
  readonly name?: NamedPlace | undefined
  readonly reference?: NamedPlace | undefined
  readonly draft?: SloDraft | undefined
  readonly policy?: AlertPolicy | undefined
  readonly problems: readonly Problem[]
}

function readDocument(document: SourceDocument): ReadDocument {
  const problems = problemCollector(document)
  const kind = identifyDocument(document, problems)
  if (kind === undefined) return { problems: problems.problems }
  const reading: Reading = { document, problems }
  const name = namedPlace(reading, kind, ['metadata', 'name'])
  const reference = kind === 'SLO' ? namedPlace(reading, 'AlertPolicy', ['spec', 'alerting', 'policy']) : undefined
  // Values are read before the structure is checked: of two findings at one path the reader's is the more precise.
  const content = kind === 'SLO' ? { draft: readSlo(reading) } : { policy: readAlertPolicy(reading) }
  for (const finding of checkStructure(kind, document)) problems.report(finding)
  return { name, reference, ...(problems.hasErrors() ? {} : content), problems: problems.problems }
}

function namedPlace(reading: Reading, kind: DocumentKind, path: Path): NamedPlace | undefined {
  const name = readText(reading, path)
  return name === undefined ? undefined : { kind, name, at: reading.document.placeOf(path) }
}

function inReadingOrder(problems: readonly Problem[], files: readonly RuleFile[]): Problem[] {
  const order = new Map(files.map(({ name }, index) => [name, index]))
  const position = ({ at }: Problem): number => order.get(at.file) ?? 0
  return problems.toSorted((a, b) => position(a) - position(b) || a.at.line - b.at.line || a.at.column - b.at.column)
}
