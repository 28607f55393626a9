import type { DayCounts } from '../../core/model/daily-counts.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { Engine } from '../../engine/engine.ts'
import { updateDays } from '../../engine/update-days.ts'
import type { ReportInput } from '../../reports/model/report-input.ts'
import { replay } from '../../simulation/replay.ts'
import { type HistoryWatch, readHistory } from '../backtest/read-history.ts'
import { exclusionsOf, type ReportAsk } from './stored-input.ts'

/** History is replayed at the pace of the engine's default. */
const stepMs = 15_000

/** Replays files of history and makes the input of a report of what the engine counted. Rejects when a file cannot be read. */
export async function replayedInput(
  files: readonly string[],
  ask: ReportAsk,
  watch: HistoryWatch,
): Promise<ReportInput> {
  const { log, engine, run, kept } = replay(ask.slos, stepMs)
  engine.setExclusions(ask.maintenances)
  await readHistory(files, log, watch)
  const { end } = await run({ end: ask.period.to })
  const events = Map.groupBy(kept.incidentEvents(), ({ incidentId }) => incidentId)
  const burnRates = Map.groupBy(kept.burnRates(), ({ incidentId }) => incidentId)
  return {
    ...ask,
    days: end === undefined ? [] : daysOf(engine, kept.days(), end),
    exclusions: exclusionsOf(ask.maintenances, []),
    incidents: kept.incidents().map((incident) => {
      return { incident, events: events.get(incident.id) ?? [], burnRates: burnRates.get(incident.id) ?? [] }
    }),
  }
}

/** Days as stored on the way, and those in memory brought up to the end. */
function daysOf({ counting }: Engine, stored: readonly DayCounts[], end: EpochMs): readonly DayCounts[] {
  const days = new Map(stored.map((day) => [JSON.stringify([day.slo, day.region, day.from]), day]))
  for (const region of counting.regions.values()) {
    updateDays(region, end, counting.exclusions)
    for (const [slo, ledger] of region.ledgers()) {
      for (const day of ledger.days) {
        days.set(JSON.stringify([slo, region.region, day.from]), { slo, region: region.region, ...day })
      }
    }
  }
  return [...days.values()]
}
