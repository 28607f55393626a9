import { alertKey } from '../model/alert.ts'
import type { Incident, IncidentAlert, IncidentEvent, Tell } from '../model/incident.ts'
import { audibleAlerts, firingAlerts, loudest } from './audible.ts'
import { decideTell } from './decide-tell.ts'
import { flaps, withOpening } from './flapping.ts'
import { hushOf } from './hush.ts'
import { heldUntil } from './related-annotations.ts'
import { isWorse, sevOf } from './sev.ts'
import { type Turning, type TurnWorld, withEvents } from './turning.ts'

/** An incident after one moment: what was decided, and what is to be said of it. */
export interface IncidentTurn {
  /** The same object when nothing changed. */
  readonly incident: Incident
  readonly events: readonly IncidentEvent[]
  readonly tell: Tell | undefined
}

/** Everything that may change about an incident, in order; what is said of it is decided at the end, by all of it. */
const stages: readonly ((turning: Turning, world: TurnWorld) => void)[] = [
  noteAlerts,
  hushAlerts,
  movePhase,
  tellFlapping,
  nameSeverity,
  holdAfterDeploy,
  endAcknowledgement,
]

/**
 * Moves one incident to a moment: `before` as it was after its last turn, `folded` with the alerts as they are now. Whatever is
 * decided stands in the events with its reason; nothing is decided by anything but the arguments.
 */
export function turnIncident(before: Incident | undefined, folded: Incident, world: TurnWorld): IncidentTurn {
  const turning: Turning = { before, incident: folded, notes: [] }
  for (const stage of stages) stage(turning, world)
  const tell = decideTell(turning, world)
  return { ...withEvents(turning.incident, turning.notes, world.now), tell }
}

function noteAlerts({ before, incident, notes }: Turning): void {
  const known = new Map(before?.alerts.map((alert) => [alertKey(alert.id), alert]))
  for (const [index, alert] of incident.alerts.entries()) {
    const key = alertKey(alert.id)
    const earlier = known.get(key)
    if (earlier === alert) continue
    const above = why(alert)
    if (before === undefined && index === 0) {
      notes.push({ kind: 'opened', about: key, reason: `its first alert fired, ${above}` })
    } else if (earlier === undefined) {
      notes.push({ kind: 'joined', about: key, reason: joinReason(incident, alert, above) })
    } else if (earlier.resolvedAt !== null && alert.resolvedAt === null) {
      notes.push({ kind: 'joined', about: key, reason: `fired again, ${above}` })
    }
    if (alert.resolvedAt !== null && earlier?.resolvedAt !== alert.resolvedAt) {
      const reason = alert.undeclared === true ? 'nothing declares the alert any more' : 'the alert resolved'
      notes.push({ kind: 'cleared', about: key, reason })
    }
  }
}

function why({ id, rule }: IncidentAlert): string {
  return id.cause === undefined ? `above a burn rate of ${rule.burnRate}` : `because its data is ${id.cause}`
}

function joinReason({ key, service, openedAt }: Incident, { id, firedAt }: IncidentAlert, above: string): string {
  if (id.slo === key) return `another alert of the same SLO fired, ${above}`
  const seconds = Math.round((firedAt - openedAt) / 1_000)
  return `fired ${seconds} s after the incident opened, in the same service (${service}) and region, ${above}`
}

function hushAlerts(turning: Turning, { quiet, now }: TurnWorld): void {
  const alerts = turning.incident.alerts.map((alert) => {
    const hush = alert.resolvedAt === null ? hushOf(alert, quiet, now) : null
    const { hush: earlier, id } = alert
    if (earlier?.kind === hush?.kind && earlier?.by === hush?.by) return alert
    const about = alertKey(id)
    if (hush !== null) turning.notes.push({ kind: hush.kind, about, reason: hush.reason })
    else if (alert.resolvedAt === null)
      turning.notes.push({ kind: 'audible', about, reason: `no longer ${earlier?.kind}: ${earlier?.by}` })
    return { ...alert, hush }
  })
  if (alerts.some((alert, index) => alert !== turning.incident.alerts[index]))
    turning.incident = { ...turning.incident, alerts }
}

