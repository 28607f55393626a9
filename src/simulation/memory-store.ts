import type { Episode } from '../core/model/alert.ts'
import type { EngineWorld } from '../engine/engine.ts'
import type { TickCommit } from '../ports/store.ts'

/** Keeps the episodes that an engine commits, and nothing else: a replay has nothing to restart from. */
export interface MemoryStore {
  readonly store: EngineWorld['store']
  /** In the order in which they opened. */
  episodes(): readonly Episode[]
}

export function memoryStore(): MemoryStore {
  const episodes = new Map<string, Episode>()
  const commit = async (tick: TickCommit): Promise<void> => {
    for (const episode of tick.episodes) {
      const { slo, scope, severity } = episode.id
      episodes.set(JSON.stringify([slo, scope, severity, episode.firedAt]), episode)
    }
  }
  return {
    store: {
      commit,
      load: async () => ({ alerts: [], progress: new Map() }),
      checkpoints: { save: async () => {}, load: async () => new Map() },
    },
    episodes: () => [...episodes.values()],
  }
}
