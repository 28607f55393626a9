import { errorRatioLimit, isReachable, lowestReachableObjective, ruleBurnRate } from '../../core/budget/burn-rate.ts'
import { multiply, type Rational, rational } from '../../core/model/rational.ts'
import { type AlertRule, activeRules } from '../../core/model/slo.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Finding } from '../../documents/problem-collector.ts'
import type { Path } from '../../documents/source-document.ts'
import { roundedUp } from './rounded-up.ts'
import type { LintedSlo, SloLint } from './slo-lint.ts'
import { describeWindow, shortestWindowMs } from './window-lengths.ts'

/** Where the rules of a policy do not go together with the window and the objectives of an SLO. */
export const alertWindows: SloLint = (linted) => {
  const { draft, policy } = linted
  const windowMs = shortestWindowMs(draft.slo.window)
  const rules = activeRules({ policy, severities: draft.alerting.severities })
  const tooLong = rules.filter(({ longMs }) => longMs > windowMs)
  const fitting = rules.filter((rule) => !tooLong.includes(rule))
  const mute = fitting.flatMap((rule) => neverFires(linted, rule, ruleBurnRate(rule, windowMs)))
  return tooLong.length === 0 ? mute : [windowTooShort(linted, tooLong), ...mute]
}

function windowTooShort({ draft, policy }: LintedSlo, rules: readonly AlertRule[]): Finding {
  const longestMs = Math.max(...rules.map(({ longMs }) => longMs))
  const ticketsOff = rules.every(({ severity }) => severity === 'ticket')
    ? ', or switch tickets off with alerting: { ticket: false }'
    : ''
  return {
    code: 'RULE_WINDOW_TOO_SHORT',
    path: ['spec', 'window'],
    message: `${describeWindow(draft.slo.window)} is shorter than the alert window ${formatDuration(longestMs)} of policy "${policy.name}"`,
    hint: `take a longer window, or a policy with shorter alert windows${ticketsOff}`,
  }
}

function neverFires({ draft, policy }: LintedSlo, rule: AlertRule, threshold: Rational): Finding[] {
  return objectivesOf(draft).flatMap(({ objective, path, where }): Finding[] => {
    if (isReachable(errorRatioLimit(threshold, objective))) return []
    const windows = `${formatDuration(rule.longMs)}/${formatDuration(rule.shortMs)}`
    const needed = roundedUp(multiply(lowestReachableObjective(threshold), rational(100n, 1n)))
    return [
      {
        code: 'RULE_NEVER_FIRES',
        severity: 'warning',
        path,
        message: `the ${rule.severity} rule ${windows} of policy "${policy.name}" can never fire${where}: its threshold ${roundedUp(threshold)} is not exceeded even if every event fails`,
        hint: `it can fire with an objective above ${needed} %, or with a lower threshold`,
      },
    ]
  })
}

interface PlacedObjective {
  readonly objective: Rational
  readonly path: Path
  readonly where: string
}

function objectivesOf({ slo, objectivePath }: LintedSlo['draft']): PlacedObjective[] {
  const ofRegions = [...slo.regions.objectives].map(([region, objective]) => ({
    objective,
    path: ['spec', 'regions', 'objectives', region],
    where: ` in region ${region}`,
  }))
  return [{ objective: slo.objective, path: objectivePath, where: '' }, ...ofRegions]
}
