import type { Incident, IncidentAlert } from '../model/incident.ts'
import { audibleAlerts, firingAlerts } from './audible.ts'

/** The alert that a message speaks of: of those that can be heard, or else fire, or else were, the worst; the first of equals. */
export function leadAlert(incident: Incident): IncidentAlert {
  const choices = [audibleAlerts(incident), firingAlerts(incident), incident.alerts].find(({ length }) => length > 0)
  return (choices ?? incident.alerts).reduce((lead, alert) => (isWorse(alert, lead) ? alert : lead))
}

function isWorse(a: IncidentAlert, b: IncidentAlert): boolean {
  if (a.id.severity !== b.id.severity) return a.id.severity === 'page'
  if (a.rule.burnRate !== b.rule.burnRate) return a.rule.burnRate > b.rule.burnRate
  return a.firedAt < b.firedAt
}
