import type { LintOptions } from './lints/slo-lint.ts'
import { parseRules, type RuleSet } from './parse-rules.ts'
import { parseRulesAgain, type RuleSetToKeep } from './parse-rules-again.ts'
import type { RuleFile } from './read-documents.ts'
import type { EarlierReading } from './read-files.ts'
import { readRuleFiles } from './read-rule-files.ts'

/** What rule files declare, and the files themselves. */
export interface LoadedRuleSet extends RuleSet {
  readonly files: readonly RuleFile[]
}

/** Reads every rule file under the paths given, files or directories; never rejects for what stands in them. */
export async function loadRules(paths: readonly string[], options: LintOptions = {}): Promise<LoadedRuleSet> {
  return await load(paths, (files) => parseRules(files, options))
}

/** The same, but that a file is parsed only where nobody knows what it gave earlier. */
export async function loadRulesAgain(
  paths: readonly string[],
  options: LintOptions,
  earlier: (files: readonly RuleFile[]) => EarlierReading,
): Promise<LoadedRuleSet & RuleSetToKeep> {
  return await load(paths, (files) => parseRulesAgain(files, options, earlier(files)))
}

async function load<Rules extends RuleSet>(
  paths: readonly string[],
  parse: (files: readonly RuleFile[]) => Promise<Rules>,
): Promise<LoadedRuleSet & Rules> {
  const { files, problems } = await readRuleFiles(paths)
  const rules = await parse(files)
  return { ...rules, files, problems: [...problems, ...rules.problems] }
}
