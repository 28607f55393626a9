import { parseRules, type RuleSet } from './parse-rules.ts'
import { readRuleFiles } from './read-rule-files.ts'

/** Reads every rule file under the paths given, files or directories; never rejects for what stands in them. */
export async function loadRules(paths: readonly string[]): Promise<RuleSet> {
  const { files, problems } = await readRuleFiles(paths)
  const rules = parseRules(files)
  return { ...rules, problems: [...problems, ...rules.problems] }
}
