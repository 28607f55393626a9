import type { Exclusion } from '../core/model/exclusion.ts'
import type { Problem } from '../core/model/problem.ts'
import type { AlertPolicy, Slo } from '../core/model/slo.ts'
import { linkRules } from './link-rules.ts'
import type { LintOptions } from './lints/slo-lint.ts'
import type { ReadDocument } from './read-document.ts'
import type { RuleFile } from './read-documents.ts'
import { readFiles } from './read-files.ts'

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
  const { problems, documents } = await readFiles(files)
  return linked(files, documents, problems, options)
}

/** The rules of documents that were read; problems were found in reading them. */
export function linked(
  files: readonly RuleFile[],
  documents: readonly ReadDocument[],
  problems: readonly Problem[],
  options: LintOptions,
): RuleSet {
  const { slos, policies, maintenances } = linkRules(documents, options)
  return { slos, policies, maintenances, problems: inReadingOrder([...problems, ...withoutRepeats(documents)], files) }
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
