import type { Episode } from '../core/model/alert.ts'
import type { NewDelivery } from '../core/model/delivery.ts'
import type { EngineWorld } from '../engine/engine.ts'
import type { TickCommit } from '../ports/store.ts'

/** Keeps the episodes and deliveries that an engine commits, and nothing else: a replay has nothing to restart from. */
export interface MemoryStore {
  readonly store: EngineWorld['store']
  /** In the order in which they opened. */
  episodes(): readonly Episode[]
  deliveries(): readonly NewDelivery[]
}

export function memoryStore(): MemoryStore {
  const episodes = new Map<string, Episode>()
  const deliveries: NewDelivery[] = []
  const commit = async (tick: TickCommit): Promise<void> => {
    for (const episode of tick.episodes) {
      const { slo, scope, severity } = episode.id
      episodes.set(JSON.stringify([slo, scope, severity, episode.firedAt]), episode)
    }
    deliveries.push(...tick.deliveries)
  }
  return {
    store: {
      commit,
      load: async () => ({ alerts: [], progress: new Map() }),
      checkpoints: { save: async () => {}, load: async () => new Map() },
    },
    episodes: () => [...episodes.values()],
    deliveries: () => deliveries,
  }
}
