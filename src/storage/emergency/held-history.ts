import { alertKey, type Episode } from '../../core/model/alert.ts'
import type { Incident } from '../../core/model/incident.ts'
import { compareTexts } from '../../core/model/text-order.ts'
import type { EpisodeQuery, IncidentHistory, IncidentQuery } from '../../ports/store.ts'
import type { HeldWrites } from './held-writes.ts'

/** What is known of incidents, with what is held for the time when the store can be written again. */
export function historyWithHeld(history: IncidentHistory, held: HeldWrites): IncidentHistory {
  return {
    async list(query) {
      const stored = await history.list(query)
      if (held.size === 0) return stored
      const newer = held.incidents()
      const own = [...newer.values()].filter((incident) => isAskedFor(incident, query))
      const all = [...stored.filter(({ id }) => !newer.has(id)), ...own]
      return all.toSorted((a, b) => b.openedAt - a.openedAt || compareTexts(b.id, a.id)).slice(0, query.limit)
    },
    async timeline(id) {
      const stored = await history.timeline(id)
      const incident = held.size === 0 ? undefined : held.incidents().get(id)
      if (incident === undefined) return stored
      const commits = held.commits()
      return {
        incident,
        events: [...(stored?.events ?? []), ...commits.flatMap((one) => one.incidentEvents).filter(isOf(id))],
        deliveries: stored?.deliveries ?? [],
        attempts: stored?.attempts ?? [],
        burnRates: [...(stored?.burnRates ?? []), ...commits.flatMap((one) => one.burnRates).filter(isOf(id))],
      }
    },
    prune: (times) => history.prune(times),
  }
}

/** Episodes as stored, with those that opened or ended in what is held. */
export function episodesWithHeld(
  stored: readonly Episode[],
  held: HeldWrites,
  query: EpisodeQuery,
): readonly Episode[] {
  if (held.size === 0) return stored
  const known = new Map(stored.map((one) => [keyOf(one), one]))
  for (const one of held.commits().flatMap(({ episodes }) => episodes)) known.set(keyOf(one), one)
  return [...known.values()]
    .filter(
      ({ id, resolvedAt }) => (query.activeOnly !== true || resolvedAt === null) && (query.slo ?? id.slo) === id.slo,
    )
    .toSorted((a, b) => b.firedAt - a.firedAt || compareTexts(alertKey(a.id), alertKey(b.id)))
    .slice(0, query.limit)
}

function keyOf({ id, firedAt }: Episode): string {
  return `${alertKey(id)}@${firedAt}`
}

function isOf(id: string): (one: { readonly incidentId: string }) => boolean {
  return ({ incidentId }) => incidentId === id
}

function isAskedFor({ id, openedAt, phase, alerts, service, severity, sev }: Incident, query: IncidentQuery): boolean {
  const { after } = query
  if (after !== undefined && (openedAt > after.openedAt || (openedAt === after.openedAt && id >= after.id)))
    return false
  const state = phase.kind === 'closed' ? 'closed' : 'open'
  if (query.state !== undefined && query.state !== state) return false
  if (query.slo !== undefined && !alerts.some((alert) => alert.id.slo === query.slo)) return false
  if (query.service !== undefined && query.service !== service) return false
  return (query.severity ?? severity) === severity && (query.sev ?? sev) === sev
}
