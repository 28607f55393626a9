import { errorRatioLimit, isReachable, lowestReachableObjective, ruleBurnRate } from '../core/budget/burn-rate.ts'
import type { Problem } from '../core/model/problem.ts'
import { multiply, type Rational, rational } from '../core/model/rational.ts'
import type { AlertPolicy, AlertRule } from '../core/model/slo.ts'
import type { DurationMs } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import type { SloDraft } from './read-slo.ts'

/** Where the rules of a policy do not go together with the objective and the window of an SLO. */
export function checkAlertWindows(draft: SloDraft, policy: AlertPolicy): Problem[] {
  const { window } = draft.slo
  if (window.kind !== 'rolling') return []
  const rules = policy.rules.filter(({ severity }) => draft.severities[severity])
  const tooLong = rules.filter(({ longMs }) => longMs > window.durationMs)
  const fitting = rules.filter((rule) => !tooLong.includes(rule))
  const mute = fitting.flatMap((rule) => neverFires(draft, policy, rule, ruleBurnRate(rule, window.durationMs)))
  return tooLong.length === 0 ? mute : [windowTooShort(draft, policy, window.durationMs, tooLong), ...mute]
}

function windowTooShort(
  { document }: SloDraft,
  { name }: AlertPolicy,
  windowMs: DurationMs,
  rules: readonly AlertRule[],
): Problem {
  const longestMs = Math.max(...rules.map(({ longMs }) => longMs))
  const window = `the window ${formatDuration(windowMs)}`
  const ticketsOff = rules.every(({ severity }) => severity === 'ticket')
    ? ', or switch tickets off with alerting: { ticket: false }'
    : ''
  return {
    code: 'RULE_WINDOW_TOO_SHORT',
    severity: 'error',
    at: document.placeOf(['spec', 'window']),
    message: `${window} is shorter than the alert window ${formatDuration(longestMs)} of policy "${name}"`,
    hint: `take a longer window, or a policy with shorter alert windows${ticketsOff}`,
  }
}

function neverFires({ slo, document }: SloDraft, policy: AlertPolicy, rule: AlertRule, threshold: Rational): Problem[] {
  if (isReachable(errorRatioLimit(threshold, slo.objective))) return []
  const windows = `${formatDuration(rule.longMs)}/${formatDuration(rule.shortMs)}`
  const needed = decimal(multiply(lowestReachableObjective(threshold), rational(100n, 1n)))
  return [
    {
      code: 'RULE_NEVER_FIRES',
      severity: 'warning',
      at: document.placeOf(['spec', 'objective']),
      message: `the ${rule.severity} rule ${windows} of policy "${policy.name}" can never fire: its threshold ${decimal(threshold)} is not exceeded even if every event fails`,
      hint: `it can fire with an objective above ${needed} %, or with a lower threshold`,
    },
  ]
}

/** A decimal of at most four places, rounded up, so that "above" stays true. */
function decimal({ numerator, denominator }: Rational): string {
  const scaled = (numerator * 10_000n + denominator - 1n) / denominator
  const text = String(scaled).padStart(5, '0')
  return `${text.slice(0, -4)}.${text.slice(-4)}`.replace(/\.?0+$/, '')
}
