import { standardEvidence } from '../core/model/evidence-settings.ts'
import { rational } from '../core/model/rational.ts'
import type { AlertPolicy, AlertRule, Severity } from '../core/model/slo.ts'
import { dayMs, hourMs, minuteMs } from '../core/model/units.ts'

/** The rules of the SRE Workbook's chapter on alerting, as shares of the SLO window's budget. */
const workbookRules: readonly AlertRule[] = [
  rule('page', hourMs, 5 * minuteMs, 2n),
  rule('page', 6 * hourMs, 30 * minuteMs, 5n),
  rule('ticket', dayMs, 2 * hourMs, 10n),
  rule('ticket', 3 * dayMs, 6 * hourMs, 10n),
]

/** Policies that need no file: the plain rules, and the same with evidence weighed. */
export const builtInPolicies: readonly AlertPolicy[] = [
  { name: 'workbook', rules: workbookRules, forMs: 0, keepFiringForMs: 0 },
  { name: 'standard', rules: workbookRules, forMs: 0, keepFiringForMs: 0, evidence: standardEvidence },
]

/** The policy of an SLO that names none. */
export const defaultPolicyName = 'standard'

function rule(severity: Severity, longMs: number, shortMs: number, budgetPercent: bigint): AlertRule {
  return { severity, longMs, shortMs, threshold: { budgetShare: rational(budgetPercent, 100n) } }
}
