import type { Exclusion } from '../core/model/exclusion.ts'
import type { Problem } from '../core/model/problem.ts'
import { problemCodes } from '../core/model/problem-codes.ts'
import type { AlertPolicy } from '../core/model/slo.ts'
import { type ProblemCollector, problemCollector } from '../documents/problem-collector.ts'
import type { Path, SourceDocument } from '../documents/source-document.ts'
import { checkStructure } from './check-structure.ts'
import { identifyDocument } from './identify-document.ts'
import type { Languages } from './languages.ts'
import { isLintCode, type LintCode } from './lint-codes.ts'
import { readAlertPolicy } from './read-alert-policy.ts'
import { readMaintenance } from './read-maintenance.ts'
import { readSlo, type SloDraft } from './read-slo.ts'
import { type Reading, readItems, readText } from './read-values.ts'
import type { DocumentKind } from './schema/rule-schema.ts'

/** A name that a document declares or refers to, and where in it. */
export interface NamedPlace {
  readonly kind: DocumentKind
  readonly name: string
  readonly path: Path
}

/** One document, read by itself: what it says, and where it speaks of others. */
export interface ReadDocument {
  readonly document: SourceDocument
  readonly kind: DocumentKind
  readonly problems: ProblemCollector
  readonly allowed: ReadonlySet<LintCode>
  /** What the document declares, also when something in it is wrong. */
  readonly name: NamedPlace | undefined
  readonly references: readonly NamedPlace[]
  /** What could be read without an error. */
  readonly draft: SloDraft | undefined
  readonly policy: AlertPolicy | undefined
  readonly maintenance: Exclusion | undefined
}

/** What is known of a document before its content is read. */
export interface IdentifiedDocument {
  readonly document: SourceDocument
  readonly kind: DocumentKind | undefined
  readonly problems: readonly Problem[]
}

/** Tells the kind of a document; what has none is reported. */
export function identified(document: SourceDocument): IdentifiedDocument {
  const problems = problemCollector(document)
  return { document, kind: identifyDocument(document, problems), problems: problems.problems }
}

/** Reads a document of a known kind. */
export function readDocument(document: SourceDocument, kind: DocumentKind, languages: Languages): ReadDocument {
  const allowed = allowedCodes(document)
  const problems = problemCollector(document, allowed)
  const reading: Reading = { document, problems, languages }
  // Values are read before the structure is checked: of two findings at one path the reader's is the more precise.
  const draft = kind === 'SLO' ? readSlo(reading) : undefined
  const policy = kind === 'AlertPolicy' ? readAlertPolicy(reading) : undefined
  const maintenance = kind === 'Maintenance' ? readMaintenance(reading) : undefined
  reportAllowedErrors(document, problems)
  for (const finding of checkStructure(kind, document)) problems.report(finding)
  const isRight = !problems.hasErrors()
  return {
    document,
    kind,
    problems,
    allowed,
    name: kind === 'Defaults' ? undefined : namedPlace(reading, kind, ['metadata', 'name']),
    references: kind === 'SLO' ? referencesOf(reading) : [],
    draft: isRight ? draft : undefined,
    policy: isRight ? policy : undefined,
    maintenance: isRight ? maintenance : undefined,
  }
}

function allowedCodes(document: SourceDocument): ReadonlySet<LintCode> {
  const written = document.at(['spec', 'allow'])
  const codes = typeof written === 'object' && written !== null ? Object.keys(written) : []
  return new Set(codes.filter(isLintCode))
}

/** An allowance with the code of an error is no misspelling: it is meant, and cannot be had. */
function reportAllowedErrors(document: SourceDocument, problems: ProblemCollector): void {
  const path = ['spec', 'allow']
  const written = document.at(path)
  const codes = typeof written === 'object' && written !== null ? Object.keys(written) : []
  for (const code of codes.filter((each) => !isLintCode(each) && Object.hasOwn(problemCodes, each))) {
    const message = `${code} is an error, which cannot be allowed`
    const hint = 'only doubts about a right document can be: docs/rules.md lists them'
    problems.report({ code: 'WRONG_VALUE', path: [...path, code], atKey: true, message, hint })
  }
}

function referencesOf(reading: Reading): readonly NamedPlace[] {
  const of = ['spec', 'indicator', 'composite', 'of']
  const members = readItems(reading, of).map((member) => namedPlace(reading, 'SLO', [...member, 'slo']))
  const policy = namedPlace(reading, 'AlertPolicy', ['spec', 'alerting', 'policy'])
  return [policy, ...members].filter((reference) => reference !== undefined)
}

function namedPlace(reading: Reading, kind: DocumentKind, path: Path): NamedPlace | undefined {
  const name = readText(reading, path)
  return name === undefined ? undefined : { kind, name, path }
}
