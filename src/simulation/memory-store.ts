import { alertKey, type Episode } from '../core/model/alert.ts'
import type { DayCounts } from '../core/model/daily-counts.ts'
import type { NewDelivery } from '../core/model/delivery.ts'
import type { BurnRatePoint, Incident, IncidentEvent } from '../core/model/incident.ts'
import type { EngineWorld } from '../engine/engine.ts'
import type { TickCommit } from '../ports/store.ts'

/** Keeps the episodes, incidents and deliveries that an engine commits, and nothing else: a replay has nothing to restart from. */
export interface MemoryStore {
  readonly store: EngineWorld['store']
  /** In the order in which they opened. */
  episodes(): readonly Episode[]
  /** As they stand, in the order in which they opened. */
  incidents(): readonly Incident[]
  incidentEvents(): readonly IncidentEvent[]
  burnRates(): readonly BurnRatePoint[]
  /** As they were stored last, some minutes behind. */
  days(): readonly DayCounts[]
  deliveries(): readonly NewDelivery[]
}

/** A store that forgets everything when the process ends. */
export function memoryStore(): MemoryStore {
  const episodes = new Map<string, Episode>()
  const incidents = new Map<string, Incident>()
  const events: IncidentEvent[] = []
  const deliveries: NewDelivery[] = []
  const burnRates: BurnRatePoint[] = []
  const days = new Map<string, DayCounts>()
  const commit = async (tick: TickCommit): Promise<void> => {
    for (const episode of tick.episodes) episodes.set(`${alertKey(episode.id)}@${episode.firedAt}`, episode)
    for (const incident of tick.incidents) incidents.set(incident.id, incident)
    events.push(...tick.incidentEvents)
    deliveries.push(...tick.deliveries)
    burnRates.push(...tick.burnRates)
    // A replay reads no history beside its own.
    for (const day of tick.days ?? []) days.set(JSON.stringify([day.slo, day.region, day.from]), day)
  }
  return {
    store: {
      commit,
      load: async () => ({
        alerts: [],
        progress: new Map(),
        incidents: [],
        adopted: [],
        silences: [],
        annotations: [],
      }),
      checkpoints: { save: async () => {}, names: async () => [], read: async () => new Map() },
    },
    episodes: () => [...episodes.values()],
    incidents: () => [...incidents.values()],
    incidentEvents: () => events,
    burnRates: () => burnRates,
    days: () => [...days.values()],
    deliveries: () => deliveries,
  }
}
