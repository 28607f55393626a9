import type { EpochMs } from '../core/model/units.ts'
import type { AlertStates } from './alert-states.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { SloCounts } from './region-counts.ts'
import type { SampleIntake } from './sample-intake.ts'

/**
 * Stops counting groups that nothing was seen of for longer than all their windows, so that tenants and clusters that
 * are gone make room for new ones. One with an alert that is pending or open stays until that is over.
 */
export function forgetGroups(counting: Counting, intake: SampleIntake, alerts: AlertStates): void {
  // That a group cannot be seen is what makes it go.
  const alerting = new Set([...alerts.open()].filter(({ id }) => id.cause === undefined).map(({ id }) => id.slo))
  const newestAt = [...counting.regions.values()].reduce((newest, { watermark }) => {
    return watermark > newest ? watermark : newest
  }, Number.NEGATIVE_INFINITY)
  const gone = [...counting.slos.values()].filter((compiled) => {
    return compiled.slo.groupBy.length > 0 && !alerting.has(compiled.id) && isGone(counting, compiled, newestAt)
  })
  if (gone.length === 0) return
  const wasFull = gone.some(({ slo }) => counting.fullSlos.has(slo.name))
  intake.groupsForgotten(new Set(gone.flatMap((compiled) => counting.forgetGroup(compiled))))
  if (wasFull) intake.roomWasMade()
}

function isGone(counting: Counting, compiled: CompiledSlo, newestAt: EpochMs): boolean {
  const counted = [...counting.regions.values()].flatMap(({ slos }) => slos.get(compiled.id) ?? [])
  const horizonMs = Math.max(compiled.window.horizonMs, ...compiled.alertWindows)
  return counted.every((counts) => newestAt - lastSeen(counts, newestAt) > horizonMs)
}

/** Of what was never seen, when it could have been first; forever, where time is that of the data. */
function lastSeen({ seen, listeningSince }: SloCounts, newestAt: EpochMs): EpochMs {
  if (seen.until !== undefined) return seen.until
  return Number.isFinite(listeningSince) ? listeningSince : newestAt
}