function movePhase(turning: Turning, { now, policy }: TurnWorld): void {
  const { incident, notes } = turning
  const burns = firingAlerts(incident).length > 0
  if (incident.phase.kind === 'closed') return
  if (burns && incident.phase.kind === 'settling') {
    const openings = withOpening(incident.openings, now, policy.flapping)
    turning.incident = { ...incident, phase: { kind: 'open' }, openings }
    notes.push({ kind: 'reopened', about: null, reason: 'it burns again before it was over' })
  }
  if (!burns && incident.phase.kind === 'open') {
    const clearedAt = Math.max(...incident.alerts.map(({ resolvedAt }) => resolvedAt ?? 0))
    const waitMs = incident.flapping ? policy.flapping.quietMs : policy.resolveAfterMs
    turning.incident = { ...incident, phase: { kind: 'settling', clearedAt, until: now + waitMs } }
    if (waitMs > 0) {
      const reason = `nothing burns; it is over when that stays so for ${Math.round(waitMs / 1_000)} s`
      notes.push({ kind: 'settling', about: null, reason })
    }
  }
  const { phase } = turning.incident
  if (phase.kind === 'settling' && now >= phase.until) {
    turning.incident = { ...turning.incident, phase: { kind: 'closed', clearedAt: phase.clearedAt, at: now } }
    notes.push({ kind: 'resolved', about: null, reason: 'every alert of it is over' })
  }
}

function tellFlapping(turning: Turning, { now, policy }: TurnWorld): void {
  const { incident, notes } = turning
  if (incident.flapping || incident.phase.kind !== 'open' || !flaps(incident.openings, now, policy.flapping)) return
  turning.incident = { ...incident, flapping: true }
  const minutes = Math.round(policy.flapping.withinMs / 60_000)
  notes.push({
    kind: 'flapping',
    about: null,
    reason: `it opened ${incident.openings.length} times within ${minutes} minutes: it stays one incident until it was quiet for long`,
  })
}

function nameSeverity(turning: Turning, { now, policy }: TurnWorld): void {
  const { incident, notes } = turning
  const open = firingAlerts(incident)
  if (open.length === 0) return
  const audible = audibleAlerts(incident)
  // Who was told of a ticket is not shown a page that is silenced, only to see it become a ticket again.
  if (audible.length === 0 && incident.telling.severity === 'ticket') return
  const judged = audible.length > 0 ? audible : open
  const loud = loudest(judged)
  const told = incident.telling.severity
  const severity = told === 'page' || loud === 'page' ? 'page' : 'ticket'
  const sev = sevOf(judged, severity, policy.sevRules)
  const worst = incident.telling.sev !== null && !isWorse(sev, incident.telling.sev) ? incident.telling.sev : sev
  const isCalm = severity === 'page' && loud === 'ticket'
  const pageClearedAt = isCalm ? (incident.pageClearedAt ?? now) : null
  if (isCalm && incident.pageClearedAt === null) {
    notes.push({ kind: 'calmed', about: null, reason: 'nothing pages any more; what burns slowly goes on' })
  }
  if (severity === incident.severity && worst === incident.sev && pageClearedAt === incident.pageClearedAt) return
  turning.incident = { ...incident, severity, sev: worst, pageClearedAt }
}

function holdAfterDeploy(turning: Turning, { now, policy, annotations }: TurnWorld): void {
  const { incident, notes } = turning
  if (incident.telling.severity !== null || incident.phase.kind !== 'open') return
  const isSlow = loudest(firingAlerts(incident)) === 'ticket'
  const until = isSlow ? heldUntil(incident, annotations, policy.holdAfterDeployMs, now) : null
  if (until === incident.heldUntil) return
  turning.incident = { ...incident, heldUntil: until }
  if (until !== null && incident.heldUntil !== null) return
  if (until !== null) {
    const reason = `a slow burn right after a deployment waits until ${new Date(until).toISOString()} for whether it passes`
    notes.push({ kind: 'held', about: null, reason })
  } else {
    notes.push({ kind: 'released', about: null, reason: isSlow ? 'the wait is over' : 'it burns fast now' })
  }
}

function endAcknowledgement(turning: Turning, { now }: TurnWorld): void {
  const { incident, notes } = turning
  const { acknowledgement } = incident
  if (acknowledgement === null || now < acknowledgement.until) return
  const telling = { ...incident.telling, unansweredSince: null, handedTo: [] }
  turning.incident = { ...incident, acknowledgement: null, telling }
  const reason = `the acknowledgement of ${acknowledgement.by} has run out`
  notes.push({ kind: 'acknowledgement-ended', about: null, reason })
}
