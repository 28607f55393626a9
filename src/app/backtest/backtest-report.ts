import type { DataCause, Episode, FiredBecause, FiredEvidence, FiredRule } from '../../core/model/alert.ts'
import type { DataState } from '../../core/model/counts.ts'
import type { Severity } from '../../core/model/slo.ts'
import { readSloId } from '../../core/model/slo-id.ts'
import type { BurnRate, DurationMs, EpochMs, Ratio } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Engine } from '../../engine/engine.ts'
import { readBudget } from '../../engine/read-budget.ts'
import { readScope, scopesOf } from '../../engine/read-scope.ts'
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
  /** Alerts about the data itself: that it could not be seen, or that the traffic was gone. */
  readonly dataAlerts: readonly BacktestDataAlert[]
  readonly budgets: readonly BacktestBudget[]
}

interface SloInReport {
  readonly slo: string
  /** Only where `groupBy` made the SLO one of many. */
  readonly group?: Readonly<Record<string, string>>
}

/** One episode of an alert on burn rates; times are Unix seconds. */
export interface BacktestAlert extends SloInReport {
  readonly service: string
  readonly scope: string
  readonly severity: Severity
  readonly firedAt: number
  readonly resolvedAt: number | null
  readonly rule: { readonly long: string; readonly short: string; readonly burnRate: BurnRate }
  readonly burnRates: Readonly<Record<string, BurnRate>>
  /** Only where the policy weighs evidence: which part of the rule held, and how sure it was. */
  readonly because?: FiredBecause
  readonly evidence?: BacktestEvidence
}

/** One episode of an alert about the data itself; times are Unix seconds. */
export interface BacktestDataAlert extends SloInReport {
  readonly service: string
  readonly scope: string
  readonly severity: Severity
  readonly cause: DataCause
  readonly firedAt: number
  readonly resolvedAt: number | null
}

/** The evidence of an alert, with times in seconds. */
export interface BacktestEvidence extends Omit<FiredEvidence, 'chanceOnceInMs'> {
  /** Chance alone shows as much less often than once in this time. */
  readonly secondsBetweenChances: number | null
}

/** The budget of one SLO in one scope at the end of the data. */
export interface BacktestBudget extends SloInReport {
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

/** What a replay found, as `sloburn backtest --json` prints it. */
export function backtestReport(
  engine: Engine,
  { start, end, episodes, dataEpisodes }: ReplayResult,
  stepMs: DurationMs,
  { samples, series }: HistorySize,
): BacktestReport {
  return {
    evaluated: { start: seconds(start), end: seconds(end), stepSeconds: stepMs / 1_000, samples, series },
    alerts: episodes.map(alertOf).sort((a, b) => a.firedAt - b.firedAt),
    dataAlerts: dataEpisodes.map(dataAlertOf).sort((a, b) => a.firedAt - b.firedAt),
    budgets: end === undefined ? [] : budgets(engine, end),
  }
}

function alertOf({ id, service, firedAt, resolvedAt, rule }: Episode): BacktestAlert {
  const long = formatDuration(rule.longMs)
  const short = formatDuration(rule.shortMs)
  return {
    ...identity(id.slo),
    service,
    scope: id.scope,
    severity: id.severity,
    firedAt: firedAt / 1_000,
    resolvedAt: resolvedAt === null ? null : resolvedAt / 1_000,
    rule: { long, short, burnRate: rule.burnRate },
    burnRates: { [long]: rule.longBurnRate, [short]: rule.shortBurnRate },
    ...whyFired(rule),
  }
}

function dataAlertOf({ id, service, firedAt, resolvedAt }: Episode): BacktestDataAlert {
  return {
    ...identity(id.slo),
    service,
    scope: id.scope,
    severity: id.severity,
    cause: id.cause ?? 'blind',
    firedAt: firedAt / 1_000,
    resolvedAt: resolvedAt === null ? null : resolvedAt / 1_000,
  }
}

function whyFired({ because, evidence }: FiredRule): Pick<BacktestAlert, 'because' | 'evidence'> {
  if (because === undefined || evidence === undefined) return {}
  const { since, chanceOnceInMs, ...rest } = evidence
  const secondsBetweenChances = chanceOnceInMs === null ? null : chanceOnceInMs / 1_000
  return { because, evidence: { ...rest, since: since / 1_000, secondsBetweenChances } }
}

function budgets({ counting }: Engine, end: EpochMs): BacktestBudget[] {
  return [...counting.slos.values()].flatMap((compiled) =>
    scopesOf(counting, compiled).map((scope) => {
      const reading = readScope(counting, compiled, scope, end)
      const { counts, sli, consumed, remaining, coverage } = readBudget(reading)
      const bad = thousandths(counts.bad)
      const total = thousandths(counts.total)
      return {
        ...identity(compiled.id),
        service: compiled.slo.service,
        scope,
        at: end / 1_000,
        objective: reading.compiled.objective,
        window: compiled.window.text,
        good: thousandths(total - bad),
        bad,
        total,
        sli,
        consumed,
        remaining,
        coverage,
        state: reading.state(),
      }
    }),
  )
}

/** The SLO's name, and its group where it is one of many. */
function identity(id: string): SloInReport {
  const { name, group } = readSloId(id)
  return group.size === 0 ? { slo: name } : { slo: name, group: Object.fromEntries(group) }
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
