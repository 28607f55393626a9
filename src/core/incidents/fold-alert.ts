import { type AlertId, alertKey, type FiredRule } from '../model/alert.ts'
import type { DataReading } from '../model/data-reading.ts'
import type { Incident, IncidentAlert, Telling } from '../model/incident.ts'
import { alertsPerIncidentMax } from '../model/limits.ts'
import type { EpochMs } from '../model/units.ts'
import { withOpening } from './flapping.ts'
import type { IncidentPolicy } from './incident-policy.ts'

/** How an incident begins: nobody has heard of it. */
export const nobodyTold: Telling = {
  told: [],
  severity: null,
  sev: null,
  wokeAt: null,
  unansweredSince: null,
  handedTo: [],
  waiting: null,
  unrouted: false,
  proven: false,
  fellBack: false,
}

/** An alert that opened or resolved. */
export interface AlertMoved {
  readonly id: AlertId
  readonly event: 'fired' | 'resolved'
  /** When it opened. */
  readonly firedAt: EpochMs
  /** The event time of the move. */
  readonly at: EpochMs
  /** The rule it fired by. */
  readonly rule: FiredRule
  readonly service: string
  /** What routes, silences and inhibition rules match on. */
  readonly labels: Readonly<Record<string, string>>
  readonly receivers: readonly string[]
  /** What it is about when it is about the data itself. */
  readonly data: DataReading | null
  /** It ends because nothing declares it any more, and not because it stopped to burn. */
  readonly undeclared?: true
}

/** What an alert needs of others to find its place. */
export interface Placement {
  readonly now: EpochMs
  readonly policy: Pick<IncidentPolicy, 'groupWithinMs' | 'flapping'>
  /** A digest of a text. */
  readonly digest: (text: string) => string
  /** Whom a page with these labels would reach, as one text: alerts for different people make different incidents. */
  readonly reach: (alert: Pick<AlertMoved, 'labels' | 'receivers'>) => string
}

/** The incident, of some candidates, that an alert belongs to: one that holds it or its SLO already, or one of its service that has just opened. */
export function incidentFor(
  moved: AlertMoved,
  candidates: Iterable<Incident>,
  { policy, reach }: Placement,
): Incident | undefined {
  const key = alertKey(moved.id)
  const open = [...candidates].filter(({ phase }) => phase.kind !== 'closed')
  const holding = open.find(({ alerts }) => alerts.some(({ id }) => alertKey(id) === key))
  if (holding !== undefined) return holding
  const ofSlo = open.find(({ alerts }) => alerts.some(({ id }) => id.slo === moved.id.slo))
  if (ofSlo !== undefined) return ofSlo
  return open.find((incident) => {
    return (
      incident.service === moved.service &&
      moved.firedAt - incident.openedAt < policy.groupWithinMs &&
      incident.alerts.length < alertsPerIncidentMax &&
      incident.alerts.some(({ id }) => id.scope === moved.id.scope) &&
      reach(incident.alerts[0]) === reach(moved)
    )
  })
}

/** The incident with the alert as it stands now. */
export function foldAlert(incident: Incident, moved: AlertMoved): Incident {
  const key = alertKey(moved.id)
  const alert = alertOf(moved)
  const known = incident.alerts.findIndex(({ id }) => alertKey(id) === key)
  if (known < 0) return { ...incident, alerts: [...incident.alerts, alert] }
  if (moved.event === 'resolved') {
    const earlier = incident.alerts[known]
    const why = moved.undeclared === true ? { undeclared: true as const } : {}
    const ended = { ...earlier, data: dataAtEnd(earlier, moved), resolvedAt: moved.at, hush: null, ...why }
    return { ...incident, alerts: incident.alerts.with(known, ended) }
  }
  return { ...incident, alerts: incident.alerts.with(known, { ...alert, hush: incident.alerts[known].hush }) }
}

/** How its data stands by now, and since when it was about that. */
function dataAtEnd({ data: begun }: IncidentAlert, { data: now }: AlertMoved): DataReading | null {
  return begun === null || now === null ? begun : { ...now, since: begun.since }
}

/** An incident that begins with an alert. Earlier ones of the same SLO say how often it opened lately. */
export function newIncident(moved: AlertMoved, earlier: Iterable<Incident>, placement: Placement): Incident {
  const { policy, digest } = placement
  const key = moved.id.slo
  const ofKey = [...earlier].filter((one) => one.key === key)
  const openings = ofKey.flatMap((one) => one.openings)
  const openedAt = openingOf(moved, ofKey, placement)
  return {
    id: digest(JSON.stringify(['incident', key, openedAt])),
    key,
    service: moved.service,
    openedAt,
    revision: 0,
    eventCount: 0,
    alerts: [alertOf(moved)],
    severity: moved.id.severity,
    sev: 'SEV4',
    phase: { kind: 'open' },
    pageClearedAt: null,
    heldUntil: null,
    openings: withOpening(
      [...new Set(openings)].sort((a, b) => a - b),
      openedAt,
      policy.flapping,
    ),
    flapping: false,
    acknowledgement: null,
    telling: nobodyTold,
    words: null,
  }
}

/**
 * A region that was dark tells of alerts that fired long ago, perhaps before another incident of the SLO began or ended. What opens
 * now comes after that one all the same: two are never one, and the end of the earlier is not taken for that of the later. Earlier
 * ones are remembered for as long as flapping is looked for; no incident begins before that.
 */
function openingOf({ firedAt }: AlertMoved, ofKey: readonly Incident[], { now, policy }: Placement): EpochMs {
  const ends = ofKey.map(
    ({ openedAt, phase }) => Math.max(openedAt, phase.kind === 'open' ? openedAt : phase.clearedAt) + 1,
  )
  return Math.max(firedAt, now - policy.flapping.withinMs, ...ends)
}

function alertOf({ id, event, firedAt, at, rule, service, labels, receivers, data }: AlertMoved): IncidentAlert {
  const resolvedAt = event === 'resolved' ? at : null
  return { id, firedAt, resolvedAt, rule, service, labels, receivers, data, hush: null }
}
