import type { StoreOutage } from '../../ports/status-view.ts'
import type { Store } from '../../ports/store.ts'
import { emergencyOutbox } from './emergency-outbox.ts'
import { episodesWithHeld, historyWithHeld } from './held-history.ts'
import { PagesInMemory } from './pages-in-memory.ts'
import { OutageWatch, type OutageWorld } from './store-outage.ts'

/** A store that takes decisions also while it cannot be written. */
export interface EmergencyStore extends Store {
  /** undefined while it can be written. */
  readonly outage: StoreOutage | undefined
}

/**
 * A store behind which evaluation and paging go on when it cannot be written: a full disk, one that fails, one that became
 * read-only. What is decided meanwhile is held in memory and written in its order as soon as that is possible; pages go out from
 * memory at once, under the keys and ids they have anyway. A process that ends before that decides it again and tells it twice,
 * under the same keys: rather that than silence.
 */
export function emergencyStore(store: Store, world: OutageWorld): EmergencyStore {
  const pages = new PagesInMemory()
  const watch = new OutageWatch(store, world, () => pages.handOver())
  const { log } = world
  const refusal = () => new Error(`the store cannot be written: ${watch.outage?.reason ?? 'for an unknown reason'}`)

  return {
    get outage() {
      return watch.outage
    },
    load: () => store.load(),
    async commit(tick) {
      const written = await watch.attempt(() => store.commit(tick))
      if (written !== undefined) return watch.wrote()
      pages.take(tick.deliveries, tick.superseded, tick.at)
      if (!watch.hold({ kind: 'commit', tick })) throw refusal()
    },
    episodes: async (query) => episodesWithHeld(await store.episodes(query), watch.held, query),
    incidents: historyWithHeld(store.incidents, watch.held),
    outbox: emergencyOutbox(store, watch, pages, world),
    checkpoints: {
      names: () => store.checkpoints.names(),
      read: (names) => store.checkpoints.read(names),
      // A snapshot that is newer than what was decided from it would hide that from the next process.
      async save(parts, removed) {
        if (watch.held.size > 0) await watch.flush()
        if (watch.held.size > 0) throw refusal()
        await store.checkpoints.save(parts, removed)
      },
    },
    dailyCounts: store.dailyCounts,
    exclusions: store.exclusions,
    async close() {
      if (watch.held.size > 0) await watch.flush(true)
      const held = watch.held.size
      if (held > 0)
        log.error(
          { held },
          'what was decided could not be stored: the next process decides it again, and tells it again',
        )
      await store.close()
    },
  }
}
