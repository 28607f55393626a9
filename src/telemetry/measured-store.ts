import type { Meter } from '../ports/meter.ts'
import type { Store } from '../ports/store.ts'

/** A store that reports how long its commits take, whether they succeed or not; `now` gives milliseconds. */
export function measuredStore(store: Store, meter: Meter, now: () => number = () => performance.now()): Store {
  return {
    load: () => store.load(),
    commit: async (tick) => {
      const startedAt = now()
      try {
        await store.commit(tick)
      } finally {
        meter.observe('sloburn_commit_duration_seconds', {}, (now() - startedAt) / 1_000)
      }
    },
    episodes: (query) => store.episodes(query),
    incidents: store.incidents,
    outbox: store.outbox,
    checkpoints: store.checkpoints,
    dailyCounts: store.dailyCounts,
    exclusions: store.exclusions,
    close: () => store.close(),
  }
}
