import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { StoreOutage } from '../ports/status-view.ts'
import type { Store } from '../ports/store.ts'
import { emergencyStore } from '../storage/emergency/emergency-store.ts'
import { openSqliteStore } from '../storage/sqlite/open-sqlite-store.ts'
import { isStoreOutage } from '../storage/sqlite/store-error.ts'
import { measuredStore } from '../telemetry/measured-store.ts'

/** The durable store as the engine uses it. */
export interface OpenedStore {
  readonly store: Store
  /** Why the disk takes nothing, and since when; undefined while it does. */
  outage(): StoreOutage | undefined
}

/** Opens the store of a path. It goes on in memory while the disk takes nothing, and how long it takes is measured. */
export function openStore(
  path: string,
  { clock, log, meter }: { readonly clock: Clock; readonly log: Log; readonly meter: Meter },
): OpenedStore {
  const disk = openSqliteStore(path, { log, meter })
  const safe = emergencyStore(disk, { now: () => clock.now(), log, meter, isOutage: isStoreOutage })
  return { store: measuredStore(safe, meter), outage: () => safe.outage }
}
