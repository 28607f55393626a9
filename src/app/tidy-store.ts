import { annotationsKeptMs, dailyCountsKeptMs, deliveriesKeptMs, incidentsKeptMs } from '../core/model/limits.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Engine } from '../engine/engine.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'

/** Removes what is older than the limits say that it is kept. */
export async function tidyStore(engine: Engine, store: Store, log: Log, now: EpochMs): Promise<void> {
  const deliveries = await store.outbox.prune(now - deliveriesKeptMs)
  if (deliveries > 0) log.info({ deliveries }, 'old deliveries removed')
  await store.incidents.prune({ incidentsBefore: now - incidentsKeptMs, noticesBefore: now - annotationsKeptMs })
  engine.desk.forgetNotices(now - annotationsKeptMs)
  const days = await store.dailyCounts.prune(now - dailyCountsKeptMs)
  if (days > 0) log.info({ days }, 'old daily counts removed')
}
