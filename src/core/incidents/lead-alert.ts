import type { Incident, IncidentAlert } from '../model/incident.ts'
import { globalScope } from '../model/slo.ts'
import { audibleAlerts, firingAlerts } from './audible.ts'

/**
 * The alert that a message speaks of: of those that can be heard, or else fire, or else were, the worst; the first of equals, but
 * where several regions burn, or none can be seen, that of all of them.
 */
export function leadAlert(incident: Incident): IncidentAlert {
  const choices = [audibleAlerts(incident), firingAlerts(incident), incident.alerts].find(({ length }) => length > 0)
  const alerts = choices ?? incident.alerts
  const lead = alerts.reduce((worst, alert) => (isWorse(alert, worst) ? alert : worst))
  const alike = alerts.filter((alert) => isAlike(alert, lead))
  const all = alike.find(({ id }) => id.scope === globalScope)
  const isWide = alike.length > 2 || lead.id.cause !== undefined
  return all !== undefined && isWide ? all : lead
}

/** Whether two alerts say the same of two scopes. */
function isAlike({ id, rule }: IncidentAlert, lead: IncidentAlert): boolean {
  const { slo, severity, cause } = lead.id
  return id.slo === slo && id.severity === severity && id.cause === cause && rule.burnRate === lead.rule.burnRate
}

function isWorse(a: IncidentAlert, b: IncidentAlert): boolean {
  if (a.id.severity !== b.id.severity) return a.id.severity === 'page'
  if (a.rule.burnRate !== b.rule.burnRate) return a.rule.burnRate > b.rule.burnRate
  return a.firedAt < b.firedAt
}
