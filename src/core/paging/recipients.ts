import { audibleAlerts } from '../incidents/audible.ts'
import type { Address } from '../model/alert.ts'
import type { Incident, IncidentAlert } from '../model/incident.ts'
import type { EpochMs } from '../model/units.ts'
import { isWithinHours, nextOpening } from '../time/business-hours.ts'
import { addressesOf, addressKey, isFor, type Route, routesFor } from './route.ts'
import type { Routing } from './routing.ts'

/** Who hears of an incident now, and who when business hours begin. */
export interface Recipients {
  readonly now: readonly Address[]
  readonly later: { readonly until: EpochMs; readonly addresses: readonly Address[] } | null
}

/**
 * Everybody whom the routes name for an audible alert of an incident, each once. All of its alerts are routed by the
 * incident's severity and name: who is paged is not sent the ticket as well.
 */
export function recipientsOf(incident: Incident, routing: Routing, now: EpochMs): Recipients {
  const routes = routesOf(incident, routing.routes)
  const mayWait = incident.severity === 'ticket'
  const open = routes.filter(({ hours }) => !mayWait || hours === undefined || isWithinHours(hours, now))
  const named = audibleAlerts(incident).flatMap(({ receivers }) => receivers)
  const atOnce = distinct([...open.flatMap(({ receivers }) => receivers), ...named], routing)
  const reached = new Set(atOnce.map(addressKey))
  const closed = routes.filter((route) => !open.includes(route))
  const addresses = distinct(
    closed.flatMap(({ receivers }) => receivers),
    routing,
  ).filter((address) => !reached.has(addressKey(address)))
  if (addresses.length === 0) return { now: atOnce, later: null }
  const openings = closed.flatMap(({ hours }) => (hours === undefined ? [] : [nextOpening(hours, now)]))
  return { now: atOnce, later: { until: Math.min(...openings), addresses } }
}

/** The routes that match some audible alert of an incident, in their order. */
export function routesOf(incident: Incident, routes: readonly Route[]): readonly Route[] {
  const routable = audibleAlerts(incident).map((alert) => routableLabels(incident, alert))
  return routes.filter((route) => routable.some((labels) => isFor(route, labels)))
}

/** Whom a page with these labels would reach, as one text. */
export function reachOf(
  { labels, receivers }: Pick<IncidentAlert, 'labels' | 'receivers'>,
  { routes }: Pick<Routing, 'routes'>,
): string {
  const named = routesFor({ ...labels, severity: 'page', sev: 'SEV1' }, routes).flatMap((route) => route.receivers)
  return JSON.stringify([...new Set([...named, ...receivers])].sort())
}

function routableLabels({ severity, sev }: Incident, { labels }: IncidentAlert): Readonly<Record<string, string>> {
  return { ...labels, severity, sev }
}

function distinct(receivers: readonly string[], routing: Routing): readonly Address[] {
  return addressesOf([...new Set(receivers)], routing.recipientsOf)
}
