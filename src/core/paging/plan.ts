import { type Note, withEvents } from '../incidents/turning.ts'
import type { Address } from '../model/alert.ts'
import type { Incident, IncidentEvent, Tell, Telling, ToldAddress } from '../model/incident.ts'
import type { MessageChange } from '../model/notification.ts'
import type { Severity } from '../model/slo.ts'
import type { EpochMs } from '../model/units.ts'
import { recipientsOf } from './recipients.ts'
import { forgetful, refreshDueAt } from './refresh.ts'
import { dueReminder } from './reminders.ts'
import { addressKey } from './route.ts'
import type { Routing } from './routing.ts'

/** Why nobody is told of something. */
export type SuppressionReason = 'no-route' | 'nobody-was-told' | 'outside-hours'

/** One message to one address, before it is put into words. */
export interface Outgoing extends Address {
  readonly change: MessageChange
  readonly wakes: boolean
}

/** What an incident's turn leads to: who is told what, or why nobody is. */
export interface Plan {
  readonly incident: Incident
  readonly events: readonly IncidentEvent[]
  readonly outgoing: readonly Outgoing[]
  readonly suppressed: readonly SuppressionReason[]
}

/** An incident's plan in the making. */
export interface Planning {
  incident: Incident
  readonly notes: Note[]
  readonly outgoing: Outgoing[]
  readonly suppressed: SuppressionReason[]
}

/**
 * Decides who hears of what was decided about an incident. An opening goes where the routes say today; everything after it also
 * to those who heard of the opening, and the end to exactly those, whatever silences and routes say by then.
 */
export function plan(
  incident: Incident,
  tell: Tell | undefined,
  routing: Routing,
  now: EpochMs,
  isRerouted = false,
): Plan {
  const planning: Planning = { incident, notes: [], outgoing: [], suppressed: [] }
  const said = tell ?? dueReminder(incident, routing, now)
  if (said?.change === 'resolved') end(planning)
  else if (said?.wakes === true) wake(planning, said, routing, now)
  else if (said !== undefined) update(planning, said, routing, now)
  if (isRerouted || (said !== undefined && !said.wakes)) reachFurther(planning, routing, now)
  showLater(planning, routing, now)
  refresh(planning, routing, now)
  const revised =
    planning.outgoing.length === 0 ? planning.incident : { ...planning.incident, revision: incident.revision + 1 }
  const { outgoing, suppressed } = planning
  return { ...withEvents(revised, planning.notes, now), outgoing, suppressed }
}

/** Everybody who is concerned is woken; who was told of a mere ticket sees it become a page. */
function wake(planning: Planning, { change }: Tell, routing: Routing, now: EpochMs): void {
  const { incident, notes, outgoing, suppressed } = planning
  const { severity, telling } = incident
  const { now: routed, later } = recipientsOf(incident, routing, now)
  const waiting = new Set(later?.addresses.map(addressKey))
  const toldBefore = telling.told.filter((one) => one.severity === severity && !waiting.has(addressKey(one)))
  const concerned = union(routed, change === 'opened' ? [] : toldBefore)
  if (concerned.length === 0 && later === null) {
    const wokeAt = telling.wokeAt === null ? null : now
    if (!telling.unrouted) {
      notes.push({ kind: 'suppressed', about: null, reason: 'no route matches: nobody is told' })
      suppressed.push('no-route')
    }
    if (!telling.unrouted || wokeAt !== null)
      planning.incident = { ...incident, telling: { ...telling, wokeAt, unrouted: true } }
    return
  }
  const woken = new Set(concerned.map(addressKey))
  for (const address of concerned) outgoing.push({ ...place(address), change, wakes: true })
  for (const address of telling.told) {
    if (woken.has(addressKey(address)) || !routing.traitsOf(address.receiver).takesUpdates) continue
    outgoing.push({ ...place(address), change, wakes: false })
  }
  if (later !== null) {
    const names = later.addresses.map(({ receiver }) => receiver).join(', ')
    const reason = `${names} hears of it when business hours begin, ${new Date(later.until).toISOString()}`
    notes.push({ kind: 'queued', about: null, reason })
    suppressed.push('outside-hours')
  }
  if (concerned.length > 0) notes.push(toldNote(change, concerned))
  planning.incident = { ...incident, telling: afterWaking(incident, concerned, later, change, now) }
}

function afterWaking(
  { severity, sev, telling }: Incident,
  woken: readonly Address[],
  later: Telling['waiting'],
  change: MessageChange,
  now: EpochMs,
): Telling {
  // Nobody has taken it so far: that it got worse is no reason to give them more time.
  const isLeft = (change === 'repeated' || change === 'escalated') && telling.unansweredSince !== null
  return {
    ...nothingToShow(telling),
    told: withTold(telling.told, woken, severity),
    severity,
    sev,
    wokeAt: woken.length === 0 ? telling.wokeAt : now,
    unansweredSince: severity !== 'page' ? null : isLeft ? telling.unansweredSince : now,
    handedTo: isLeft ? telling.handedTo : [],
    waiting: severity === 'page' ? null : later,
    unrouted: false,
    proven: false,
  }
}

