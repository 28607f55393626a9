import type { Incident, IncidentAlert } from '../model/incident.ts'
import type { Severity } from '../model/slo.ts'

/** The alerts that fire. */
export function firingAlerts({ alerts }: Pick<Incident, 'alerts'>): readonly IncidentAlert[] {
  return alerts.filter(({ resolvedAt }) => resolvedAt === null)
}

/** The alerts that fire and that nothing keeps quiet. */
export function audibleAlerts({ alerts }: Pick<Incident, 'alerts'>): readonly IncidentAlert[] {
  return alerts.filter(({ resolvedAt, hush }) => resolvedAt === null && hush === null)
}

/** The worse severity among alerts; null without any. */
export function loudest(alerts: readonly IncidentAlert[]): Severity | null {
  if (alerts.length === 0) return null
  return alerts.some(({ id }) => id.severity === 'page') ? 'page' : 'ticket'
}
