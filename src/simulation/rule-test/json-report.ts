import type { Problem } from '../../core/model/problem.ts'
import type { FileResult } from './run-rule-tests.ts'
import { isPassed } from './run-rule-tests.ts'

/** The document that `sloburn test --json` prints. */
export interface JsonReport {
  readonly ok: boolean
  readonly passed: number
  readonly failed: number
  readonly tests: readonly JsonTest[]
  /** Why files were not run, and warnings. */
  readonly problems: readonly JsonProblem[]
}

export interface JsonTest {
  readonly file: string
  readonly name: string
  readonly line: number
  readonly column: number
  /** `broken` could not be run. */
  readonly outcome: 'passed' | 'failed' | 'broken'
  readonly durationSeconds: number
  readonly problems: readonly JsonProblem[]
}

export interface JsonProblem {
  readonly code: string
  readonly severity: Problem['severity']
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly hint: string | null
  /** What was expected, what came, and the burn rates around it. */
  readonly details: readonly string[]
}

export function jsonReport(results: readonly FileResult[], others: readonly Problem[]): JsonReport {
  const tests = results.flatMap(testsOf)
  const problems = [...others, ...results.flatMap((result) => result.problems)]
  const passed = tests.filter(({ outcome }) => outcome === 'passed').length
  return {
    ok: passed === tests.length && problems.every(({ severity }) => severity === 'warning'),
    passed,
    failed: tests.length - passed,
    tests,
    problems: problems.map((problem) => jsonProblem(problem, [])),
  }
}

function testsOf({ file, tests }: FileResult): JsonTest[] {
  return tests.map((test) => ({
    file,
    name: test.name,
    line: test.at.line,
    column: test.at.column,
    outcome: isPassed(test) ? 'passed' : test.problems.length > 0 ? 'broken' : 'failed',
    durationSeconds: test.durationMs / 1_000,
    problems: [
      ...test.problems.map((problem) => jsonProblem(problem, [])),
      ...test.failures.map(({ problem, details }) => jsonProblem(problem, details)),
    ],
  }))
}

function jsonProblem({ code, severity, at, message, hint }: Problem, details: readonly string[]): JsonProblem {
  return { code, severity, file: at.file, line: at.line, column: at.column, message, hint: hint ?? null, details }
}
