import type { Exclusion } from '../core/model/exclusion.ts'
import type { Problem } from '../core/model/problem.ts'
import type { AlertPolicy, Slo } from '../core/model/slo.ts'
import { withImported } from './import/with-imported.ts'
import { type Languages, loadLanguages } from './languages.ts'
import { linkRules } from './link-rules.ts'
import { indicatorPath, type LintOptions } from './lints/slo-lint.ts'
import { type IdentifiedDocument, identified, type ReadDocument, readDocument } from './read-document.ts'
import { type RuleFile, readDocuments } from './read-documents.ts'
import { languagesOf } from './read-indicator.ts'
import { withDefaults } from './with-defaults.ts'

/** What rule files declare. Use it only when no problem is an error: documents with errors are left out. */
export interface RuleSet {
  readonly slos: readonly Slo[]
  /** The policies that files declare, without the built-in ones. */
  readonly policies: readonly AlertPolicy[]
  readonly maintenances: readonly Exclusion[]
  /** In the order of the files, then by line and column. */
  readonly problems: readonly Problem[]
}

/**
 * Reads rule files from their text and finds everything that is wrong with them. It waits only for the parsers of
 * formulas and queries, where there are any.
 */
export async function parseRules(files: readonly RuleFile[], options: LintOptions = {}): Promise<RuleSet> {
  const parsed = files.map(readDocuments)
  const imported = await withImported(parsed.map(({ documents }) => documents))
  const identities = imported.files.map((documents) => documents.map(identified))
  const texts = identities.flat().flatMap(({ document }) => languagesOf(document, indicatorPath))
  const languages = await loadLanguages(new Set(texts))
  const documents = identities.flatMap((ofFile) => readFile(ofFile, languages))
  const { slos, policies, maintenances } = linkRules(documents, options)
  const found = [...parsed, imported, ...identities.flat()].flatMap((part) => part.problems)
  return { slos, policies, maintenances, problems: inReadingOrder([...found, ...withoutRepeats(documents)], files) }
}

/** The documents of one file, its SLOs as they read with the defaults of the file. */
function readFile(identities: readonly IdentifiedDocument[], languages: Languages): ReadDocument[] {
  const defaults = identities.find(({ kind }) => kind === 'Defaults')
  const hasSlos = identities.some(({ kind }) => kind === 'SLO')
  return identities.flatMap(({ document, kind }) => {
    if (kind === undefined) return []
    const isMerged = kind === 'SLO' && defaults !== undefined
    const read = readDocument(isMerged ? withDefaults(document, defaults.document) : document, kind, languages)
    if (kind === 'Defaults') reportUseless(read, document === defaults?.document, hasSlos)
    return [read]
  })
}

function reportUseless({ problems }: ReadDocument, isFirst: boolean, hasSlos: boolean): void {
  const path = ['kind']
  if (!isFirst) {
    const message = 'this file has Defaults already'
    problems.report({ code: 'RULE_DEFAULTS', path, message, hint: 'put both into one document' })
  } else if (!hasSlos) {
    const message = 'there is no SLO in this file, and Defaults do not reach into others'
    problems.report({ code: 'RULE_DEFAULTS', path, message, hint: 'put it into the file that holds the SLOs' })
  }
}

/** What is wrong with a default is found with every SLO of the file, and in its own document less precisely. */
function withoutRepeats(documents: readonly ReadDocument[]): Problem[] {
  const found = new Map<string, Problem>()
  const places = new Set<string>()
  for (const { problems } of documents.filter((read) => !isDefaults(read))) {
    for (const problem of problems.problems) {
      found.set(`${placeKey(problem)} ${problem.message}`, problem)
      places.add(placeKey(problem))
    }
  }
  const ofDefaults = documents.filter(isDefaults).flatMap(({ problems }) => problems.problems)
  return [...found.values(), ...ofDefaults.filter((problem) => !places.has(placeKey(problem)))]
}

function isDefaults({ kind }: ReadDocument): boolean {
  return kind === 'Defaults'
}

function placeKey({ code, at }: Problem): string {
  return `${code} ${at.file}:${at.line}:${at.column}`
}

function inReadingOrder(problems: readonly Problem[], files: readonly RuleFile[]): Problem[] {
  const order = new Map(files.map(({ name }, index) => [name, index]))
  const position = ({ at }: Problem): number => order.get(at.file) ?? 0
  return problems.toSorted((a, b) => position(a) - position(b) || a.at.line - b.at.line || a.at.column - b.at.column)
}
