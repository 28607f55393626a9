import type { NewDelivery } from '../../../src/core/model/delivery.ts'
import type { Incident, IncidentEvent } from '../../../src/core/model/incident.ts'
import type { Notification } from '../../../src/core/model/notification.ts'

/** Something that keeps an SLO quiet, in one region or everywhere. */
interface Quiet {
  readonly slo: string
  readonly region: string | undefined
  readonly from: number
  to: number
}

/**
 * What people asked for, kept beside the engine in the plainest way, and what is decided held against it: nobody is woken for what
 * is silenced altogether, and nobody reminded of what somebody looks after.
 */
export class QuietTimes {
  /** The first thing that was wrong. */
  fault: string | undefined
  readonly #quiet: Quiet[] = []
  /** Until when somebody looks after an incident, by its id. */
  readonly #looked = new Map<string, number>()

  quieten(slo: string, region: string | undefined, from: number, to: number): Quiet {
    const quiet = { slo, region, from, to }
    this.#quiet.push(quiet)
    return quiet
  }

  lookAfter(incidentId: string, until: number): void {
    this.#looked.set(incidentId, until)
  }

  /** Takes in what one turn decided. */
  decided(
    deliveries: readonly NewDelivery[],
    events: readonly IncidentEvent[],
    at: number,
    mayHearOfTickets: (receiver: string) => boolean,
  ): void {
    for (const { kind, incidentId } of events) if (kind === 'acknowledgement-ended') this.#looked.delete(incidentId)
    for (const { notification, receiver } of deliveries) {
      if (notification.kind !== 'incident' || notification.status !== 'firing' || !notification.wakes) continue
      const what = `${receiver} is told of ${notification.key}, ${notification.change}`
      if (this.isQuiet(notification, at)) this.fault ??= `${what}, although all of it is silenced`
      if (notification.severity === 'ticket' && !mayHearOfTickets(receiver))
        this.fault ??= `${what}, outside office hours`
      const isReminder = notification.change === 'repeated' || notification.change === 'handed-on'
      const until = this.#looked.get(notification.incidentId) ?? 0
      if (isReminder && at < until) this.fault ??= `${what}, although somebody looks after it`
    }
  }

  /** An attempt begins: nobody is woken any more for what was silenced altogether at an earlier moment and since. */
  attempted(notification: Notification, incident: Incident, receiver: string, since: number, now: number): void {
    if (notification.status !== 'firing' || !notification.wakes) return
    if (since >= now || notification.at >= since) return
    const moments = Array.from({ length: Math.ceil((now - since) / 5_000) + 1 }, (_, index) => since + index * 5_000)
    const firing = incident.alerts.filter(({ resolvedAt }) => resolvedAt === null)
    if (!moments.every((at) => firing.every(({ id }) => this.#isHushed(id.slo, id.scope, Math.min(at, now))))) return
    this.fault ??= `${receiver} is still told of ${notification.key}, ${notification.change}, although it was silenced long ago`
  }

  /** Whether everything that fires in a message is kept quiet at a moment. */
  isQuiet({ alerts }: Notification, at: number): boolean {
    const firing = alerts.filter(({ resolvedAt }) => resolvedAt === null)
    return firing.length > 0 && firing.every(({ slo, scope }) => this.#isHushed(slo, scope, at))
  }

  #isHushed(slo: string, scope: string, at: number): boolean {
    return this.#quiet.some((one) => {
      return one.slo === slo && (one.region === undefined || one.region === scope) && one.from <= at && at < one.to
    })
  }
}
