import type { IncidentAlert } from '../model/incident.ts'
import { type SevName, sevNames } from '../model/notification.ts'
import { globalScope, type Severity } from '../model/slo.ts'
import type { SevRule } from './incident-policy.ts'
import { matchesAll } from './matching.ts'

/** The name of an incident with these alerts: of the first rule that one of them meets, SEV4 where none does. */
export function sevOf(alerts: readonly IncidentAlert[], severity: Severity, rules: readonly SevRule[]): SevName {
  const scope = alerts.some(({ id }) => id.scope === globalScope) ? 'global' : 'regional'
  const named = rules.find((candidate) => {
    if (candidate.severity !== undefined && candidate.severity !== severity) return false
    if (candidate.scope !== undefined && candidate.scope !== scope) return false
    return alerts.some(({ rule, labels }) => {
      return (candidate.burnRate ?? 0) <= rule.burnRate && matchesAll(candidate.matchers, labels)
    })
  })
  return named?.name ?? 'SEV4'
}

/** Whether the first name is worse than the second. */
export function isWorse(a: SevName, b: SevName): boolean {
  return sevNames.indexOf(a) < sevNames.indexOf(b)
}
