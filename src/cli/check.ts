import type { Problem } from '../core/model/problem.ts'
import { formatProblem } from '../core/model/problem.ts'
import type { ProblemCode } from '../core/model/problem-codes.ts'
import { isEngineConfigFile } from '../rules/is-engine-config-file.ts'
import { parseRules } from '../rules/parse-rules.ts'
import type { RuleFile } from '../rules/read-documents.ts'
import { readRuleFiles } from '../rules/read-rule-files.ts'
import { exitCode, type Io } from './io.ts'

/** How `sloburn check` is asked to work. */
export interface CheckOptions {
  readonly json?: boolean
  /** Checks a file that holds the engine's configuration; without it such a file is an error among rules. */
  readonly checkConfig?: (file: string, text: string) => readonly Problem[]
}

/** Checks rule files and engine configuration: problems on stderr, a summary (or everything, as JSON) on stdout. */
export async function runCheck(
  paths: readonly string[],
  options: CheckOptions,
  io: Pick<Io, 'stdout' | 'stderr'>,
): Promise<number> {
  if (paths.length === 0) {
    io.stderr.write('sloburn check: give at least one file or directory\n')
    return exitCode.cannotWork
  }
  const checked = await check(paths, options)
  if (options.json === true) io.stdout.write(`${JSON.stringify(jsonReport(checked))}\n`)
  else {
    for (const problem of checked.problems) io.stderr.write(`${formatProblem(problem)}\n`)
    io.stdout.write(`${summary(checked)}\n`)
  }
  return exitCodeOf(checked.problems)
}

interface Checked {
  readonly slos: number
  readonly policies: number
  readonly configs: number
  readonly problems: readonly Problem[]
}

async function check(paths: readonly string[], { checkConfig }: CheckOptions): Promise<Checked> {
  const { files, problems: unreadable } = await readRuleFiles(paths)
  const configs: RuleFile[] = checkConfig === undefined ? [] : files.filter(isEngineConfigFile)
  const rules = parseRules(files.filter((file) => !configs.includes(file)))
  const configProblems = configs.flatMap(({ name, text }) => checkConfig?.(name, text) ?? [])
  return {
    slos: rules.slos.length,
    policies: rules.policies.length,
    configs: configs.length,
    problems: [...unreadable, ...configProblems, ...rules.problems].sort(byPlace),
  }
}

function byPlace({ at: a }: Problem, { at: b }: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

const cannotWorkCodes: ReadonlySet<ProblemCode> = new Set(['FILE_NOT_FOUND', 'FILE_UNREADABLE'])

function exitCodeOf(problems: readonly Problem[]): number {
  if (problems.some(({ code }) => cannotWorkCodes.has(code))) return exitCode.cannotWork
  return problems.some(({ severity }) => severity === 'error') ? exitCode.wrong : exitCode.fine
}

function summary({ slos, policies, configs, problems }: Checked): string {
  const counts = [counted(slos, 'SLO', 'SLOs'), counted(policies, 'policy', 'policies')]
  if (configs > 0) counts.push(counted(configs, 'engine config', 'engine configs'))
  const warnings = problems.filter(({ severity }) => severity === 'warning').length
  const detail =
    problems.length === 0
      ? ''
      : ` (${counted(problems.length - warnings, 'error', 'errors')}, ${counted(warnings, 'warning', 'warnings')})`
  return `${counts.join(', ')}, ${counted(problems.length, 'problem', 'problems')}${detail}`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

function jsonReport({ slos, policies, configs, problems }: Checked): unknown {
  return {
    ok: problems.every(({ severity }) => severity === 'warning'),
    slos,
    policies,
    configs,
    problems: problems.map(({ code, severity, at, message, hint }) => ({
      code,
      severity,
      file: at.file,
      line: at.line,
      column: at.column,
      path: at.path ?? null,
      message,
      hint: hint ?? null,
    })),
  }
}
