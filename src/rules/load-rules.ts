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
  const { files, problems } = await readRuleFiles(paths)
  const rules = await parseRules(files, options)
  return { ...rules, files, problems: [...problems, ...rules.problems] }
}

/** The same, but that a file is parsed only where nobody knows what it gave earlier. */
export async function loadRulesAgain(
  paths: readonly string[],
  options: LintOptions,
  earlier: (files: readonly RuleFile[]) => EarlierReading,
): Promise<LoadedRuleSet & RuleSetToKeep> {
  const { files, problems } = await readRuleFiles(paths)
  const rules = await parseRulesAgain(files, options, earlier(files))
  return { ...rules, files, problems: [...problems, ...rules.problems] }
}
