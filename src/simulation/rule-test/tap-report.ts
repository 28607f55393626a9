import { formatProblem, isError, type Problem } from '../../core/model/problem.ts'
import type { FileResult, TestResult } from './run-rule-tests.ts'
import { isPassed } from './run-rule-tests.ts'

/** The Test Anything Protocol, version 13: a point per test, what was not met as YAML beneath it. */
export function tapReport(results: readonly FileResult[]): string {
  const points = results.flatMap(pointsOf)
  const lines = points.flatMap(({ name, ok, problems }, index) => [
    `${ok ? 'ok' : 'not ok'} ${index + 1} - ${description(name)}`,
    ...(ok ? [] : diagnostics(problems)),
  ])
  return `${['TAP version 13', `1..${points.length}`, ...lines].join('\n')}\n`
}

interface Point {
  readonly name: string
  readonly ok: boolean
  /** Each with the lines that explain it. */
  readonly problems: readonly (readonly [Problem, readonly string[]])[]
}

function pointsOf({ file, problems, tests }: FileResult): Point[] {
  const wrong = problems.filter(isError)
  const filePoint = wrong.length === 0 ? [] : [{ name: file, ok: false, problems: withoutDetails(wrong) }]
  return [...filePoint, ...tests.map((test) => pointOf(file, test))]
}

function pointOf(file: string, test: TestResult): Point {
  return {
    name: `${file} > ${test.name}`,
    ok: isPassed(test),
    problems: [
      ...withoutDetails(test.problems),
      ...test.failures.map(({ problem, details }) => [problem, details] as const),
    ],
  }
}

function withoutDetails(problems: readonly Problem[]): Point['problems'] {
  return problems.map((problem) => [problem, []])
}

/** A "#" would begin a directive, and a line break the next line. */
function description(name: string): string {
  return name.replaceAll(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll('#', '\\#')
}

function diagnostics(problems: Point['problems']): string[] {
  return [
    '  ---',
    ...problems.flatMap(([problem, details]) => [
      `  - code: ${problem.code}`,
      `    at: ${JSON.stringify(`${problem.at.file}:${problem.at.line}:${problem.at.column}`)}`,
      `    message: ${JSON.stringify(problem.message)}`,
      '    text: |',
      ...[formatProblem(problem), ...details]
        .flatMap((text) => text.split('\n'))
        .map((line) => `      ${line}`.trimEnd()),
    ]),
    '  ...',
  ]
}
