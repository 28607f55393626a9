import { type ErrorRatioLimit, errorBudget, errorRatioLimit, ruleBurnRate } from '../core/budget/burn-rate.ts'
import type { Signal } from '../core/model/indicator.ts'
import { toNumber } from '../core/model/rational.ts'
import type { AlertRule, Severity, Slo } from '../core/model/slo.ts'
import type { BurnRate, DurationMs, Ratio } from '../core/model/units.ts'
import { signalsUsed } from '../core/sli/check-formula-linear.ts'
import { type EventsFunction, lowerEvents } from '../core/sli/evaluate.ts'

/** An SLO with everything computed that evaluation needs at every step. */
export interface CompiledSlo {
  readonly slo: Slo
  readonly objective: Ratio
  /** 1 − objective. */
  readonly budget: Ratio
  /** The signals to count, and the events that they make. */
  readonly signals: readonly Signal[]
  readonly events: EventsFunction
  /** Signals without which the total is not known: when they stop, data is missing. */
  readonly seenSignals: ReadonlySet<number>
  /** Length of the SLO window. */
  readonly windowMs: DurationMs
  /** All windows of its rules, shortest first. */
  readonly alertWindows: readonly DurationMs[]
  /** The rules of the severities that are on, in the order of the policy. */
  readonly rules: readonly CompiledRule[]
  readonly severities: readonly Severity[]
}

export interface CompiledRule {
  readonly severity: Severity
  readonly longMs: DurationMs
  readonly shortMs: DurationMs
  /** Places in `alertWindows`. */
  readonly long: number
  readonly short: number
  readonly burnRate: BurnRate
  /** The error ratio at that burn rate. */
  readonly limit: ErrorRatioLimit
}

export function compileSlo(slo: Slo): CompiledSlo {
  const windowMs = sloWindowMs(slo)
  const rules = slo.alerting.policy.rules.filter(({ severity }) => slo.alerting.severities[severity])
  const alertWindows = [...new Set(rules.flatMap(({ longMs, shortMs }) => [longMs, shortMs]))].sort((a, b) => a - b)
  return {
    slo,
    objective: toNumber(slo.objective),
    budget: toNumber(errorBudget(slo.objective)),
    ...lowerIndicator(slo),
    windowMs,
    alertWindows,
    rules: rules.map((rule) => compileRule(rule, slo, windowMs, alertWindows)),
    severities: (['page', 'ticket'] as const).filter((severity) => rules.some((rule) => rule.severity === severity)),
  }
}

function compileRule(rule: AlertRule, slo: Slo, windowMs: DurationMs, windows: readonly DurationMs[]): CompiledRule {
  const burn = ruleBurnRate(rule, windowMs)
  const { severity, longMs, shortMs } = rule
  return {
    severity,
    longMs,
    shortMs,
    long: windows.indexOf(longMs),
    short: windows.indexOf(shortMs),
    burnRate: toNumber(burn),
    limit: errorRatioLimit(burn, slo.objective),
  }
}

function lowerIndicator({ indicator, name }: Slo): Pick<CompiledSlo, 'signals' | 'events' | 'seenSignals'> {
  if (indicator.kind === 'events') {
    const seenSignals = signalsUsed(indicator.total)
    return { signals: indicator.signals, events: lowerEvents(indicator), seenSignals }
  }
  throw new Error(`SLO ${name} has a ${indicator.kind} indicator, which rule loading refuses in this version`)
}

function sloWindowMs({ window, name }: Slo): DurationMs {
  if (window.kind === 'rolling') return window.durationMs
  throw new Error(`SLO ${name} has a calendar window, which rule loading refuses in this version`)
}
