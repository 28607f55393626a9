import { type ErrorRatioLimit, errorBudget, errorRatioLimit, ruleBurnRate } from '../core/budget/burn-rate.ts'
import type { Indicator, Signal } from '../core/model/indicator.ts'
import { type Rational, toNumber } from '../core/model/rational.ts'
import type { AlertRule, Severity, Slo } from '../core/model/slo.ts'
import { sloId } from '../core/model/slo-id.ts'
import type { BurnRate, DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import { signalsUsed } from '../core/sli/check-formula-linear.ts'
import { type EventsFunction, lowerEvents } from '../core/sli/evaluate.ts'
import { type BudgetPeriod, type BudgetWindow, budgetWindow } from './budget-window.ts'

/** An SLO with everything computed that evaluation needs at every step. */
export interface CompiledSlo {
  readonly slo: Slo
  /** Its name, with its group where it is one of many. */
  readonly id: string
  readonly objective: Ratio
  /** 1 − objective. */
  readonly budget: Ratio
  readonly window: BudgetWindow
  /** The counters to follow. */
  readonly signals: readonly Signal[]
  /** Columns beyond those of the signals, for counts that are made at every step instead of taken from counters. */
  readonly madeColumns: number
  /** The events of a window from the sums of all columns, signals first. */
  readonly events: EventsFunction
  /** Signals without which the total is not known: when they stop, data is missing. */
  readonly seenSignals: ReadonlySet<number>
  /** All windows of its rules, shortest first. */
  readonly alertWindows: readonly DurationMs[]
  readonly severities: readonly Severity[]
  /** The rules of the severities that are on, in the order of the policy, for the SLO window of a moment. */
  rulesAt(at: EpochMs): readonly CompiledRule[]
}

export interface CompiledRule {
  readonly severity: Severity
  readonly longMs: DurationMs
  readonly shortMs: DurationMs
  readonly burnRate: BurnRate
  /** The error ratio at that burn rate. */
  readonly limit: ErrorRatioLimit
}

/** Compiles an SLO under its own objective, or under the one of a region. */
export function compileSlo(slo: Slo, objective: Rational = slo.objective): CompiledSlo {
  const rules = slo.alerting.policy.rules.filter(({ severity }) => slo.alerting.severities[severity])
  const alertWindows = [...new Set(rules.flatMap(({ longMs, shortMs }) => [longMs, shortMs]))].sort((a, b) => a - b)
  const window = budgetWindow(slo.window)
  return {
    slo,
    id: sloId(slo),
    objective: toNumber(objective),
    budget: toNumber(errorBudget(objective)),
    window,
    ...lowerIndicator(slo.indicator),
    alertWindows,
    severities: (['page', 'ticket'] as const).filter((severity) => rules.some((rule) => rule.severity === severity)),
    rulesAt: rulesByPeriod(rules, objective, window),
  }
}

/** A share of the budget means another burn rate in a month of 28 days than in one of 31. */
function rulesByPeriod(rules: readonly AlertRule[], objective: Rational, window: BudgetWindow) {
  let lengthMs = Number.NaN
  let compiled: readonly CompiledRule[] = []
  return (at: EpochMs): readonly CompiledRule[] => {
    const period: BudgetPeriod = window.periodAt(at)
    if (period.lengthMs !== lengthMs) {
      lengthMs = period.lengthMs
      compiled = rules.map((rule) => compileRule(rule, objective, period.lengthMs))
    }
    return compiled
  }
}

function compileRule(rule: AlertRule, objective: Rational, windowMs: DurationMs): CompiledRule {
  const burn = ruleBurnRate(rule, windowMs)
  const { severity, longMs, shortMs } = rule
  return { severity, longMs, shortMs, burnRate: toNumber(burn), limit: errorRatioLimit(burn, objective) }
}

type Lowered = Pick<CompiledSlo, 'signals' | 'madeColumns' | 'events' | 'seenSignals'>

function lowerIndicator(indicator: Indicator): Lowered {
  switch (indicator.kind) {
    case 'events': {
      const seenSignals = signalsUsed(indicator.total)
      return { signals: indicator.signals, madeColumns: 0, events: lowerEvents(indicator), seenSignals }
    }
    case 'slices': {
      const seenSignals = new Set(indicator.signals.keys())
      return { signals: indicator.signals, ...madeCounts(indicator.signals.length), seenSignals }
    }
    case 'threshold':
    case 'query':
      return { signals: [], ...madeCounts(0), seenSignals: new Set() }
    case 'composite':
      return { signals: [], madeColumns: 0, events: () => ({ bad: 0, total: 0 }), seenSignals: new Set() }
  }
}

/** Two columns behind the signals': bad and total, as made at every step. */
function madeCounts(signals: number): Pick<Lowered, 'madeColumns' | 'events'> {
  return {
    madeColumns: 2,
    events: (sums) => ({ bad: Math.min(sums[signals], sums[signals + 1]), total: sums[signals + 1] }),
  }
}
