import { audibleAlerts, firingAlerts } from '../core/incidents/audible.ts'
import { type AlertMoved, foldAlert, incidentFor, newIncident } from '../core/incidents/fold-alert.ts'
import type { Muting } from '../core/incidents/hush.ts'
import { turnIncident } from '../core/incidents/incident-machine.ts'
import { matchesAll } from '../core/incidents/matching.ts'
import type { TurnWorld } from '../core/incidents/turning.ts'
import type { AlertId } from '../core/model/alert.ts'
import type { NewDelivery } from '../core/model/delivery.ts'
import type { Incident, IncidentAlert, IncidentEvent } from '../core/model/incident.ts'
import type { EpochMs } from '../core/model/units.ts'
import { handOn } from '../core/paging/hand-on.ts'
import { tellAtOpening } from '../core/paging/opening.ts'
import { type Plan, plan, type SuppressionReason } from '../core/paging/plan.ts'
import { reachOf } from '../core/paging/recipients.ts'
import { incidentDueAt } from '../core/paging/reminders.ts'
import type { Routing } from '../core/paging/routing.ts'
import type { Superseding } from '../ports/store.ts'
import type { ComposeWorld } from './compose-notification.ts'
import { type IncidentBook, isDone } from './incident-book.ts'
import { deliveriesOf } from './incident-deliveries.ts'
import type { SilencesAndAnnotations } from './silences-and-annotations.ts'

/** What incidents are moved with. */
export interface IncidentWorld {
  readonly incidents: IncidentBook
  readonly board: SilencesAndAnnotations
  readonly routing: Routing
  /** The routing is another than at the last turn. */
  readonly isRerouted: boolean
  readonly muting: Muting
  /** Whether an alert that fires can be seen to: of what cannot, nobody knows whether it still burns. */
  readonly isKnown: (id: AlertId) => boolean
  readonly compose: ComposeWorld
}

/** What turning incidents leads to, beside the drafts in their book. */
export interface IncidentDecisions {
  readonly events: IncidentEvent[]
  readonly deliveries: NewDelivery[]
  readonly superseded: Superseding[]
  /** What is told because business hours have begun; several of them may become one digest. */
  readonly atOpening: NewDelivery[]
  readonly suppressed: SuppressionReason[]
}

export function noDecisions(): IncidentDecisions {
  return { events: [], deliveries: [], atOpening: [], superseded: [], suppressed: [] }
}

/**
 * Folds what alerts did into incidents and moves every incident to a moment: what keeps it quiet, whether it is over, who is told.
 * Everything decided is added to `decisions`; incidents that changed are drafts in their book.
 */
export function turnIncidents(
  world: IncidentWorld,
  moves: readonly AlertMoved[],
  now: EpochMs,
  decisions: IncidentDecisions,
): void {
  const { incidents } = world
  if (incidents.isEmpty && moves.length === 0) return
  const before = new Map<string, Incident | undefined>()
  for (const moved of moves) fold(world, moved, before, now)
  const turn = turnWorld(world, now)
  for (const incident of Array.from(incidents.all())) {
    const isNew = before.has(incident.id) && before.get(incident.id) === undefined
    turnOne(world, turn, isNew ? undefined : (before.get(incident.id) ?? incident), incident, decisions)
  }
}

/** When an incident falls due although no alert moves, as of the turn before; Infinity when none does. */
export function incidentsDueAt({ incidents, board, routing }: IncidentWorld, turnedAt: EpochMs): EpochMs {
  if (incidents.isEmpty) return Number.POSITIVE_INFINITY
  let due = board.dueAfter(turnedAt)
  for (const incident of incidents.all()) {
    const rememberMs = routing.policy.flapping.withinMs
    const { phase } = incident
    const forgottenAt = phase.kind === 'closed' ? phase.at + rememberMs : Number.POSITIVE_INFINITY
    due = Math.min(due, incidentDueAt(incident, routing), forgottenAt)
    const lateAt = pageLateAt(incident, routing)
    if (lateAt > turnedAt) due = Math.min(due, lateAt)
  }
  return due
}

