import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type DashboardSettings, usualDashboards } from '../core/model/dashboard-settings.ts'
import { isError, type Problem } from '../core/model/problem.ts'
import { secret } from '../core/model/secret.ts'
import type { Slo } from '../core/model/slo.ts'
import { GrafanaFault } from '../dashboards/grafana/grafana-client.ts'
import { compareWith, pushTo } from '../dashboards/grafana/sync.ts'
import { type DashboardSchema, dashboardFiles, makeDashboards } from '../dashboards/make-dashboards.ts'
import { parseRules } from '../rules/parse-rules.ts'
import { givenRuleFiles } from './given-rule-files.ts'
import { exitCode, type Io } from './io.ts'
import { printProblems } from './print-problems.ts'
import { problemExitCode } from './problem-exit-code.ts'

/** The options of `dashboards` as they stand on the command line. */
export interface DashboardsArguments {
  readonly out?: string
  readonly schema: DashboardSchema
  /** Compares with this Grafana. */
  readonly diff?: string
  /** Writes to this Grafana. */
  readonly push?: string
  readonly tokenFile?: string
}

/**
 * Makes Grafana dashboards of rule files, and of the engine config among them: writes files, compares with a running Grafana
 * or writes to it. 1 when a file is wrong or a dashboard differs, 2 when it cannot work.
 */
export async function runDashboards(
  paths: readonly string[],
  options: DashboardsArguments,
  io: Pick<Io, 'stdout' | 'stderr' | 'env'>,
): Promise<number> {
  const { out, schema, diff, push } = options
  if (out === undefined && diff === undefined && push === undefined) {
    return refuse(io, 'give --out DIRECTORY, --diff URL or --push URL')
  }
  const wrongUrl = [diff, push].find((url) => url !== undefined && !isWebAddress(url))
  if (wrongUrl !== undefined) return refuse(io, `${wrongUrl} is not an http or https address`)

  const { slos, settings, problems } = await readInput(paths)
  printProblems(problems, io)
  if (problems.some(isError)) return problemExitCode(problems)
  if (slos.length === 0) return refuse(io, 'there is no SLO in these files')
  const made = makeDashboards(slos, settings)

  if (out !== undefined) await writeFiles(dashboardFiles(made, schema, settings), out, io)
  const url = push ?? diff
  if (url === undefined) return exitCode.fine
  const token = await tokenOf(options.tokenFile, io)
  if (typeof token !== 'string') return token
  const target = { url, token: secret(token), schema, folder: settings.folder }
  try {
    if (push !== undefined) return told(await pushTo(target, made), push, io)
    return compared(await compareWith(target, made), url, io)
  } catch (error) {
    if (error instanceof GrafanaFault) return refuse(io, error.message)
    throw error
  }
}

interface Input {
  readonly slos: readonly Slo[]
  readonly settings: DashboardSettings
  readonly problems: readonly Problem[]
}

async function readInput(paths: readonly string[]): Promise<Input> {
  const { ruleFiles, config, problems } = await givenRuleFiles(paths)
  const rules = await parseRules(ruleFiles)
  return {
    slos: rules.slos,
    settings: config?.dashboards ?? usualDashboards,
    problems: [...problems, ...rules.problems],
  }
}

async function writeFiles(
  files: readonly { readonly path: string; readonly text: string }[],
  out: string,
  { stdout }: Pick<Io, 'stdout'>,
): Promise<void> {
  for (const { path, text } of files) {
    const target = join(out, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text)
    stdout.write(`${target}\n`)
  }
}

/** The token, or why there is none: from a file, or from the environment as other tools for Grafana take it. */
async function tokenOf(file: string | undefined, io: Pick<Io, 'stderr' | 'env'>): Promise<string | number> {
  if (file === undefined) {
    const token = io.env['GRAFANA_TOKEN'] ?? ''
    if (token !== '') return token
    return refuse(io, 'set GRAFANA_TOKEN to the token of a service account, or give --token-file FILE')
  }
  try {
    const token = (await readFile(file, 'utf8')).trim()
    return token === '' ? refuse(io, `the file ${file} is empty`) : token
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return refuse(io, `the file ${file} cannot be read: ${code}`)
  }
}

function told(uids: readonly string[], url: string, { stdout }: Pick<Io, 'stdout'>): number {
  for (const uid of uids) stdout.write(`${url.replace(/\/+$/, '')}/d/${uid}\n`)
  return exitCode.fine
}

/** Differences of one dashboard are listed up to this many. */
const differencesShownMax = 20

function compared(
  results: Awaited<ReturnType<typeof compareWith>>,
  url: string,
  { stdout }: Pick<Io, 'stdout'>,
): number {
  for (const { uid, isMissing, differences } of results) {
    if (isMissing) stdout.write(`${uid}: is not in ${url}\n`)
    else if (differences.length === 0) stdout.write(`${uid}: the same\n`)
    else stdout.write(`${uid}: ${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}\n`)
    for (const { path, ours, theirs } of differences.slice(0, differencesShownMax)) {
      stdout.write(`  ${path}\n    - ${shown(theirs)}\n    + ${shown(ours)}\n`)
    }
  }
  return results.some(({ isMissing, differences }) => isMissing || differences.length > 0)
    ? exitCode.wrong
    : exitCode.fine
}

const shownLengthMax = 200

function shown(value: unknown): string {
  const text = value === undefined ? '(nothing)' : JSON.stringify(value)
  return text.length <= shownLengthMax ? text : `${text.slice(0, shownLengthMax)}…`
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url)
}

function refuse(io: Pick<Io, 'stderr'>, why: string): number {
  io.stderr.write(`sloburn dashboards: ${why}\n`)
  return exitCode.cannotWork
}
