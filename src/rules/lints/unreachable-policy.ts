import type { Severity } from '../../core/model/slo.ts'
import type { Finding } from '../../documents/problem-collector.ts'
import type { SloLint } from './slo-lint.ts'

/** An SLO that never alerts because its policy has rules only for what is off, or one that sets up what has no rules. */
export const unreachablePolicy: SloLint = ({ draft, policy, document }) => {
  const { severities } = draft.alerting
  const ruled = new Set(policy.rules.map(({ severity }) => severity))
  if (![...ruled].some((severity) => severities[severity])) {
    const names = [...ruled].join(' and ')
    return [
      {
        code: 'RULE_UNREACHABLE_POLICY',
        severity: 'warning',
        path: ['spec', 'alerting'],
        message: `this SLO never alerts: policy "${policy.name}" has rules for ${names} only, and that is off`,
        hint: `switch ${names} on, or name a policy with other rules`,
      },
    ]
  }
  return (['page', 'ticket'] as const).flatMap((severity): Finding[] => {
    if (ruled.has(severity)) return []
    const isSetUp = typeof document.at(['spec', 'alerting', severity]) === 'object'
    return isSetUp ? [withoutRules(severity, policy.name)] : []
  })
}

function withoutRules(severity: Severity, policy: string): Finding {
  return {
    code: 'RULE_UNREACHABLE_POLICY',
    severity: 'warning',
    path: ['spec', 'alerting', severity],
    message: `nothing comes of this: policy "${policy}" has no rule with severity ${severity}`,
    hint: `remove it, or name a policy that has a ${severity} rule`,
  }
}
