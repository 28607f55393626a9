import type { Address, AlertId, OpenAlertState } from '../../core/model/alert.ts'
import { alertKey } from '../../core/model/alert.ts'
import type { Incident } from '../../core/model/incident.ts'
import { type EarlierNotification, incidentOf } from './outbox/read-message.ts'

/** An open alert as version 1 of the store holds it: with who was told of it, and what. */
export interface EarlierAlert {
  readonly id: AlertId
  readonly state: OpenAlertState
  readonly told: readonly Address[]
  readonly opened: EarlierNotification
}

/**
 * Incidents of alerts that version 1 told of one by one. Each keeps the key under which its receivers know it, so that the end
 * of it finds the beginning; what fires after it belongs to incidents as they are now.
 */
export function adoptAlerts(earlier: readonly EarlierAlert[], incidents: readonly Incident[]): readonly Incident[] {
  const known = new Set(incidents.flatMap(({ alerts }) => alerts.map(({ id }) => alertKey(id))))
  return earlier.filter(({ id }) => !known.has(alertKey(id))).map(adopt)
}

function adopt({ id, state, told, opened }: EarlierAlert): Incident {
  const words = incidentOf({ ...opened, key: alertKey(id), status: 'firing', resolvedAt: null })
  const { slo, scope, severity } = id
  const { service } = opened
  const labels = { ...opened.labels, slo, service, scope, region: scope, severity }
  const alert = {
    id,
    firedAt: state.since,
    resolvedAt: null,
    rule: state.rule,
    service,
    labels,
    receivers: [],
    data: null,
    hush: null,
  }
  return {
    id: words.incidentId,
    key: words.key,
    service,
    openedAt: state.since,
    // The messages of version 1 are the first revision and, where it resolved, the second.
    revision: 2,
    eventCount: 0,
    alerts: [alert],
    severity,
    sev: words.sev,
    phase: { kind: 'open' },
    pageClearedAt: null,
    heldUntil: null,
    openings: [state.since],
    flapping: false,
    acknowledgement: null,
    telling: {
      told: told.map((address) => ({ ...address, severity })),
      severity,
      sev: words.sev,
      wokeAt: state.since,
      unansweredSince: null,
      handedTo: [],
      waiting: null,
      unrouted: told.length === 0,
      proven: true,
      fellBack: false,
    },
    words,
  }
}
