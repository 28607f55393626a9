import { budgetState } from '../../core/budget/error-budget.ts'
import type { Episode } from '../../core/model/alert.ts'
import type { DataState } from '../../core/model/counts.ts'
import type { Severity } from '../../core/model/slo.ts'
import { globalScope } from '../../core/model/slo.ts'
import type { BurnRate, DurationMs, EpochMs, Ratio } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Engine } from '../../engine/engine.ts'
import { readSloGlobally, readSloInRegion, scopesOf } from '../../engine/read-scope.ts'
import type { ReplayResult } from '../../simulation/replay.ts'

/** The document that `sloburn backtest --json` prints. Times are Unix seconds, ratios fractions, unknown is null. */
export interface BacktestReport {
  readonly evaluated: {
    readonly start: number | null
    readonly end: number | null
    readonly stepSeconds: number
    readonly samples: number
    readonly series: number
  }
  readonly alerts: readonly BacktestAlert[]
  readonly budgets: readonly BacktestBudget[]
}

export interface BacktestAlert {
  readonly slo: string
  readonly service: string
  readonly scope: string
  readonly severity: Severity
  readonly firedAt: number
  readonly resolvedAt: number | null
  readonly rule: { readonly long: string; readonly short: string; readonly burnRate: BurnRate }
  readonly burnRates: Readonly<Record<string, BurnRate>>
}

export interface BacktestBudget {
  readonly slo: string
  readonly service: string
  readonly scope: string
  readonly at: number
  readonly objective: Ratio
  readonly window: string
  readonly good: number
  readonly bad: number
  readonly total: number
  readonly sli: Ratio | null
  readonly consumed: Ratio | null
  readonly remaining: Ratio | null
  readonly coverage: Ratio
  readonly state: DataState
}

/** How much history there was. */
export interface HistorySize {
  readonly samples: number
  readonly series: number
}

export function backtestReport(
  engine: Engine,
  { start, end, episodes }: ReplayResult,
  stepMs: DurationMs,
  { samples, series }: HistorySize,
): BacktestReport {
  return {
    evaluated: { start: seconds(start), end: seconds(end), stepSeconds: stepMs / 1_000, samples, series },
    alerts: episodes.map(alertOf).sort((a, b) => a.firedAt - b.firedAt),
    budgets: end === undefined ? [] : budgets(engine, end),
  }
}

function alertOf({ id, service, firedAt, resolvedAt, rule }: Episode): BacktestAlert {
  const long = formatDuration(rule.longMs)
  const short = formatDuration(rule.shortMs)
  return {
    ...id,
    service,
    firedAt: firedAt / 1_000,
    resolvedAt: resolvedAt === null ? null : resolvedAt / 1_000,
    rule: { long, short, burnRate: rule.burnRate },
    burnRates: { [long]: rule.longBurnRate, [short]: rule.shortBurnRate },
  }
}

function budgets({ counting }: Engine, end: EpochMs): BacktestBudget[] {
  return [...counting.slos.values()].flatMap((compiled) =>
    scopesOf(counting, compiled).map((scope) => {
      const reading =
        scope === globalScope
          ? readSloGlobally(counting, compiled, end)
          : readSloInRegion(counting.region(scope), compiled, end)
      const { slo, objective, budget, windowMs } = compiled
      const counted = reading.counts(windowMs)
      const counts = { bad: thousandths(counted.bad), total: thousandths(counted.total) }
      return {
        slo: slo.name,
        service: slo.service,
        scope,
        at: end / 1_000,
        objective,
        window: formatDuration(windowMs),
        good: thousandths(counts.total - counts.bad),
        ...counts,
        ...budgetState(counts, budget),
        coverage: reading.coverage(windowMs),
        state: reading.state,
      }
    }),
  )
}

/**
 * Counts are whole unless a window of days starts between two kept rows; then the events there are shared out, and
 * more than three places would only show how doubles round.
 */
function thousandths(count: number): number {
  return Math.round(count * 1_000) / 1_000
}

function seconds(at: EpochMs | undefined): number | null {
  return at === undefined ? null : at / 1_000
}
