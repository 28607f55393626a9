import type { Delivery } from '../../../core/model/delivery.ts'
import type { DigestMessage, HeartbeatMessage, Notification, WindowReading } from '../../../core/model/notification.ts'
import { type DurationMs, secondMs } from '../../../core/model/units.ts'
import { formatDuration } from '../../../core/time/duration.ts'
import { fingerprint } from '../../fingerprint.ts'
import { alertname, alertPayloads, annotationsOf } from '../alert-payload.ts'
import type { ReceiverContext } from '../receiver-factory.ts'

/** What Alertmanager writes as the end of an alert that has none yet: the zero time of Go. */
const noEnd = '0001-01-01T00:00:00Z'

/** What a payload says beside its delivery. */
export interface WebhookOptions extends Pick<ReceiverContext, 'externalUrl' | 'words'> {
  readonly receiver: string
}

/**
 * The Alertmanager webhook payload, version 4: one group per incident, with every alert of it, and our own facts under `slo`. A
 * digest is a group of the incidents it holds, a heartbeat one alert that always fires.
 */
export function webhookMessage({ notification }: Delivery, options: WebhookOptions) {
  if (notification.kind === 'incident') return incidentMessage(notification, options)
  return notification.kind === 'digest' ? digestMessage(notification, options) : heartbeatMessage(notification, options)
}

/**
 * The payload as JSON. What is said of an incident stands in each of its alerts and in what they share, and is written down once: it is
 * most of the text.
 */
export function webhookText(delivery: Delivery, options: WebhookOptions): string {
  const { alerts, commonAnnotations, ...rest } = webhookMessage(delivery, options)
  const shared = JSON.stringify(commonAnnotations)
  const texts = alerts.map(({ annotations, ...alert }) => {
    const own = annotations === commonAnnotations ? shared : JSON.stringify(annotations)
    return `${JSON.stringify(alert).slice(0, -1)},"annotations":${own}}`
  })
  return `${JSON.stringify(rest).slice(0, -1)},"commonAnnotations":${shared},"alerts":[${texts.join()}]}`
}

/** The payload of one incident. */
export function incidentMessage(notification: Notification, options: WebhookOptions) {
  return { ...groupOf(notification, options), slo: factsOf(notification) }
}

function groupOf(notification: Notification, { receiver, externalUrl, words }: WebhookOptions) {
  const { key, status, service, severity } = notification
  const annotations = annotationsOf(notification, words(notification))
  const alerts = alertPayloads(notification, annotations, externalUrl).map(({ endsAt, ...rest }) => {
    return { status: endsAt === null ? 'firing' : 'resolved', ...rest, endsAt: endsAt ?? noEnd } as const
  })
  return {
    version: '4',
    groupKey: key,
    truncatedAlerts: 0,
    status,
    receiver,
    groupLabels: { alertname, slo: key, service },
    // Templates ask the group how bad it is: that of its worst alert, also where others are mere tickets.
    commonLabels: { ...common(alerts.map(({ labels }) => labels)), severity },
    commonAnnotations: annotations,
    externalURL: externalUrl,
    alerts,
  }
}

function digestMessage(message: DigestMessage, options: WebhookOptions) {
  const { key, entries, at } = message
  const groups = entries.map((entry) => groupOf(entry, options))
  const alerts = groups.flatMap((group) => group.alerts)
  return {
    version: '4',
    groupKey: `${key}/${at}`,
    truncatedAlerts: 0,
    status: 'firing' as const,
    receiver: options.receiver,
    groupLabels: { alertname },
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: { summary: options.words(message).preview },
    externalURL: options.externalUrl,
    alerts,
  }
}

function heartbeatMessage({ key, at, nextBy }: HeartbeatMessage, { receiver, externalUrl }: WebhookOptions) {
  const labels = { alertname: 'Heartbeat', severity: 'none' }
  const annotations = {
    summary: 'sloburn evaluates, stores and delivers.',
    description: `The next one comes by ${new Date(nextBy).toISOString()}. Raise the alarm when it does not.`,
  }
  return {
    version: '4',
    groupKey: key,
    truncatedAlerts: 0,
    status: 'firing' as const,
    receiver,
    groupLabels: labels,
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: externalUrl,
    alerts: [
      {
        status: 'firing' as const,
        labels,
        annotations,
        startsAt: new Date(at).toISOString(),
        endsAt: noEnd,
        generatorURL: externalUrl,
        fingerprint: fingerprint(new Map(Object.entries(labels))),
      },
    ],
  }
}

/** The labels that all label sets share. */
function common(all: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> {
  const [first = {}, ...rest] = all
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => rest.every((one) => one[name] === value)))
}

/** Which part of the rule held, and how sure that is; nothing for a plain rule. */
function whyFired({ because, evidence }: Notification['rule']) {
  if (because === undefined || evidence === undefined) return {}
  const { since, chanceOnceInMs, ...rest } = evidence
  const secondsBetweenChances = chanceOnceInMs === null ? null : seconds(chanceOnceInMs)
  return { because, evidence: { ...rest, since: seconds(since), secondsBetweenChances } }
}

/** For programs: seconds and fractions, null where nothing is known. */
function factsOf(notification: Notification) {
  const { objective, window, rule, long, short, budget, firedAt, resolvedAt, at, acknowledgement } = notification
  return {
    incident: notification.incidentId,
    revision: notification.revision,
    change: notification.change,
    severity: notification.severity,
    sev: notification.sev,
    slo: notification.slo,
    scope: notification.scope,
    objective,
    window,
    firedAt: seconds(firedAt),
    resolvedAt: resolvedAt === null ? null : seconds(resolvedAt),
    at: seconds(at),
    rule: {
      burnRate: rule.burnRate,
      long: reading(rule.longMs, long),
      short: reading(rule.shortMs, short),
      ...whyFired(rule),
    },
    budget: {
      bad: budget.bad,
      total: budget.total,
      remaining: budget.remaining,
      secondsToExhaustion: budget.timeToExhaustionMs === null ? null : seconds(budget.timeToExhaustionMs),
    },
    regions: notification.regions,
    annotations: notification.annotations.map(({ at: made, beforeMs, ...rest }) => {
      return { ...rest, at: seconds(made), secondsBefore: seconds(beforeMs) }
    }),
    exemplars: notification.exemplars.map(({ at: seen, ...rest }) => ({ ...rest, at: seconds(seen) })),
    acknowledgedBy: acknowledgement?.by ?? null,
    flapping: notification.flapping !== null,
  }
}

function reading(windowMs: DurationMs, { bad, total, errorRatio, burnRate }: WindowReading) {
  return { window: formatDuration(windowMs), bad, total, errorRatio, burnRate }
}

function seconds(milliseconds: number): number {
  return milliseconds / secondMs
}
