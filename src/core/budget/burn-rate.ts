import type { EventCounts } from '../model/counts.ts'
import { divide, multiply, one, type Rational, rational, subtract, toNumber } from '../model/rational.ts'
import type { AlertRule } from '../model/slo.ts'
import type { BurnRate, DurationMs, Ratio } from '../model/units.ts'

/** Bad events ÷ all events; null without events, because 0/0 is neither good nor bad. */
export function errorRatio({ bad, total }: EventCounts): Ratio | null {
  return total > 0 ? bad / total : null
}

/**
 * How fast the error budget is spent: error ratio ÷ error budget. 1 spends the whole budget in exactly one SLO
 * window. null without events. Source: Google SRE Workbook, "Alerting on SLOs", burn rate.
 */
export function burnRate(counts: EventCounts, budget: Ratio): BurnRate | null {
  const ratio = errorRatio(counts)
  return ratio === null ? null : ratio / budget
}

/** The error budget of an objective, exactly: 1 − objective. */
export function errorBudget(objective: Rational): Rational {
  return subtract(one, objective)
}

/**
 * The burn rate at which a rule fires. A budget share f spent within the long window L of an SLO window P is the burn
 * rate f · P ÷ L. Source: Google SRE Workbook, "Alerting on SLOs", table 5-6.
 */
export function ruleBurnRate({ threshold, longMs }: AlertRule, sloWindowMs: DurationMs): Rational {
  if ('burnRate' in threshold) return threshold.burnRate
  return multiply(threshold.budgetShare, rational(BigInt(sloWindowMs), BigInt(longMs)))
}

/** An error ratio that must be exceeded, as a double for speed and as a fraction for ties. */
export interface ErrorRatioLimit {
  readonly ratio: Ratio
  readonly exact: Rational
}

/** The error ratio that corresponds to a burn rate under an objective. */
export function errorRatioLimit(burn: Rational, objective: Rational): ErrorRatioLimit {
  const exact = multiply(burn, errorBudget(objective))
  return { ratio: toNumber(exact), exact }
}

/** Doubles decide only where they cannot be wrong; closer to the limit than this, fractions do. */
const tieWidth = 1e-9

/**
 * Whether bad ÷ total is strictly above the limit. A service that sits exactly on its threshold does not fire, and
 * rounding in doubles must not decide that it does.
 */
export function exceeds(bad: number, total: number, { ratio, exact }: ErrorRatioLimit): boolean {
  const limit = total * ratio
  if (bad - limit > tieWidth * limit) return total > 0
  if (limit - bad > tieWidth * limit || total <= 0) return false
  if (!Number.isSafeInteger(bad) || !Number.isSafeInteger(total)) return false
  return BigInt(bad) * exact.denominator > exact.numerator * BigInt(total)
}

/** Whether any error ratio can exceed the limit: above 100 % bad nothing can. */
export function isReachable({ exact }: ErrorRatioLimit): boolean {
  return exact.numerator < exact.denominator
}

/** The objective above which a burn rate can be exceeded at all: 1 − 1/k. */
export function lowestReachableObjective(burn: Rational): Rational {
  return subtract(one, divide(one, burn))
}
