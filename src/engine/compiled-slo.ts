import { type ErrorRatioLimit, errorBudget, errorRatioLimit, ruleBurnRate } from '../core/budget/burn-rate.ts'
import { noEvents } from '../core/model/counts.ts'
import type { Indicator, Signal } from '../core/model/indicator.ts'
import { type Rational, toNumber } from '../core/model/rational.ts'
import { type AlertRule, activeRules, type Severity, type Slo } from '../core/model/slo.ts'
import { sloId } from '../core/model/slo-id.ts'
import type { BurnRate, DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import { signalsUsed } from '../core/sli/check-formula-linear.ts'
import { type EventsFunction, lowerEvents } from '../core/sli/evaluate.ts'
import { type ConditionFunction, lowerCondition, lowerNumber, type NumberFunction } from '../core/sli/lower-formula.ts'
import { type BudgetPeriod, type BudgetWindow, budgetWindow } from './budget-window.ts'
import { type CompiledEvidence, compileEvidence } from './compiled-evidence.ts'

/** An SLO under one objective, with everything computed that evaluation needs at every step. */
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
  /** Columns beyond those of the signals, for counts that are made or asked for instead of taken from counters. */
  readonly madeColumns: number
  /** The events of a window from the sums of all columns, signals first. */
  readonly events: EventsFunction
  /** The good share of a time slice from its sums, or of a moment from its value; NaN where it cannot be known. */
  readonly goodShare: NumberFunction
  /** Signals without which the total is not known: when they stop, data is missing. */
  readonly seenSignals: ReadonlySet<number>
  /** All windows of its rules, shortest first. */
  readonly alertWindows: readonly DurationMs[]
  readonly severities: readonly Severity[]
  /** How evidence is weighed; undefined where the policy is the plain rule. */
  readonly evidence: CompiledEvidence | undefined
  /** The rules of the severities that are on, in the order of the policy, for the SLO window of a moment. */
  rulesAt(at: EpochMs): readonly CompiledRule[]
  /** The same SLO under the objective that was in force at a moment. */
  inForceAt(at: EpochMs): CompiledSlo
  /** The same SLO under the objective of a region; one of its own has no history. */
  inRegion(region: string): CompiledSlo
}

/** An alert rule with its burn rate as a threshold to compare with. */
export interface CompiledRule {
  readonly severity: Severity
  readonly longMs: DurationMs
  readonly shortMs: DurationMs
  readonly burnRate: BurnRate
  /** The error ratio at that burn rate. */
  readonly limit: ErrorRatioLimit
  /** The share of the SLO window's budget that this burn rate spends in the long window. */
  readonly budgetShare: Ratio
}

/** Compiles an SLO; the answer is under the objective of today. */
export function compileSlo(slo: Slo): CompiledSlo {
  const rules = activeRules(slo.alerting)
  const alertWindows = [...new Set(rules.flatMap(({ longMs, shortMs }) => [longMs, shortMs]))].sort((a, b) => a - b)
  const window = budgetWindow(slo.window)
  const shared = {
    slo,
    id: sloId(slo),
    window,
    ...lowerIndicator(slo.indicator),
    alertWindows,
    severities: (['page', 'ticket'] as const).filter((severity) => rules.some((rule) => rule.severity === severity)),
  }
  const inRegion = inRegions(slo)
  const under = (objective: Rational): CompiledSlo => ({
    ...shared,
    objective: toNumber(objective),
    budget: toNumber(errorBudget(objective)),
    evidence: compileEvidence(slo, toNumber(errorBudget(objective))),
    rulesAt: rulesByPeriod(rules, objective, window),
    inForceAt: (at) => past.find(({ until }) => at <= until)?.compiled ?? today,
    inRegion: (region) => inRegion(region) ?? today,
  })
  const past = slo.pastObjectives.map(({ objective, until }) => ({ until, compiled: under(objective) }))
  const today = under(slo.objective)
  return today
}

/** Compiles the SLO of each region that has an objective of its own, when it is first asked for. */
function inRegions(slo: Slo): (region: string) => CompiledSlo | undefined {
  const compiled = new Map<string, CompiledSlo>()
  return (region) => {
    const objective = slo.regions.objectives.get(region)
    if (objective === undefined) return undefined
    const known = compiled.get(region)
    if (known !== undefined) return known
    const regions = { ...slo.regions, objectives: new Map<string, Rational>() }
    const made = compileSlo({ ...slo, objective, pastObjectives: [], regions })
    compiled.set(region, made)
    return made
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
  const burnRate = toNumber(burn)
  const budgetShare = (burnRate * longMs) / windowMs
  return { severity, longMs, shortMs, burnRate, limit: errorRatioLimit(burn, objective), budgetShare }
}

type Lowered = Pick<CompiledSlo, 'signals' | 'madeColumns' | 'events' | 'goodShare' | 'seenSignals'>

function lowerIndicator(indicator: Indicator): Lowered {
  switch (indicator.kind) {
    case 'events': {
      const seenSignals = signalsUsed(indicator.total)
      return { ...nothingMade, signals: indicator.signals, events: lowerEvents(indicator), seenSignals }
    }
    case 'slices': {
      const { signals, good, method } = indicator
      const goodShare = method === 'slices' ? asShare(lowerCondition(good)) : lowerNumber(good)
      return { ...madeCounts(signals.length), signals, goodShare, seenSignals: new Set(signals.keys()) }
    }
    case 'threshold':
      return { ...madeCounts(0), goodShare: asShare(lowerCondition(indicator.good)) }
    case 'query':
      return madeCounts(0)
    default:
      // A composite counts nothing itself.
      return nothingMade
  }
}

const nothingMade: Lowered = {
  signals: [],
  madeColumns: 0,
  events: () => noEvents,
  goodShare: () => Number.NaN,
  seenSignals: new Set(),
}

/** Two columns behind the signals': bad and total. */
function madeCounts(signals: number): Lowered {
  return {
    ...nothingMade,
    madeColumns: 2,
    events: (sums) => ({ bad: Math.min(sums[signals], sums[signals + 1]), total: sums[signals + 1] }),
  }
}

function asShare(condition: ConditionFunction): NumberFunction {
  return (signals) => {
    const good = condition(signals)
    return good === undefined ? Number.NaN : Number(good)
  }
}
