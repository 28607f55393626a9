import type { AlertReading, Notification } from '../../core/model/notification.ts'
import { fingerprint } from '../fingerprint.ts'
import { webLink } from '../web-link.ts'
import type { Wording } from '../words.ts'

/** What the burn-rate alerts of other tools are called, so that existing routes and templates find it. */
export const alertname = 'ErrorBudgetBurn'

/** One alert as Alertmanager and what listens to it know alerts. */
export interface AlertPayload {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  /** null while it fires. */
  readonly endsAt: string | null
  readonly generatorURL: string
  readonly fingerprint: string
}

/** Every alert of an incident. */
export function alertPayloads(
  notification: Notification,
  annotations: Readonly<Record<string, string>>,
  externalUrl: string,
): readonly AlertPayload[] {
  const generatorURL = incidentLink(externalUrl, notification.incidentId)
  return notification.alerts.map((alert) => {
    const labels = labelsOf(notification, alert)
    const endsAt = alert.resolvedAt ?? notification.resolvedAt
    return {
      labels,
      annotations,
      startsAt: new Date(alert.firedAt).toISOString(),
      endsAt: endsAt === null ? null : new Date(endsAt).toISOString(),
      generatorURL,
      fingerprint: fingerprint(Object.entries(labels)),
    }
  })
}

/** Where an incident can be looked at: its page. */
export function incidentLink(externalUrl: string, incidentId: string): string {
  return `${externalUrl.replace(/\/$/, '')}/?page=incident&id=${encodeURIComponent(incidentId)}`
}

/** What is said of an incident, as annotations. */
export function annotationsOf(
  { description, runbook, dashboard }: Notification,
  { preview, verdict, facts }: Wording,
): Readonly<Record<string, string>> {
  const sentences = [
    description,
    `${verdict.failing} — ${verdict.allowed}`,
    ...facts.map(({ name, text }) => `${name}: ${text}`),
  ]
  const runbookUrl = webLink(runbook)
  const dashboardUrl = webLink(dashboard)
  return {
    summary: preview,
    description: sentences.filter((sentence) => sentence !== '').join('\n'),
    ...(runbookUrl === null ? {} : { runbook_url: runbookUrl }),
    ...(dashboardUrl === null ? {} : { dashboard_url: dashboardUrl }),
  }
}

/** Our own labels win over a user's of the same name: receivers de-duplicate on them. A label without a value is none. */
function labelsOf({ labels, service }: Notification, alert: AlertReading): Readonly<Record<string, string>> {
  const { slo, scope, severity } = alert
  const all: Record<string, string> = { ...labels, alertname, slo, service, region: scope, severity }
  for (const name in all) if (all[name] === '') delete all[name]
  return all
}
