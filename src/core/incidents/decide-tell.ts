import { alertKey } from '../model/alert.ts'
import type { Incident, IncidentAlert, Tell } from '../model/incident.ts'
import type { MessageChange } from '../model/notification.ts'
import type { Severity } from '../model/slo.ts'
import { audibleAlerts, loudest } from './audible.ts'
import { isWorse } from './sev.ts'
import type { Turning, TurnWorld } from './turning.ts'

/**
 * What is said of an incident after a turn, decided by all that changed in it: the strongest reason to wake somebody, or else
 * that an earlier message is brought up to date. Nothing is said of what is hushed or held, but for its end.
 */
export function decideTell(turning: Turning, world: TurnWorld): Tell | undefined {
  const { incident, before } = turning
  if (incident.phase.kind === 'closed') return before?.phase.kind === 'closed' ? undefined : resolved
  const loud = loudest(audibleAlerts(incident))
  if (loud === null || incident.heldUntil !== null) return updateOf(turning)
  if (incident.telling.severity === null) return { change: 'opened', wakes: true }
  const reasons = [escalation, rise, worsening, reminder]
  for (const reason of reasons) {
    const tell = reason(turning, loud, world)
    if (tell !== undefined) return tell
  }
  return updateOf(turning)
}

const resolved: Tell = { change: 'resolved', wakes: false }

/** A ticket became a page, or the page got a worse name. Where somebody was woken a moment ago, they see it in the message. */
function escalation(turning: Turning, loud: Severity, { now, policy }: TurnWorld): Tell | undefined {
  const { incident, notes } = turning
  const { telling, sev } = incident
  if (loud !== 'page') return undefined
  if (telling.severity === 'ticket') {
    notes.push({ kind: 'escalated', about: null, reason: 'the ticket became a page' })
    return waking(turning, 'escalated')
  }
  if (telling.sev === null || !isWorse(sev, telling.sev)) return undefined
  notes.push({ kind: 'escalated', about: null, reason: `${telling.sev} became ${sev}` })
  const isFresh = telling.wokeAt !== null && now - telling.wokeAt < policy.updateEveryMs
  if (isFresh && incident.acknowledgement === null) return { change: 'updated', wakes: false }
  return waking(turning, 'escalated')
}

/** Something can be heard again that could not be before: a silence ended, or it burns anew. */
function rise(turning: Turning, loud: Severity, { now, policy }: TurnWorld): Tell | undefined {
  const { before, incident, notes } = turning
  if (before === undefined) return undefined
  const earlier = loudest(audibleAlerts(before))
  const isPage = loud === 'page' && earlier !== 'page'
  if (!isPage && earlier !== null) return undefined
  if (incident.telling.severity === 'page' && loud === 'ticket') return undefined
  if (wasHushed(before, audibleAlerts(incident))) {
    const reason = 'what kept it quiet has ended, and it still burns'
    notes.push({ kind: 'worsened', about: null, reason })
    return waking(turning, 'unsilenced')
  }
  if (isPage && hasNobody(incident)) return waking(turning, 'repeated')
  if (!isPage || before.phase.kind === 'settling' || incident.flapping) return undefined
  const clearedAt = before.pageClearedAt
  if (clearedAt !== null && now - clearedAt < policy.resolveAfterMs) return undefined
  notes.push({ kind: 'worsened', about: null, reason: 'it pages again after it had calmed down' })
  return waking(turning, 'worsened')
}

/** Whoever looked after it stopped while nothing could be heard, when there was nobody to be told of that. */
function hasNobody({ telling, acknowledgement }: Incident): boolean {
  const { severity, wokeAt, unansweredSince } = telling
  return severity === 'page' && wokeAt !== null && unansweredSince === null && acknowledgement === null
}

/** Somebody looks after it, and it spreads: they are told anew. */
function worsening(turning: Turning): Tell | undefined {
  const { before, incident, notes } = turning
  if (incident.acknowledgement === null || before === undefined) return undefined
  const known = new Set(before.alerts.filter(isPageThatFires).map(({ id }) => alertKey(id)))
  const spread = audibleAlerts(incident).find((alert) => isPageThatFires(alert) && !known.has(alertKey(alert.id)))
  if (spread === undefined || incident.flapping) return undefined
  notes.push({ kind: 'worsened', about: alertKey(spread.id), reason: 'it spread while it was acknowledged' })
  return waking(turning, 'worsened')
}

/** An earlier message no longer says what is; a reminder is the business of paging. */
function updateOf({ incident, notes }: Turning): Tell | undefined {
  const { acknowledgement, telling } = incident
  if (telling.severity === null) return undefined
  if (acknowledgement !== null && acknowledgement.at !== telling.shownAcknowledgedAt) {
    return { change: 'acknowledged', wakes: false }
  }
  const shown = notes.some(({ kind }) => kind !== 'settling' && kind !== 'held' && kind !== 'released')
  return shown ? { change: 'updated', wakes: false } : undefined
}

/** Nobody looks after it any more. */
function reminder({ notes }: Turning, loud: Severity): Tell | undefined {
  const isLeft = loud === 'page' && notes.some(({ kind }) => kind === 'acknowledgement-ended')
  return isLeft ? { change: 'repeated', wakes: true } : undefined
}

/** Who acknowledged what was is not taken to have acknowledged what is. */
function waking(turning: Turning, change: MessageChange): Tell {
  const { incident, notes } = turning
  if (incident.acknowledgement !== null) {
    const reason = `it got worse after ${incident.acknowledgement.by} acknowledged it`
    notes.push({ kind: 'acknowledgement-ended', about: null, reason })
    const telling = { ...incident.telling, unansweredSince: null, handedTo: [] }
    turning.incident = { ...incident, acknowledgement: null, telling }
  }
  return { change, wakes: true }
}

function wasHushed(before: Incident, audible: readonly IncidentAlert[]): boolean {
  const hushed = new Set(before.alerts.filter(({ hush }) => hush !== null).map(({ id }) => alertKey(id)))
  return audible.some(({ id }) => hushed.has(alertKey(id)))
}

function isPageThatFires({ id, resolvedAt }: IncidentAlert): boolean {
  return id.severity === 'page' && resolvedAt === null
}
