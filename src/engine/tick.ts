import type { Episode } from '../core/model/alert.ts'
import type { NewDelivery } from '../core/model/delivery.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import { type Plan, plan, type Routing, type SuppressionReason } from '../core/paging/plan.ts'
import type { Store } from '../ports/store.ts'
import type { AlertBook } from './alert-book.ts'
import { closeOrphan, orphans } from './close-orphans.ts'
import { composeNotification } from './compose-notification.ts'
import type { Counting } from './counting.ts'
import type { Step } from './due-steps.ts'
import { makeCounts } from './make-counts.ts'
import { readGlobal, readRegion, type ScopeReading } from './read-scope.ts'
import { namelessRegion } from './region-counts.ts'
import { type AlertMove, stepAlerts } from './step-alerts.ts'

/** What a tick works on. */
export interface TickWorld {
  readonly counting: Counting
  readonly alerts: AlertBook
  readonly routing: Routing
  readonly store: Pick<Store, 'commit'>
  /** Told of every reading, for a replay that writes them down. */
  readonly onReading?: (reading: ScopeReading) => void
}

/** What a tick decided, after it was stored. */
export interface TickResult {
  readonly episodes: readonly Episode[]
  readonly deliveries: readonly NewDelivery[]
  readonly suppressed: readonly SuppressionReason[]
  readonly progress: ReadonlyMap<string, EpochMs>
}

/**
 * One turn of the engine: for each step that is due, window counts → burn rates → alert states → who is told; then all
 * of it is stored at once. Until that has happened nothing has: when storing fails, the next tick decides it again.
 */
export async function tick(world: TickWorld, steps: readonly Step[], now: EpochMs): Promise<TickResult> {
  const { alerts, store } = world
  const episodes: Episode[] = []
  const deliveries: NewDelivery[] = []
  const suppressed: SuppressionReason[] = []
  const progress = new Map<string, EpochMs>()
  try {
    for (const orphan of orphans(world.counting, alerts)) {
      alerts.draft({ ...orphan, state: { kind: 'inactive' } })
      const closed = closeOrphan(orphan, now)
      if (closed === undefined) continue
      episodes.push(closed.episode)
      deliveries.push(...plan(closed.change, world.routing).deliveries)
    }
    for (const step of steps) {
      for (const reading of read(world, step)) {
        for (const move of stepAlerts(reading, alerts)) {
          if (move.step.event === undefined) continue
          const planned = planMove(world, move)
          episodes.push(episodeOf(move))
          deliveries.push(...planned.deliveries)
          if (planned.suppressed !== undefined) suppressed.push(planned.suppressed)
        }
      }
      for (const scope of step.regions) progress.set(scope, step.at)
      if (step.global) progress.set(globalScope, step.at)
    }
    await store.commit({ at: now, progress, alerts: alerts.drafts(), episodes, deliveries })
  } catch (error) {
    alerts.dropDrafts()
    throw error
  }
  alerts.applyDrafts()
  return { episodes, deliveries, suppressed, progress }
}

function* read({ counting, onReading }: TickWorld, { at, regions, global }: Step): Iterable<ScopeReading> {
  for (const region of regions) {
    makeCounts(counting.region(region), counting.series, at)
    if (region === namelessRegion) continue
    for (const reading of readRegion(counting, region, at)) {
      onReading?.(reading)
      yield reading
    }
  }
  if (!global) return
  for (const reading of readGlobal(counting, at)) {
    onReading?.(reading)
    yield reading
  }
}

/** Who hears of it; the alert remembers them and what they heard. */
function planMove({ counting, alerts, routing }: TickWorld, move: AlertMove): Plan {
  const { id, since, step } = move
  const event = step.event === 'resolved' ? 'resolved' : 'fired'
  const notification = composeNotification(counting, move)
  const { receivers } = move.reading.compiled.slo.alerting.bySeverity[id.severity]
  const planned = plan({ id, episode: since, event, notification, receivers, told: alerts.toldOf(id) }, routing)
  alerts.draft({ id, state: step.state, told: planned.addresses, opened: notification })
  return planned
}

function episodeOf({ id, since, step, rule, reading }: AlertMove): Episode {
  const resolvedAt = step.event === 'resolved' ? reading.at : null
  return { id, service: reading.compiled.slo.service, firedAt: since, resolvedAt, rule }
}
