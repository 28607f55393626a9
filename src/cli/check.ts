import { formatProblem, type Problem } from '../core/model/problem.ts'
import type { DurationMs } from '../core/model/units.ts'
import { parseDuration } from '../core/time/duration.ts'
import { isEngineConfigFile } from '../rules/is-engine-config-file.ts'
import type { LintOptions } from '../rules/lints/slo-lint.ts'
import { parseRules } from '../rules/parse-rules.ts'
import type { RuleFile } from '../rules/read-documents.ts'
import { readRuleFiles } from '../rules/read-rule-files.ts'
import { githubAnnotation } from './github-annotation.ts'
import { exitCode, type Io } from './io.ts'
import { problemExitCode } from './problem-exit-code.ts'

/** The options of `check` as they stand on the command line. */
export interface CheckArguments {
  /** The same as the format json. */
  readonly json?: boolean
  /** What problems are printed as: for people, for programs, as annotations of a GitHub workflow. */
  readonly format?: 'text' | 'json' | 'github'
  /** OpenMetrics files: what of the rules only real series can show is checked against them. */
  readonly data?: readonly string[]
  /** How far back history is kept, as a duration; as far as the engine keeps it when absent. */
  readonly retention?: string
  /** Receivers that a test message is sent to once everything is sound. */
  readonly sendTest?: readonly string[]
}

/** How `sloburn check` is asked to work. */
export interface CheckOptions extends CheckArguments {
  /**
   * Loads the check of files that hold the engine's configuration; without it such a file is an error among rules. It is
   * loaded only where there is such a file, because that takes 0.1 s.
   */
  readonly configCheck?: () => Promise<ConfigCheck>
}

/** Finds what is wrong with the text of an engine configuration, and what of it rules are held against. */
export type ConfigCheck = (file: string, text: string) => CheckedConfig

/** A configuration as far as the check of rules needs it; undefined where it has errors. */
export interface CheckedConfig {
  readonly config:
    | { readonly evaluation: { readonly intervalMs: DurationMs }; readonly rules?: readonly string[] }
    | undefined
  readonly problems: readonly Problem[]
}

/** Checks rule files and engine configuration: problems on stderr, a summary (or everything, as JSON) on stdout. */
export async function runCheck(
  paths: readonly string[],
  options: CheckOptions,
  io: Pick<Io, 'stdout' | 'stderr'> & Partial<Pick<Io, 'env'>>,
): Promise<number> {
  if (paths.length === 0) {
    io.stderr.write('sloburn check: give at least one file or directory\n')
    return exitCode.cannotWork
  }
  const retentionMs = options.retention === undefined ? undefined : parseDuration(options.retention)
  if (options.retention !== undefined && !((retentionMs ?? 0) > 0)) {
    io.stderr.write(`sloburn check: --retention ${options.retention} is not a duration; write for example 90d\n`)
    return exitCode.cannotWork
  }
  const checked = await check(paths, options, retentionMs === undefined ? {} : { retentionMs }, io)
  print(checked, options.json === true ? 'json' : (options.format ?? 'text'), io)
  const code = problemExitCode(checked.problems)
  const { sendTest } = options
  if (code !== exitCode.fine || sendTest === undefined) return code
  return await (await import('./send-test.ts')).runSendTest(checked.configFiles, sendTest, { env: {}, ...io })
}

interface Checked {
  readonly slos: number
  readonly policies: number
  readonly configs: number
  readonly configFiles: readonly RuleFile[]
  readonly problems: readonly Problem[]
}

async function check(
  paths: readonly string[],
  { configCheck, data }: CheckOptions,
  options: LintOptions,
  io: Pick<Io, 'stderr'>,
): Promise<Checked> {
  const read = new Set<string>()
  const { files, problems: unreadable } = await readRuleFiles(paths, read)
  const configs = configCheck === undefined ? [] : files.filter(isEngineConfigFile)
  const checkedConfigs = await checkConfigs(configs, configCheck)
  // A config is sound only with the rules that the engine would start with.
  const named = await readRuleFiles(
    checkedConfigs.flatMap(({ config }) => config?.rules ?? []),
    read,
  )
  const ruleFiles = [...files.filter((file) => !configs.includes(file)), ...named.files]
  const engine = checkedConfigs.find(({ config }) => config !== undefined)?.config
  const known = engine === undefined ? options : { ...options, evaluationStepMs: engine.evaluation.intervalMs }
  const asRead = await parseRules(ruleFiles, known)
  const seen = data === undefined ? undefined : await (await import('./check-data.ts')).checkData(asRead.slos, data, io)
  const rules = seen === undefined ? asRead : await parseRules(ruleFiles, { ...known, seenTraffic: seen.seenTraffic })
  const configProblems = checkedConfigs.flatMap(({ problems }) => problems)
  return {
    slos: rules.slos.length,
    policies: rules.policies.length,
    configs: configs.length,
    configFiles: configs,
    problems: [
      ...unreadable,
      ...named.problems.map(orElsewhere),
      ...configProblems,
      ...rules.problems,
      ...(seen?.problems ?? []),
    ].sort(byPlace),
  }
}

async function checkConfigs(
  configs: readonly RuleFile[],
  configCheck: CheckOptions['configCheck'],
): Promise<readonly CheckedConfig[]> {
  const checkConfig = configs.length === 0 ? undefined : await configCheck?.()
  return checkConfig === undefined ? [] : configs.map(({ name, text }) => checkConfig(name, text))
}

/** Rules may lie where the engine runs and not where its config is checked: that they are not found here is told, no more. */
function orElsewhere(problem: Problem): Problem {
  if (problem.code !== 'FILE_NOT_FOUND') return problem
  return {
    ...problem,
    severity: 'warning',
    hint: 'the engine config names it under rules: no engine starts without it',
  }
}

function byPlace({ at: a }: Problem, { at: b }: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

function print(
  checked: Checked,
  format: CheckArguments['format'],
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
): void {
  if (format === 'json') {
    stdout.write(`${JSON.stringify(jsonReport(checked))}\n`)
    return
  }
  for (const problem of checked.problems) {
    // A workflow reads annotations from either stream, and in order only from one.
    if (format === 'github') stdout.write(`${githubAnnotation(problem)}\n`)
    else stderr.write(`${formatProblem(problem)}\n`)
  }
  stdout.write(`${summary(checked)}\n`)
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
