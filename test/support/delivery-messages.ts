import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { nobodyTold } from '../../src/core/incidents/fold-alert.ts'
import type { AlertRecord, Episode, FiredRule } from '../../src/core/model/alert.ts'
import type { Delivery, NewDelivery } from '../../src/core/model/delivery.ts'
import type { Incident } from '../../src/core/model/incident.ts'
import type { Notification } from '../../src/core/model/notification.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import type { TickCommit } from '../../src/ports/store.ts'

/** 2026-11-21 02:41 UTC. */
export const firedAt = Date.UTC(2026, 10, 21, 2, 41)

/** A page whose numbers agree: 9.1 % ÷ 0.1 % = 91, a twelfth of it filled the hour, 61.3 % of 30 d at 91× is 4h51m. */
export function aNotification(changes: Partial<Notification> = {}): Notification {
  const { slo = 'checkout-availability', scope = 'eu-west-1', severity = 'page' } = changes
  const { status = 'firing', resolvedAt = null } = changes
  const isFiring = status === 'firing'
  return {
    kind: 'incident',
    status,
    change: isFiring ? 'opened' : 'resolved',
    wakes: isFiring,
    key: slo,
    incidentId: '4b825dc642cb6eb9a060',
    revision: isFiring ? 1 : 2,
    sev: severity === 'page' ? 'SEV2' : 'SEV4',
    slo,
    service: 'checkout',
    scope,
    severity,
    description: 'Requests to the checkout that are answered without an error.',
    labels: { team: 'payments' },
    runbook: 'https://runbooks.example.com/checkout?step=1',
    dashboard: 'https://grafana.example.com/d/checkout',
    objective: 0.999,
    window: '30d',
    firedAt,
    resolvedAt,
    at: firedAt + 12 * minuteMs,
    rule: { longMs: hourMs, shortMs: 5 * minuteMs, burnRate: 14.4 },
    long: { bad: 53_200, total: 2_923_200, errorRatio: 0.0182, burnRate: 18.2 },
    short: { bad: 22_168, total: 243_600, errorRatio: 0.091, burnRate: 91 },
    budget: { bad: 812_000, total: 2_098_000_000, remaining: 0.613, timeToExhaustionMs: 17_460_900 },
    regions: [
      { region: 'us-east-1', burnRate: 0.4, state: 'ok', share: 0.004 },
      { region: 'eu-west-1', burnRate: 91, state: 'ok', share: 0.996 },
      { region: 'ap-south-1', burnRate: null, state: 'no-data', share: null },
    ],
    data: null,
    alerts: [{ slo, scope, severity, firedAt: changes.firedAt ?? firedAt, resolvedAt, hushedBy: null }],
    members: [],
    annotations: [],
    exemplars: [],
    acknowledgement: null,
    flapping: null,
    ...changes,
  }
}

/** The end of the same alert, 38 minutes after it fired. */
export function aResolve(changes: Partial<Notification> = {}): Notification {
  const resolvedAt = firedAt + 38 * minuteMs
  return aNotification({
    status: 'resolved',
    resolvedAt,
    at: resolvedAt,
    long: { bad: 168_500, total: 2_923_200, errorRatio: 0.0576, burnRate: 57.6 },
    short: { bad: 12, total: 243_600, errorRatio: 0.000049, burnRate: 0.049 },
    budget: { bad: 927_300, total: 2_098_200_000, remaining: 0.558, timeToExhaustionMs: null },
    regions: [
      { region: 'us-east-1', burnRate: 0.4, state: 'ok', share: 0.9 },
      { region: 'eu-west-1', burnRate: 0.049, state: 'ok', share: 0.1 },
    ],
    ...changes,
  })
}

/** A message for the outbox. Its id is made from what identifies it, as the engine makes it. */
export function aNewDelivery(
  notification: Notification = aNotification(),
  { receiver = 'oncall', recipient = '' }: { readonly receiver?: string; readonly recipient?: string } = {},
): NewDelivery {
  const { key, firedAt: episode, revision } = notification
  const id = createHash('sha256').update([key, episode, revision, receiver, recipient].join('\n')).digest('hex')
  return { id, receiver, recipient, episode, notification }
}

/** A claimed message. */
export function aDelivery(notification: Notification = aNotification(), changes: Partial<Delivery> = {}): Delivery {
  return {
    ...aNewDelivery(notification),
    attempt: 1,
    createdAt: notification.at,
    maybeSent: false,
    opens: true,
    openReference: null,
    ...changes,
  }
}

/** What one tick decided; nothing unless told. */
export function aTick(changes: Partial<TickCommit> = {}): TickCommit {
  return {
    at: firedAt,
    progress: new Map(),
    alerts: [],
    episodes: [],
    deliveries: [],
    superseded: [],
    incidents: [],
    released: [],
    incidentEvents: [],
    burnRates: [],
    silences: [],
    annotations: [],
    ...changes,
  }
}

export const aFiredRule: FiredRule = {
  longMs: hourMs,
  shortMs: 5 * minuteMs,
  burnRate: 14.4,
  longBurnRate: 18.2,
  shortBurnRate: 91,
}

export function anEpisode(changes: Partial<Episode> = {}): Episode {
  const id = { slo: 'checkout-availability', scope: 'eu-west-1', severity: 'page' } as const
  return { id, service: 'checkout', firedAt, resolvedAt: null, rule: aFiredRule, ...changes }
}

export function anAlertRecord(changes: Partial<AlertRecord> = {}): AlertRecord {
  return {
    id: { slo: 'checkout-availability', scope: 'eu-west-1', severity: 'page' },
    state: { kind: 'firing', since: firedAt, rule: aFiredRule },
    service: 'checkout',
    ...changes,
  }
}

/** The incident that `aNotification` tells of. */
export function anIncident(changes: Partial<Incident> = {}): Incident {
  const { id, service, rule } = anEpisode()
  const labels = { team: 'payments', ...id, service, region: id.scope }
  return {
    id: '4b825dc642cb6eb9a060',
    key: id.slo,
    service,
    openedAt: firedAt,
    revision: 1,
    eventCount: 0,
    alerts: [{ id, firedAt, resolvedAt: null, rule, service, labels, receivers: [], data: null, hush: null }],
    severity: 'page',
    sev: 'SEV2',
    phase: { kind: 'open' },
    pageClearedAt: null,
    heldUntil: null,
    openings: [firedAt],
    flapping: false,
    acknowledgement: null,
    telling: {
      ...nobodyTold,
      told: [{ receiver: 'oncall', recipient: '', severity: 'page' }],
      severity: 'page',
      sev: 'SEV2',
      wokeAt: firedAt,
      unansweredSince: firedAt,
    },
    words: null,
    ...changes,
  }
}

/** A message that must be about an incident. */
export function incidentIn({ notification }: NewDelivery): Notification {
  assert.ok(notification.kind === 'incident')
  return notification
}
