import type { AlertId } from '../../core/model/alert.ts'
import { labelsKey } from '../../core/model/labels.ts'
import { readSloId } from '../../core/model/slo-id.ts'
import type { AlertPattern } from '../../rules/rule-test/rule-test.ts'

/** Whether an alert is one of those that a test speaks of. */
export function matchesAlert({ slo, severity, scopes }: AlertPattern, id: AlertId): boolean {
  const { name, group } = readSloId(id.slo)
  if (name !== slo.name || (slo.group !== undefined && labelsKey(slo.group) !== labelsKey(group))) return false
  if (severity !== undefined && severity !== id.severity) return false
  return scopes === undefined || scopes.includes(id.scope)
}
