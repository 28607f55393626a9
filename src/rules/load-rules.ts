import type { LintOptions } from './lints/slo-lint.ts'
import { parseRules, type RuleSet } from './parse-rules.ts'
import { readRuleFiles } from './read-rule-files.ts'

/** Reads every rule file under the paths given, files or directories; never rejects for what stands in them. */
export async function loadRules(paths: readonly string[], options: LintOptions = {}): Promise<RuleSet> {
  const { files, problems } = await readRuleFiles(paths)
  const rules = await parseRules(files, options)
  return { ...rules, problems: [...problems, ...rules.problems] }
}
