import type { BacktestReport } from '../app/backtest/backtest-report.ts'
import { runBacktest as run } from '../app/backtest/run-backtest.ts'
import { isError } from '../core/model/problem.ts'
import type { EpochMs } from '../core/model/units.ts'
import { formatDuration, parseDuration } from '../core/time/duration.ts'
import { parseTime } from '../core/time/parse-time.ts'
import { loadRules } from '../rules/load-rules.ts'
import { uncountedSlos } from '../rules/missing-buckets.ts'
import { dataFaults } from './data-faults.ts'
import { exitCode, type Io } from './io.ts'
import { percent } from './percent.ts'
import { printProblems } from './print-problems.ts'
import { problemExitCode } from './problem-exit-code.ts'
import { progressBar } from './progress-bar.ts'
import { textTable } from './text-table.ts'

/** The options of `backtest` as they stand on the command line. */
export interface BacktestArguments {
  readonly rules: readonly string[]
  readonly data: readonly string[]
  readonly start?: string
  readonly end?: string
  readonly step: string
  readonly json?: boolean
  readonly burnRates?: string
}

/** Replays history and prints which alerts would have fired; 1 when rules or data are wrong, 2 when it cannot work. */
export async function runBacktest(options: BacktestArguments, io: Pick<Io, 'stdout' | 'stderr'>): Promise<number> {
  const times = readTimes(options)
  if (typeof times === 'string') {
    io.stderr.write(`sloburn backtest: ${times}\n`)
    return exitCode.cannotWork
  }
  const { slos, maintenances, problems } = await loadRules(options.rules)
  printProblems(problems, io)
  if (problems.some(isError)) return problemExitCode(problems)

  const bar = progressBar(io.stderr)
  const faults = dataFaults(io, () => bar.clear())
  const settings = { ...times, slos, maintenances, files: options.data, burnRates: options.burnRates }
  const { report, untimed, missingBuckets } = await run(settings, {
    onProblem: faults.line,
    onProgress: (bytes, total) => bar.show(total === 0 ? 1 : bytes / total, 'reading'),
    onReplay: (at) => bar.show(1, `replaying ${new Date(at).toISOString()}`),
  }).finally(() => bar.clear())
  if (untimed > 0) faults.other(`DATA_NO_TIME ${untimed} samples carry no timestamp and were left out`)
  faults.summary()
  const uncounted = uncountedSlos(slos, missingBuckets)
  printProblems(uncounted, io)
  io.stdout.write(options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : textReport(report))
  const isWrong = faults.count > 0 || uncounted.some(isError)
  return isWrong ? exitCode.wrong : exitCode.fine
}

interface Times {
  readonly start: EpochMs | undefined
  readonly end: EpochMs | undefined
  readonly stepMs: number
}

function readTimes({ start, end, step }: BacktestArguments): Times | string {
  const stepMs = parseDuration(step)
  if (stepMs === undefined || stepMs <= 0) return `--step ${step} is not a duration; write for example 15s`
  const times = {
    start: start === undefined ? undefined : parseTime(start),
    end: end === undefined ? undefined : parseTime(end),
  }
  for (const name of ['start', 'end'] as const) {
    if (times[name] === undefined && { start, end }[name] !== undefined) {
      return `--${name} ${{ start, end }[name]} is not a time; write RFC 3339 (2026-10-01T00:00:00Z) or Unix seconds`
    }
  }
  if (times.start !== undefined && times.end !== undefined && times.end < times.start) return '--end is before --start'
  return { ...times, stepMs }
}

function textReport({ evaluated, alerts, budgets }: BacktestReport): string {
  const { start, end, samples, series, stepSeconds } = evaluated
  const span = start === null || end === null ? 'no sample of these SLOs' : `${time(start)} to ${time(end)}`
  const alertRows = alerts.map((alert) => [
    time(alert.firedAt),
    alert.resolvedAt === null ? 'still firing' : `for ${formatDuration((alert.resolvedAt - alert.firedAt) * 1_000)}`,
    alert.severity,
    alert.slo,
    alert.scope,
    `${alert.rule.long}/${alert.rule.short} above ${alert.rule.burnRate}`,
    Object.entries(alert.burnRates)
      .map(([window, burn]) => `${window} ${burn.toFixed(1)}×`)
      .join(', '),
  ])
  const budgetRows = budgets.map((budget) => [
    budget.slo,
    budget.scope,
    budget.state,
    budget.window,
    percent(budget.sli, 4),
    percent(budget.remaining, 1),
    `${budget.bad} of ${budget.total}`,
    percent(budget.coverage, 1),
  ])
  return [
    `${samples} ${samples === 1 ? 'sample' : 'samples'} of ${series} series, ${span}, every ${stepSeconds} s\n`,
    alerts.length === 0
      ? 'No alert would have fired.\n'
      : textTable(['fired', 'duration', 'severity', 'slo', 'scope', 'rule', 'burn rates'], alertRows),
    textTable(['slo', 'scope', 'state', 'window', 'sli', 'budget left', 'bad events', 'coverage'], budgetRows),
  ].join('\n')
}

function time(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')
}
