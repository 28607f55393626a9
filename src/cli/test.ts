import { writeFile } from 'node:fs/promises'
import { systemClock } from '../app/system-clock.ts'
import { formatProblem, isError, type Problem } from '../core/model/problem.ts'
import { readTestFiles } from '../rules/rule-test/read-test-files.ts'
import { jsonReport } from '../simulation/rule-test/json-report.ts'
import { junitReport } from '../simulation/rule-test/junit-report.ts'
import { type FileResult, isPassed, runRuleTests, type TestResult } from '../simulation/rule-test/run-rule-tests.ts'
import { tapReport } from '../simulation/rule-test/tap-report.ts'
import { exitCode, type Io } from './io.ts'

/** The options of `test` as they stand on the command line. */
export interface TestArguments {
  readonly json?: boolean
  readonly tap?: boolean
  /** Where a JUnit report is written. */
  readonly junit?: string
  /** A regular expression that the names of tests must match. */
  readonly run?: string
}

type Streams = Pick<Io, 'stdout' | 'stderr'>

/** Runs rule tests; 1 when one fails or a file is wrong, 2 when there is nothing to run or something cannot be read. */
export async function runTests(
  paths: readonly string[],
  options: TestArguments,
  io: Streams,
  now: () => number = () => systemClock.now(),
): Promise<number> {
  const isWanted = nameFilter(options.run)
  if (isWanted === undefined) return refuse(`--run ${options.run} is not a regular expression`, io)
  if (options.json === true && options.tap === true) return refuse('give --json or --tap, not both', io)
  const { files, problems } = await readTestFiles(paths)
  if (options.json !== true) for (const problem of problems) io.stderr.write(`${formatProblem(problem)}\n`)
  const isForPeople = options.json !== true && options.tap !== true
  const results: FileResult[] = []
  const told = new Set<string>()
  for await (const result of runRuleTests(files, { isWanted, now })) {
    results.push(result)
    if (isForPeople) printResult(result, told, io)
  }
  const isNothing = results.every((result) => result.tests.length === 0 && result.problems.length === 0)
  if (isNothing && problems.length === 0) return refuse(`no test is called ${options.run ?? 'anything'}`, io)
  if (options.junit !== undefined) await writeFile(options.junit, junitReport(results))
  io.stdout.write(report(results, problems, options))
  return exitCodeOf(results, problems)
}

function refuse(reason: string, { stderr }: Streams): number {
  stderr.write(`sloburn test: ${reason}\n`)
  return exitCode.cannotWork
}

function report(results: readonly FileResult[], problems: readonly Problem[], { json, tap }: TestArguments): string {
  if (json === true) return `${JSON.stringify(jsonReport(results, problems), undefined, 2)}\n`
  return tap === true ? tapReport(results) : `${summary(results)}\n`
}

/** Which names are asked for; undefined when the pattern is not one. */
function nameFilter(pattern: string | undefined): ((name: string) => boolean) | undefined {
  if (pattern === undefined) return () => true
  try {
    const expression = new RegExp(pattern, 'u')
    return (name) => expression.test(name)
  } catch {
    return undefined
  }
}

/** Problems of rules that several test files share are told once. */
function printResult({ file, problems, tests }: FileResult, told: Set<string>, io: Streams): void {
  for (const problem of [...problems, ...tests.flatMap((test) => test.problems)]) {
    const text = formatProblem(problem)
    if (!told.has(text)) io.stderr.write(`${text}\n`)
    told.add(text)
  }
  for (const { problem, details } of tests.flatMap(({ failures }) => failures)) {
    io.stderr.write(`${formatProblem(problem)}\n${details.map((line) => `    ${line}\n`).join('')}`)
  }
  const wrong = problems.some(isError)
  if (tests.length === 0 && !wrong) return
  const failed = tests.filter((test) => !isPassed(test))
  io.stdout.write(`${wrong || failed.length > 0 ? 'FAILED' : 'ok    '} ${file}${testCount(tests)}\n`)
  for (const { name } of failed) io.stdout.write(`         ${name}\n`)
}

function testCount(tests: readonly TestResult[]): string {
  return tests.length === 0 ? '' : ` (${counted(tests.length, 'test')})`
}

function summary(results: readonly FileResult[]): string {
  const tests = results.flatMap((result) => result.tests)
  const failed = tests.filter((test) => !isPassed(test)).length
  const notRun = results.filter(({ problems }) => problems.some(isError)).length
  const parts = [`${tests.length - failed} passed`, `${failed} failed`]
  if (notRun > 0) parts.push(`${counted(notRun, 'file')} not run`)
  const files = results.filter((result) => result.tests.length > 0 || result.problems.length > 0)
  return `${counted(tests.length, 'test')} in ${counted(files.length, 'file')}: ${parts.join(', ')}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

const cannotWorkCodes: ReadonlySet<string> = new Set(['FILE_NOT_FOUND', 'FILE_UNREADABLE', 'TEST_NO_FILES'])

function exitCodeOf(results: readonly FileResult[], problems: readonly Problem[]): number {
  if (problems.some(({ code }) => cannotWorkCodes.has(code))) return exitCode.cannotWork
  const all = [...problems, ...results.flatMap((result) => result.problems)]
  const isWrong = all.some(isError)
  return isWrong || results.some(({ tests }) => !tests.every(isPassed)) ? exitCode.wrong : exitCode.fine
}