/** Those who can be shown what changed are shown it: who looks after it at once, all else a little later, so that more of it comes in one message. */
function update(planning: Planning, { change }: Tell, routing: Routing, now: EpochMs): void {
  const { incident } = planning
  if (incident.telling.severity === null) return
  if (change !== 'updated') show(planning, change, routing)
  const { telling } = planning.incident
  const updateAt = change === 'updated' ? (telling.updateAt ?? now + routing.policy.updateEveryMs) : undefined
  const waiting = updateAt === undefined ? {} : { updateAt }
  planning.incident = { ...incident, telling: { ...telling, sev: incident.sev, ...shown(incident), ...waiting } }
}

/** What changed is put into words when it is shown: a message that waited would tell of a moment that is over. */
function showLater(planning: Planning, routing: Routing, now: EpochMs): void {
  const { updateAt } = planning.incident.telling
  if (updateAt !== undefined && now >= updateAt) show(planning, 'updated', routing)
}

function show(planning: Planning, change: MessageChange, routing: Routing): void {
  const { incident, outgoing } = planning
  const telling = nothingToShow(incident.telling)
  for (const address of telling.told) {
    if (!routing.traitsOf(address.receiver).takesUpdates) continue
    outgoing.push({ ...place(address), change, wakes: false })
  }
  planning.incident = { ...incident, telling }
}

function nothingToShow(telling: Telling): Telling {
  const { updateAt: _, ...others } = telling
  return others
}

/** Whoever is shown an incident is shown who looks after it. */
function shown({ acknowledgement }: Incident): Pick<Telling, 'shownAcknowledgedAt'> {
  return acknowledgement === null ? {} : { shownAcknowledgedAt: acknowledgement.at }
}

/** Who would take an incident for over that it hears nothing of is told again what it knows. */
function refresh(planning: Planning, routing: Routing, now: EpochMs): void {
  const { incident, outgoing } = planning
  if (now < refreshDueAt(incident, routing)) return
  const told = new Set(outgoing.map(addressKey))
  for (const address of forgetful(incident, routing)) {
    if (told.has(addressKey(address))) continue
    outgoing.push({ ...place(address), change: 'updated', wakes: false })
  }
  planning.incident = { ...incident, telling: { ...incident.telling, refreshedAt: now } }
}

/** What joined an incident, or another config, may concern people who were not told of it yet: for them it opens. */
function reachFurther(planning: Planning, routing: Routing, now: EpochMs): void {
  const { incident, notes, outgoing } = planning
  const { telling, phase, severity } = incident
  if (telling.severity === null || phase.kind !== 'open' || incident.heldUntil !== null) return
  const known = new Set([...telling.told, ...(telling.waiting?.addresses ?? [])].map(addressKey))
  const { now: routed, later } = recipientsOf(incident, routing, now)
  const further = routed.filter((address) => !known.has(addressKey(address)))
  const waiting = later?.addresses.filter((address) => !known.has(addressKey(address))) ?? []
  if (further.length === 0 && waiting.length === 0) return
  for (const address of further) outgoing.push({ ...place(address), change: 'opened', wakes: true })
  if (further.length > 0) notes.push(toldNote('opened', further))
  const until = later?.until ?? now
  const addresses = [...(telling.waiting?.addresses ?? []), ...waiting]
  planning.incident = {
    ...incident,
    telling: {
      ...telling,
      told: withTold(telling.told, further, severity),
      proven: telling.proven && further.length === 0,
      unrouted: false,
      waiting: addresses.length === 0 ? null : { until: Math.min(until, telling.waiting?.until ?? until), addresses },
    },
  }
}

/** The end goes to whoever was told of the beginning. Who was not, and waits for business hours, hears of both then. */
function end(planning: Planning): void {
  const { incident, notes, outgoing, suppressed } = planning
  const { told, waiting } = incident.telling
  for (const address of told) outgoing.push({ ...place(address), change: 'resolved', wakes: false })
  if (told.length > 0) {
    notes.push(toldNote('resolved', told))
  } else if (waiting === null) {
    notes.push({ kind: 'suppressed', about: null, reason: 'nobody was told that it opened' })
    suppressed.push('nobody-was-told')
  }
  const knowing = new Set(told.map(addressKey))
  const unknowing = waiting?.addresses.filter((address) => !knowing.has(addressKey(address))) ?? []
  const stillWaiting = waiting === null || unknowing.length === 0 ? null : { ...waiting, addresses: unknowing }
  planning.incident = { ...incident, telling: { ...nothingToShow(incident.telling), waiting: stillWaiting } }
}

/** The decision that somebody is told, in words. */
export function toldNote(change: MessageChange, addresses: readonly Address[]): Note {
  const kind = change === 'repeated' || change === 'handed-on' || change === 'fell-back' ? change : 'told'
  const names = [...new Set(addresses.map(({ receiver }) => receiver))].join(', ')
  return { kind, about: names, reason: change }
}

/** Those told, with more; an address counts with the worst it was told. */
export function withTold(
  told: readonly ToldAddress[],
  more: readonly Address[],
  severity: Severity,
): readonly ToldAddress[] {
  const all = new Map(told.map((one) => [addressKey(one), one]))
  for (const address of more) {
    const known = all.get(addressKey(address))
    if (known?.severity !== 'page') all.set(addressKey(address), { ...place(address), severity })
  }
  return [...all.values()]
}

function union(some: readonly Address[], others: readonly Address[]): readonly Address[] {
  return [...new Map([...some, ...others].map((address) => [addressKey(address), address])).values()]
}

function place({ receiver, recipient }: Address): Address {
  return { receiver, recipient }
}
