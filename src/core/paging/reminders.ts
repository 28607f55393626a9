import { audibleAlerts, loudest } from '../incidents/audible.ts'
import type { Incident, Tell } from '../model/incident.ts'
import type { EpochMs } from '../model/units.ts'
import { routesOf } from './recipients.ts'
import { refreshDueAt } from './refresh.ts'
import type { EscalationStep, Route } from './route.ts'
import type { Routing } from './routing.ts'

/** A page that nobody acknowledges is said again after a while. */
export function dueReminder(incident: Incident, { policy }: Routing, now: EpochMs): Tell | undefined {
  const { wokeAt } = incident.telling
  if (!isUnanswered(incident) || wokeAt === null || now - wokeAt < policy.repeatEveryMs) return undefined
  return { change: 'repeated', wakes: true }
}

/** The steps of escalation whose time has come, for a page that nobody has taken. */
export function dueSteps(incident: Incident, { routes }: Routing, now: EpochMs): readonly EscalationStep[] {
  const { unansweredSince, handedTo } = incident.telling
  if (!isUnanswered(incident) || unansweredSince === null) return []
  return stepsOf(incident, routes).filter(({ afterMs, receivers }) => {
    return now - unansweredSince >= afterMs && receivers.some((receiver) => !handedTo.includes(receiver))
  })
}

/** When something falls due about an incident although no alert moves; Infinity when nothing does. */
export function incidentDueAt(incident: Incident, routing: Routing): EpochMs {
  const { routes, policy } = routing
  const { phase, heldUntil, acknowledgement, telling } = incident
  const due = [telling.waiting?.until, telling.updateAt, refreshDueAt(incident, routing)]
  if (phase.kind === 'settling') due.push(phase.until)
  if (phase.kind === 'open') due.push(heldUntil ?? undefined, acknowledgement?.until)
  const isLeft = isUnanswered(incident)
  if (isLeft && telling.wokeAt !== null) due.push(telling.wokeAt + policy.repeatEveryMs)
  if (isLeft && telling.unansweredSince !== null) {
    for (const { afterMs, receivers } of stepsOf(incident, routes)) {
      if (receivers.some((receiver) => !telling.handedTo.includes(receiver)))
        due.push(telling.unansweredSince + afterMs)
    }
  }
  return Math.min(...due.filter((at) => at !== undefined), Number.POSITIVE_INFINITY)
}

/** What the routes of an incident say of escalation. Most say nothing, and every open page is asked at every turn. */
function stepsOf(incident: Incident, routes: readonly Route[]): readonly EscalationStep[] {
  const escalating = routes.filter(({ escalate }) => escalate !== undefined)
  return escalating.length === 0 ? [] : routesOf(incident, escalating).flatMap(({ escalate = [] }) => escalate)
}

function isUnanswered(incident: Incident): boolean {
  const { phase, acknowledgement, telling } = incident
  if (phase.kind !== 'open' || acknowledgement !== null || telling.severity !== 'page') return false
  return loudest(audibleAlerts(incident)) === 'page'
}
