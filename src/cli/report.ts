import { writeFile } from 'node:fs/promises'
import { replayedInput } from '../app/report/replayed-input.ts'
import { reportFromStore } from '../app/report/report-from-store.ts'
import type { ReportAsk } from '../app/report/stored-input.ts'
import { systemClock } from '../app/system-clock.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load-config.ts'
import { usualReports } from '../config/parts/reports.ts'
import { isError } from '../core/model/problem.ts'
import { type ReportFormat, reportFormats } from '../core/model/report-format.ts'
import { buildReport } from '../reports/model/build-report.ts'
import type { ReportInput } from '../reports/model/report-input.ts'
import { readPeriod } from '../reports/period/read-period.ts'
import { renderReport } from '../reports/render/render.ts'
import { loadRules } from '../rules/load-rules.ts'
import { type DataFaults, dataFaults } from './data-faults.ts'
import { exitCode, type Io } from './io.ts'
import { printProblems } from './print-problems.ts'
import { problemExitCode } from './problem-exit-code.ts'

/** The options of `report` as they stand on the command line. */
export interface ReportArguments {
  readonly period: string
  readonly format?: ReportFormat
  readonly out?: string
  readonly config?: string
  readonly rules?: readonly string[]
  readonly data?: readonly string[]
  readonly timeZone?: string
  readonly compare?: boolean
}

/** Writes a budget report; 1 when config, rules or data are wrong, 2 when it cannot work. `now` says which periods are over. */
export async function runReport(
  options: ReportArguments,
  io: Pick<Io, 'stdout' | 'stderr' | 'env'>,
  now = systemClock.now(),
): Promise<number> {
  const { config: configFile, data, out } = options
  const format = options.format ?? formatOf(out)
  if (configFile === undefined && (options.rules === undefined || data === undefined)) {
    return refuse(io, 'give --config FILE for the store of an engine, or --rules PATH and --data FILE for history')
  }
  if (format === 'pdf' && out === undefined) return refuse(io, 'a PDF is written to a file: give --out FILE')
  const config = await configOf(configFile, io)
  if (typeof config === 'number') return config
  const settings = config?.reports ?? usualReports
  const timeZone = options.timeZone ?? settings.timeZone
  const period = readPeriod(options.period, timeZone)
  if (typeof period === 'string') return refuse(io, period)

  const lint = config === undefined ? {} : { evaluationStepMs: config.evaluation.intervalMs }
  const { slos, maintenances, problems } = await loadRules(options.rules ?? config?.rules ?? [], lint)
  printProblems(problems, io)
  if (problems.some(isError)) return problemExitCode(problems)

  const ask = { period, compare: options.compare === true, slos, maintenances, settings, now }
  const faults = dataFaults(io)
  const input = await inputOf(config, data, ask, faults)
  faults.summary()
  if (input.days.length === 0) io.stderr.write(`sloburn report: there are no counts from ${period.label} or before\n`)
  const report = await renderReport(buildReport(input), format)
  if (out === undefined) io.stdout.write(String(report))
  else await writeFile(out, report)
  return faults.count > 0 ? exitCode.wrong : exitCode.fine
}

function inputOf(
  config: Config | undefined,
  data: readonly string[] | undefined,
  ask: ReportAsk,
  faults: DataFaults,
): Promise<ReportInput> {
  if (config !== undefined && data === undefined) return reportFromStore(config, ask)
  return replayedInput(data ?? [], ask, {
    onProblem: faults.line,
    onProgress: () => {},
  })
}

async function configOf(
  file: string | undefined,
  io: Pick<Io, 'stdout' | 'stderr' | 'env'>,
): Promise<Config | number | undefined> {
  if (file === undefined) return undefined
  const { config, problems } = await loadConfig(file, io.env)
  printProblems(problems, io)
  return config ?? problemExitCode(problems)
}

/** Where no format is given, the name of the file says it. */
function formatOf(out: string | undefined): ReportFormat {
  return reportFormats.find((format) => out?.toLowerCase().endsWith(`.${format}`) === true) ?? 'html'
}

function refuse(io: Pick<Io, 'stderr'>, why: string): number {
  io.stderr.write(`sloburn report: ${why}\n`)
  return exitCode.cannotWork
}
