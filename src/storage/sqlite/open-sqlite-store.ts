import { type Log, silentLog } from '../../ports/log.ts'
import { type Meter, silentMeter } from '../../ports/meter.ts'
import type { Store } from '../../ports/store.ts'
import { adoptAlerts } from './adopt-alerts.ts'
import { alertHistory } from './alert-history.ts'
import { sqliteCheckpoints } from './checkpoints.ts'
import { sqliteDailyCounts } from './daily-counts.ts'
import { inTransaction, openDatabase } from './database.ts'
import { sqliteExclusions } from './exclusions.ts'
import { storedIncidents } from './incident-history.ts'
import { logCopier } from './log-copier.ts'
import { migrate } from './migrate.ts'
import { sqliteOutbox } from './outbox/sqlite-outbox.ts'
import { partReader } from './part-reader.ts'
import { lockStore } from './store-lock.ts'

/**
 * Opens the store at a path, or a new one in memory for `:memory:`; creates the file and its folder where missing. Throws a
 * StoreError that says what to do when another process runs on it, when it is damaged, not ours or from a newer version.
 */
export function openSqliteStore(path: string, telemetry: { readonly log?: Log; readonly meter?: Meter } = {}): Store {
  const { log = silentLog, meter = silentMeter } = telemetry
  const lock = lockStore(path)
  try {
    return sqliteStore(path, () => lock.release(), log, meter)
  } catch (error) {
    lock.release()
    throw error
  }
}

function sqliteStore(path: string, unlock: () => void, log: Log, meter: Meter): Store {
  const database = openDatabase(path)
  try {
    migrate(path, database)
  } catch (error) {
    database.close()
    throw error
  }
  const history = alertHistory(database)
  const days = sqliteDailyCounts(database)
  const incidents = storedIncidents(database)
  const copier = logCopier(path, log)
  const { enqueue, unclaimed, flush, ...outbox } = sqliteOutbox(database, log, meter)

  return {
    async load() {
      const { earlier, ...state } = history.load()
      const stored = incidents.load()
      const adopted = adoptAlerts(earlier, stored.incidents)
      return { ...state, ...stored, incidents: [...stored.incidents, ...adopted], adopted }
    },
    async commit(tick) {
      inTransaction(database, () => {
        history.write(tick)
        days.write(tick.days ?? [])
        days.writePast(tick.pastDays ?? [])
        incidents.write(tick)
        enqueue(tick.deliveries, tick.superseded, tick.at)
      })
    },
    episodes: async (query) => history.episodes(query),
    incidents: incidents.history,
    outbox,
    unclaimed,
    checkpoints: sqliteCheckpoints(database, copier, partReader(path, database, log)),
    dailyCounts: days,
    exclusions: sqliteExclusions(database),
    async close() {
      if (!database.isOpen) return
      flush()
      await copier.close()
      database.close()
      unlock()
    },
  }
}
