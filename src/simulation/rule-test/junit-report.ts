import { formatProblem, isError, type Problem } from '../../core/model/problem.ts'
import type { ExplainedFailure } from './run-rule-test.ts'
import type { FileResult, TestResult } from './run-rule-tests.ts'

/**
 * JUnit XML as CI systems read it: a suite per file, a case per test, a failure for what was not met, an error for
 * what could not be run.
 */
export function junitReport(results: readonly FileResult[]): string {
  const suites = results.map(suite)
  const sum = (name: 'tests' | 'failures' | 'errors' | 'ms') => suites.reduce((total, each) => total + each[name], 0)
  const totals = `tests="${sum('tests')}" failures="${sum('failures')}" errors="${sum('errors')}" time="${seconds(sum('ms'))}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sloburn test" ${totals}>`,
    ...suites.flatMap(({ lines }) => lines),
    '</testsuites>',
    '',
  ].join('\n')
}

interface Suite {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  readonly ms: number
  readonly lines: readonly string[]
}

function suite({ file, problems, tests }: FileResult): Suite {
  const wrong = problems.filter(isError)
  const broken = tests.filter((test) => test.problems.length > 0)
  const counts = {
    tests: tests.length + (wrong.length > 0 ? 1 : 0),
    failures: tests.filter(({ failures }) => failures.length > 0).length,
    errors: broken.length + (wrong.length > 0 ? 1 : 0),
    ms: tests.reduce((total, { durationMs }) => total + durationMs, 0),
  }
  const { ms, ...numbers } = counts
  const attributes = Object.entries(numbers).map(([name, value]) => `${name}="${value}"`)
  const cases = tests.flatMap((test) => testCase(file, test))
  const fileCase = wrong.length === 0 ? [] : caseLines(file, 'the file', 0, wrong.map(errorLine))
  return {
    ...counts,
    lines: [
      `  <testsuite name="${escaped(file)}" ${attributes.join(' ')} time="${seconds(ms)}">`,
      ...fileCase,
      ...cases,
      '  </testsuite>',
    ],
  }
}

function testCase(file: string, { name, problems, failures, durationMs }: TestResult): string[] {
  return caseLines(file, name, durationMs, [...problems.map(errorLine), ...failures.map(failureLine)])
}

function caseLines(file: string, name: string, durationMs: number, outcome: readonly string[]): string[] {
  const head = `    <testcase classname="${escaped(file)}" name="${escaped(name)}" file="${escaped(file)}" time="${seconds(durationMs)}"`
  return outcome.length === 0 ? [`${head}/>`] : [`${head}>`, ...outcome, '    </testcase>']
}

function failureLine({ problem, details }: ExplainedFailure): string {
  const text = [formatProblem(problem), ...details.map((line) => `    ${line}`)].join('\n')
  return `      <failure type="${problem.code}" message="${escaped(problem.message)}">${escaped(text)}</failure>`
}

function errorLine(problem: Problem): string {
  return `      <error type="${problem.code}" message="${escaped(problem.message)}">${escaped(formatProblem(problem))}</error>`
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What XML 1.0 cannot hold, not even escaped, becomes the replacement character. */
function escaped(text: string): string {
  return Array.from(text, (character) => {
    return isXml(character.codePointAt(0) ?? 0) ? (entities[character] ?? character) : '\ufffd'
  }).join('')
}

function isXml(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff
}
