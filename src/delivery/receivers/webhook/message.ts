import type { Delivery } from '../../../core/model/delivery.ts'
import type { Notification, WindowReading } from '../../../core/model/notification.ts'
import { type DurationMs, secondMs } from '../../../core/model/units.ts'
import { formatDuration } from '../../../core/time/duration.ts'
import { fingerprint } from '../../fingerprint.ts'
import { webLink } from '../../web-link.ts'
import { wordingOf } from '../../wording.ts'

/** What Alertmanager writes as the end of an alert that has none yet: the zero time of Go. */
const noEnd = '0001-01-01T00:00:00Z'

/** What a payload says beside its delivery. */
export interface WebhookOptions {
  readonly receiver: string
  /** Where this engine is reached by people. */
  readonly externalUrl: string
}

/** The Alertmanager webhook payload, version 4, of one alert, and our own facts under `slo`. */
export function webhookMessage({ notification }: Delivery, { receiver, externalUrl }: WebhookOptions) {
  const labels = labelsOf(notification)
  const annotations = annotationsOf(notification)
  const { slo, scope, severity, status, key, firedAt, resolvedAt } = notification
  return {
    version: '4',
    groupKey: key,
    truncatedAlerts: 0,
    status,
    receiver,
    groupLabels: { alertname, slo, region: scope, severity },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: externalUrl,
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: new Date(firedAt).toISOString(),
        endsAt: resolvedAt === null ? noEnd : new Date(resolvedAt).toISOString(),
        generatorURL: `${externalUrl.replace(/\/$/, '')}/api/v1/slos/${encodeURIComponent(slo)}`,
        fingerprint: fingerprint(new Map(Object.entries(labels))),
      },
    ],
    slo: factsOf(notification),
  }
}

/** What the burn-rate alerts of other tools are called, so that existing routes and templates find it. */
const alertname = 'ErrorBudgetBurn'

/** Our own labels win over a user's of the same name: receivers de-duplicate on them. A label without a value is none. */
function labelsOf({ labels, slo, service, scope, severity, rule }: Notification): Readonly<Record<string, string>> {
  const all = {
    ...labels,
    alertname,
    slo,
    service,
    region: scope,
    severity,
    window_long: formatDuration(rule.longMs),
    window_short: formatDuration(rule.shortMs),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}

function annotationsOf(notification: Notification): Readonly<Record<string, string>> {
  const { preview, verdict, facts } = wordingOf(notification)
  const sentences = [
    notification.description,
    `${verdict.failing} — ${verdict.allowed}`,
    ...facts.map(({ name, text }) => `${name}: ${text}`),
  ]
  const runbook = webLink(notification.runbook)
  const dashboard = webLink(notification.dashboard)
  return {
    summary: preview,
    description: sentences.filter((sentence) => sentence !== '').join('\n'),
    ...(runbook === null ? {} : { runbook_url: runbook }),
    ...(dashboard === null ? {} : { dashboard_url: dashboard }),
  }
}

/** For programs: seconds and fractions, null where nothing is known. */
function factsOf({ objective, window, rule, long, short, budget, regions, firedAt, resolvedAt, at }: Notification) {
  return {
    objective,
    window,
    firedAt: seconds(firedAt),
    resolvedAt: resolvedAt === null ? null : seconds(resolvedAt),
    at: seconds(at),
    rule: { burnRate: rule.burnRate, long: reading(rule.longMs, long), short: reading(rule.shortMs, short) },
    budget: {
      bad: budget.bad,
      total: budget.total,
      remaining: budget.remaining,
      secondsToExhaustion: budget.timeToExhaustionMs === null ? null : seconds(budget.timeToExhaustionMs),
    },
    regions,
  }
}

function reading(windowMs: DurationMs, { bad, total, errorRatio, burnRate }: WindowReading) {
  return { window: formatDuration(windowMs), bad, total, errorRatio, burnRate }
}

function seconds(milliseconds: number): number {
  return milliseconds / secondMs
}
