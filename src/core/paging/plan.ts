import type { Address, AlertId } from '../model/alert.ts'
import { alertKey } from '../model/alert.ts'
import type { NewDelivery } from '../model/delivery.ts'
import type { Notification } from '../model/notification.ts'
import type { EpochMs } from '../model/units.ts'
import { addressesOf, type Route, receiversFor } from './route.ts'

/** An alert that opened or resolved, and what is to be said about it. */
export interface AlertChange {
  readonly id: AlertId
  readonly episode: EpochMs
  readonly event: 'fired' | 'resolved'
  readonly notification: Notification
  /** Receivers that the SLO itself names, beside those of the routes. */
  readonly receivers: readonly string[]
  /** Who was told that it opened; empty when it opens now. */
  readonly told: readonly Address[]
}

/** Why nobody is told of a change. */
export type SuppressionReason = 'no-route' | 'nobody-was-told'

/** What a change leads to: who is told now, or why nobody is. */
export interface Plan {
  readonly addresses: readonly Address[]
  readonly deliveries: readonly NewDelivery[]
  readonly suppressed?: SuppressionReason
}

export interface Routing {
  readonly routes: readonly Route[]
  /** The addresses of a receiver. */
  readonly recipientsOf: (receiver: string) => readonly string[]
  /** A digest of a text: delivery ids are made of what they deliver, so that one decision never makes two. */
  readonly digest: (text: string) => string
}

/**
 * Decides who hears of a change. An opening goes where the routes say today; a resolve goes to exactly those who heard
 * of the opening.
 */
export function plan(change: AlertChange, routing: Routing): Plan {
  const addresses = change.event === 'fired' ? routed(change, routing) : change.told
  if (addresses.length === 0) {
    return { addresses, deliveries: [], suppressed: change.event === 'fired' ? 'no-route' : 'nobody-was-told' }
  }
  return { addresses, deliveries: addresses.map((address) => delivery(change, address, routing.digest)) }
}

function routed({ notification, receivers }: AlertChange, { routes, recipientsOf }: Routing): readonly Address[] {
  const { labels, slo, service, scope, severity } = notification
  const routable = new Map(Object.entries({ ...labels, slo, service, scope, region: scope, severity }))
  const named = new Set([...receiversFor(routable, routes), ...receivers])
  return addressesOf([...named], recipientsOf)
}

function delivery(change: AlertChange, { receiver, recipient }: Address, digest: Routing['digest']): NewDelivery {
  const identity = [alertKey(change.id), change.episode, change.event, receiver, recipient]
  return {
    id: digest(JSON.stringify(identity)),
    receiver,
    recipient,
    episode: change.episode,
    notification: change.notification,
  }
}
