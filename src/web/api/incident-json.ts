import { spendOver } from '../../core/incidents/incident-spend.ts'
import type { AttemptRecord, DeliveryRecord } from '../../core/model/delivery.ts'
import type { BurnRatePoint, Incident, IncidentAlert, IncidentEvent } from '../../core/model/incident.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { IncidentTimeline } from '../../ports/store.ts'
import { unixSeconds } from './json-answer.ts'
import { firedRuleJson } from './slo-json.ts'

/** One incident as the API gives it. */
export function incidentJson(incident: Incident) {
  const { id, key, service, openedAt, revision, severity, sev, phase, flapping, acknowledgement, telling, heldUntil } =
    incident
  return {
    id,
    key,
    service,
    severity,
    sev,
    state: phase.kind,
    openedAt: unixSeconds(openedAt),
    clearedAt: phase.kind === 'open' ? null : unixSeconds(phase.clearedAt),
    closedAt: phase.kind === 'closed' ? unixSeconds(phase.at) : null,
    revision,
    flapping,
    heldUntil: unixSeconds(heldUntil),
    slos: [...new Set(incident.alerts.map((alert) => alert.id.slo))],
    scopes: [...new Set(incident.alerts.map((alert) => alert.id.scope))],
    alerts: incident.alerts.map(alertJson),
    regions: incident.words?.regions ?? [],
    acknowledgement:
      acknowledgement === null
        ? null
        : { ...acknowledgement, at: unixSeconds(acknowledgement.at), until: unixSeconds(acknowledgement.until) },
    told: telling.told.map(({ receiver, recipient }) => ({ receiver, recipient })),
    waitsUntil: unixSeconds(telling.waiting?.until ?? null),
  }
}

/** One incident with everything that happened. */
export function timelineJson({ incident, events, deliveries, attempts, burnRates }: IncidentTimeline) {
  return {
    incident: incidentJson(incident),
    spent: spentJson(incident, burnRates),
    events: events.map(eventJson),
    deliveries: deliveries.map((delivery) => deliveryJson(delivery, attempts)),
    burnRates: burnRates.flatMap(pointJson),
  }
}

/** What it spent of the budget of its SLO window, as far as that was counted; null where it was not. */
function spentJson({ phase }: Incident, points: readonly BurnRatePoint[]) {
  const last = spendOver(points).at(-1)
  if (last === undefined) return null
  const { slo, scope, since, until, bad, total, allowed } = last
  return {
    slo,
    scope,
    since: unixSeconds(since),
    until: unixSeconds(until),
    isFinal: phase.kind !== 'open' && until >= phase.clearedAt,
    bad,
    total,
    allowed,
    ofBudget: allowed > 0 ? bad / allowed : null,
  }
}

function alertJson({ id, firedAt, resolvedAt, hush, rule }: IncidentAlert) {
  const { slo, scope, severity, cause = 'burn-rate' } = id
  return {
    slo,
    scope,
    severity,
    cause,
    firedAt: unixSeconds(firedAt),
    resolvedAt: unixSeconds(resolvedAt),
    hush: hush === null ? null : { kind: hush.kind, by: hush.by, reason: hush.reason },
    ...firedRuleJson(rule),
  }
}

function eventJson({ sequence, at, kind, about, reason }: IncidentEvent) {
  return { sequence, at: unixSeconds(at), kind, about, reason }
}

function deliveryJson(delivery: DeliveryRecord, attempts: readonly AttemptRecord[]) {
  const { id, receiver, recipient, revision, messageStatus, change, status, createdAt, settledAt, reason } = delivery
  return {
    id,
    receiver,
    recipient,
    revision,
    message: messageStatus,
    change,
    status,
    createdAt: unixSeconds(createdAt),
    settledAt: unixSeconds(settledAt),
    reason,
    attempts: attempts.filter(({ deliveryId }) => deliveryId === id).map(attemptJson),
  }
}

function attemptJson({ attempt, startedAt, endedAt, outcome, reason }: AttemptRecord) {
  return { attempt, startedAt: unixSeconds(startedAt), endedAt: unixSeconds(endedAt), outcome, reason }
}

function pointJson({ at, readings }: BurnRatePoint) {
  // One without a window only says what was spent.
  return readings.flatMap(({ slo, scope, windowMs, burnRate }) => {
    return windowMs > 0 ? [{ at: unixSeconds(at), slo, scope, window: formatDuration(windowMs), burnRate }] : []
  })
}