/** When the fallback receiver is to hear of a page of which nobody knows yet that it arrived. */
function pageLateAt({ phase, telling }: Incident, { fallback }: Routing): EpochMs {
  const { wokeAt, proven, fellBack } = telling
  const isWaiting = phase.kind === 'open' && !proven && !fellBack
  return fallback === undefined || wokeAt === null || !isWaiting ? Number.POSITIVE_INFINITY : wokeAt + fallback.afterMs
}

function fold(
  { incidents, routing }: IncidentWorld,
  moved: AlertMoved,
  before: Map<string, Incident | undefined>,
  now: EpochMs,
): void {
  const reach = (alert: Pick<AlertMoved, 'labels' | 'receivers'>) => reachOf(alert, routing)
  const placement = { now, policy: routing.policy, digest: routing.shortDigest ?? routing.digest, reach }
  const candidates = incidents.candidates(moved.id.slo, moved.service)
  const home = incidentFor(moved, candidates, placement)
  if (home === undefined) {
    // The end of what no incident holds: it opened before incidents were kept, or was released.
    if (moved.event === 'resolved') return
    const opened = newIncident(moved, candidates, placement)
    before.set(opened.id, undefined)
    incidents.draft(opened)
    return
  }
  if (!before.has(home.id)) before.set(home.id, home)
  incidents.draft(foldAlert(home, moved))
}

function turnWorld(world: IncidentWorld, now: EpochMs): TurnWorld {
  const { board, muting, routing } = world
  const { policy } = routing
  const firing = inhibitors(world)
  const quiet = { silences: board.silencesAt(now), muting, inhibitions: policy.inhibitions, firing }
  return { now, policy, quiet, annotations: board.annotations }
}

/** What fires and inhibits others. One that cannot be seen any more lets them go: better told twice than not at all. */
function inhibitors({ incidents, routing, isKnown }: IncidentWorld): readonly IncidentAlert[] {
  const { inhibitions } = routing.policy
  if (inhibitions.length === 0) return []
  const firing = [...incidents.all()].flatMap(firingAlerts)
  return firing.filter(({ id, labels }) => inhibitions.some(({ source }) => matchesAll(source, labels)) && isKnown(id))
}

function turnOne(
  world: IncidentWorld,
  turn: TurnWorld,
  before: Incident | undefined,
  folded: Incident,
  decisions: IncidentDecisions,
): void {
  const { incidents, routing, isRerouted } = world
  const { now, policy } = turn
  const { incident, events, tell } = turnIncident(before, folded, turn)
  decisions.events.push(...events)
  if (before !== undefined) withdraw(before, incident, decisions)
  const planned = takePlan(world, plan(incident, tell, routing, now, isRerouted), now, decisions, decisions.deliveries)
  const further = handOn(planned, routing, now)
  const handed = further === undefined ? planned : takePlan(world, further, now, decisions, decisions.deliveries)
  const told = tellAtOpening(handed, now).map((one) => takePlan(world, one, now, decisions, decisions.atOpening))
  const last = told.at(-1) ?? handed
  if (last !== before) incidents.draft(last)
  if (isDone(last, now, policy.flapping.withinMs)) incidents.release(last.id)
}

/** Carries a plan out: its events and messages are decided, and the messages are put into words. */
export function takePlan(
  { compose, routing }: Pick<IncidentWorld, 'compose' | 'routing'>,
  planned: Plan,
  now: EpochMs,
  decisions: IncidentDecisions,
  into: NewDelivery[],
): Incident {
  decisions.events.push(...planned.events)
  decisions.suppressed.push(...planned.suppressed)
  const { incident, deliveries } = deliveriesOf(compose, planned, routing.digest, now)
  into.push(...deliveries)
  return incident
}

/** What has not gone out need not any more once it is hushed or somebody looks after it. */
function withdraw(before: Incident, incident: Incident, { superseded }: IncidentDecisions): void {
  const { key, openedAt: episode } = incident
  if (audibleAlerts(before).length > 0 && audibleAlerts(incident).length === 0 && firingAlerts(incident).length > 0) {
    const hush = firingAlerts(incident)[0].hush
    superseded.push({ key, episode, remindersOnly: false, reason: hush?.reason ?? 'nothing of it can be heard' })
  }
  if (before.acknowledgement === null && incident.acknowledgement !== null) {
    const reason = `acknowledged by ${incident.acknowledgement.by}`
    superseded.push({ key, episode, remindersOnly: true, reason })
  }
}
