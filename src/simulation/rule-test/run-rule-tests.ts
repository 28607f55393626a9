import type { Exclusion } from '../../core/model/exclusion.ts'
import type { Place, Problem } from '../../core/model/problem.ts'
import type { Slo } from '../../core/model/slo.ts'
import { loadRules } from '../../rules/load-rules.ts'
import type { RuleFile } from '../../rules/read-documents.ts'
import { checkRuleTest } from '../../rules/rule-test/check-rule-test.ts'
import { parseRuleTests } from '../../rules/rule-test/parse-rule-tests.ts'
import type { RuleTest, RuleTestFile } from '../../rules/rule-test/rule-test.ts'
import { ConcernedSlos } from './concerned-slos.ts'
import { type ExplainedFailure, runRuleTest } from './run-rule-test.ts'

/** What came of one test file. */
export interface FileResult {
  readonly file: string
  /** Errors because of which the tests of the file were not run, and warnings. */
  readonly problems: readonly Problem[]
  readonly tests: readonly TestResult[]
}

/** What became of one test. */
export interface TestResult {
  readonly name: string
  /** Where its name stands. */
  readonly at: Place
  /** Why it was not run; empty when it was. */
  readonly problems: readonly Problem[]
  readonly failures: readonly ExplainedFailure[]
  readonly durationMs: number
}

/** Whether a test was run and came out as it expects. */
export function isPassed({ problems, failures }: TestResult): boolean {
  return problems.length === 0 && failures.length === 0
}

/** Which tests are run, and by which clock they are timed. */
export interface RunOptions {
  /** Only tests with such a name. */
  readonly isWanted: (name: string) => boolean
  /** A clock, to tell how long each test took. */
  readonly now: () => number
}

/** Runs rule test files one after the other; rules that several of them share are loaded once. */
export async function* runRuleTests(files: readonly RuleFile[], options: RunOptions): AsyncGenerator<FileResult> {
  const rules = new RulesCache()
  for (const file of files) {
    const { documents, problems } = parseRuleTests(file)
    const results: FileResult[] = []
    for (const document of documents) results.push(await runDocument(document, rules, options))
    yield {
      file: file.name,
      problems: [...problems, ...results.flatMap((result) => result.problems)],
      tests: results.flatMap(({ tests }) => tests),
    }
  }
}

async function runDocument(document: RuleTestFile, cache: RulesCache, options: RunOptions): Promise<FileResult> {
  const { file } = document
  const tests = document.tests.filter(({ name }) => options.isWanted(name))
  if (tests.length === 0) return { file, problems: [], tests: [] }
  const rules = await cache.load(document)
  if (rules.problems.length > 0) return { file, problems: rules.problems, tests: [] }
  const warnings: Problem[] = []
  const results: TestResult[] = []
  for (const test of tests) results.push(await runOne(test, rules, options, warnings))
  return { file, problems: warnings, tests: results }
}

async function runOne(
  test: RuleTest,
  { slos, maintenances, concerned }: LoadedRules,
  { now }: RunOptions,
  allWarnings: Problem[],
): Promise<TestResult> {
  const { name, at } = test
  const problems = checkRuleTest(test, slos)
  if (problems.length > 0) return { name, at, problems, failures: [], durationMs: 0 }
  const startedAt = now()
  const { failures, warnings } = await runRuleTest(test, { slos: concerned.of(test), maintenances })
  allWarnings.push(...warnings)
  return { name, at, problems: [], failures, durationMs: now() - startedAt }
}

interface LoadedRules {
  readonly slos: readonly Slo[]
  readonly maintenances: readonly Exclusion[]
  readonly concerned: ConcernedSlos
  /** Only errors: warnings about rules are for `check`. */
  readonly problems: readonly Problem[]
}

class RulesCache {
  readonly #loaded = new Map<string, Promise<LoadedRules>>()

  async load({ rules }: RuleTestFile): Promise<LoadedRules> {
    const paths = rules.map(({ path }) => path)
    const key = JSON.stringify(paths)
    const loading = this.#loaded.get(key) ?? loadSound(paths)
    this.#loaded.set(key, loading)
    const loaded = await loading
    return { ...loaded, problems: loaded.problems.map((problem) => placedInTest(problem, rules)) }
  }
}

async function loadSound(paths: readonly string[]): Promise<LoadedRules> {
  const { slos, maintenances, problems } = await loadRules(paths)
  const errors = problems.filter(({ severity, code }) => severity === 'error' || code === 'NO_RULE_FILES')
  return { slos, maintenances, concerned: new ConcernedSlos(slos), problems: errors }
}

/** A path that leads nowhere is a mistake in the test file, and is shown there. */
function placedInTest(problem: Problem, rules: RuleTestFile['rules']): Problem {
  const named = rules.find(({ path }) => path === problem.at.file && problem.at.line === 0)
  if (named === undefined) return problem
  return { ...problem, severity: 'error', at: named.at, message: `${problem.message}: ${named.path}` }
}
