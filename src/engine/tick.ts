import type { Episode } from '../core/model/alert.ts'
import type { NewDelivery } from '../core/model/delivery.ts'
import type { IncidentEvent } from '../core/model/incident.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { SuppressionReason } from '../core/paging/plan.ts'
import type { Store } from '../ports/store.ts'
import { alertMoved, orphanMoved } from './alert-moved.ts'
import type { AlertStates } from './alert-states.ts'
import type { AssumedRegions } from './assumed-regions.ts'
import type { PageAudit } from './audit-pages.ts'
import { orphanEpisode, orphans, pageClosed } from './close-orphans.ts'
import type { Counting } from './counting.ts'
import type { DataWatch, ForgottenRegion } from './data-watch.ts'
import type { Step } from './due-steps.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import type { IncidentDesk } from './incident-desk.ts'
import { judged } from './judged-reading.ts'
import { makeCounts } from './make-counts.ts'
import { readGlobal, readRegion, readSloGlobally, readSloInRegion, type ScopeReading } from './read-scope.ts'
import { readUnseen } from './read-unseen.ts'
import { namelessRegion } from './region-counts.ts'
import { type AlertMove, stepAlerts, stepUnseen } from './step-alerts.ts'
import type { Sweep } from './sweep.ts'
import { collectDays, type DayRounds, markDaysSaved } from './update-days.ts'

/** What a tick works on. */
export interface TickWorld {
  readonly counting: Counting
  readonly alerts: AlertStates
  readonly gates: EvidenceGates
  readonly sweep: Sweep
  readonly assumed: AssumedRegions
  readonly watch: DataWatch
  readonly rounds: DayRounds
  readonly desk: IncidentDesk
  /** Up to when a scope was evaluated before this tick. */
  readonly evaluatedAt: (scope: string) => EpochMs | undefined
  readonly store: Pick<Store, 'commit'> & Partial<Pick<Store, 'outbox'>>
  /** Told of every reading, for a replay that writes them down: every SLO is judged one by one then. */
  readonly onReading?: (reading: ScopeReading) => void
}

/** What a tick decided, after it was stored. */
export interface TickResult {
  readonly episodes: readonly Episode[]
  readonly deliveries: readonly NewDelivery[]
  readonly suppressed: readonly SuppressionReason[]
  /** Every decision about an incident. */
  readonly incidentEvents: readonly IncidentEvent[]
  readonly progress: ReadonlyMap<string, EpochMs>
  /** Regions that are no regions of an SLO any more. */
  readonly forgotten: readonly ForgottenRegion[]
  /** Open pages that were not known to have arrived, and what was found of them. */
  readonly audits: readonly PageAudit[]
}

/**
 * One turn of the engine: for each step that is due, window counts → burn rates → alert states → incidents → who is told; then all
 * of it is stored at once. Until that has happened nothing has: when storing fails, the next tick decides it again.
 */
export async function tick(world: TickWorld, steps: readonly Step[], now: EpochMs): Promise<TickResult> {
  const { alerts, desk, gates, store } = world
  const episodes: Episode[] = []
  const progress = new Map<string, EpochMs>()
  const evaluatedAt = (scope: string) => progress.get(scope) ?? world.evaluatedAt(scope)
  const audits = store.outbox === undefined ? [] : await desk.audit(store.outbox, now)
  world.sweep.begin()
  try {
    const ended = orphans(world.counting, alerts, world.evaluatedAt)
    for (const orphan of ended) {
      alerts.draft({ ...orphan, state: { kind: 'inactive' } })
      pageClosed(orphan.id, world.counting, gates, world.evaluatedAt(orphan.id.scope))
      episodes.push(...definite([orphanEpisode(orphan, now)]))
    }
    if (ended.length > 0) desk.turn(definite(ended.map((orphan) => orphanMoved(orphan, now))), now, evaluatedAt)
    // Whether every incident stands where the last step left it: to turn them all once more would change none.
    let areTurned = false
    for (const step of steps) {
      const moves = [...alertMoves(world, step)].filter((move) => move.step.event !== undefined)
      episodes.push(...moves.map(episodeOf))
      for (const scope of step.regions) progress.set(scope, step.at)
      if (step.global) progress.set(globalScope, step.at)
      // History is replayed in its own time: there, no clock moves but that of the data.
      areTurned = moves.length > 0 || !Number.isFinite(now)
      if (areTurned) {
        desk.turn(definite(moves.map(alertMoved)), Number.isFinite(now) ? now : step.at, evaluatedAt)
      }
    }
    const clock = Number.isFinite(now) ? now : steps.at(-1)?.at
    if (clock !== undefined) {
      if (!areTurned) desk.turn([], clock, evaluatedAt)
      desk.finish(audits, clock, evaluatedAt)
    }
    const days = collectDays(world.counting, world.rounds, progress, { clock, evaluatedAt })
    await store.commit({ at: now, progress, alerts: alerts.drafts(), episodes, ...days, ...desk.commit() })
    markDaysSaved(world.counting, days)
  } catch (error) {
    alerts.dropDrafts()
    desk.drop()
    gates.rollBack()
    throw error
  }
  const suppressed = [...desk.suppressed]
  const { deliveries, incidentEvents } = desk.commit()
  alerts.applyDrafts()
  desk.apply()
  gates.commit()
  for (const { at, data } of steps) if (data) world.watch.looked(at)
  return { episodes, deliveries, suppressed, incidentEvents, progress, forgotten: world.watch.takeForgotten(), audits }
}

function definite<Value>(values: readonly (Value | undefined)[]): readonly Value[] {
  return values.filter((value) => value !== undefined)
}

/** Steps every alert of every scope that is due, and those of regions that are not because nothing comes from there. */
function* alertMoves(world: TickWorld, step: Step): Iterable<AlertMove> {
  const { counting, alerts, gates, assumed, watch } = world
  for (const { reading, isWeighed } of read(world, step)) {
    if (assumed.wasJudged(reading.compiled.id, reading.scope, reading.at)) continue
    yield* stepAlerts(judged(reading), alerts, gates, isWeighed)
  }
  for (const reading of readUnseen(counting, step)) yield* stepUnseen(reading, alerts, gates)
  for (const reading of assumed.read(counting, step)) yield* stepAlerts(reading, alerts, gates)
  if (step.data) yield* watch.moves(counting, alerts, step.at, world.sweep.overview(step.at))
}

/** A reading, the evidence of which a sweep may have weighed already. */
interface ReadSlo {
  readonly reading: ScopeReading
  readonly isWeighed: boolean
}

/** Reads what must be judged one by one. */
function* read(world: TickWorld, { at, regions, global }: Step): Iterable<ReadSlo> {
  const { counting } = world
  for (const region of regions) {
    makeCounts(counting.region(region), counting.series, at)
    if (region !== namelessRegion) yield* readOf(world, region, at)
  }
  if (global) yield* readOf(world, undefined, at)
}

/** Reads in one region, or in the global scope. */
function* readOf(world: TickWorld, name: string | undefined, at: EpochMs): Iterable<ReadSlo> {
  const { counting, sweep, alerts, assumed, onReading } = world
  if (onReading !== undefined) {
    for (const reading of name === undefined ? readGlobal(counting, at) : readRegion(counting, name, at)) {
      onReading(reading)
      yield { reading, isWeighed: false }
    }
    return
  }
  const loud = name === undefined ? sweep.globally(at, alerts) : sweep.inRegion(name, at, alerts, assumed.isEmpty)
  for (const { compiled, isWeighed } of loud) {
    const reading =
      name === undefined
        ? readSloGlobally(counting, compiled, at)
        : readSloInRegion(counting, counting.region(name), compiled, at)
    yield { reading, isWeighed }
  }
}

function episodeOf({ id, since, step, rule, reading }: AlertMove): Episode {
  const resolvedAt = step.event === 'resolved' ? reading.at : null
  return { id, service: reading.compiled.slo.service, firedAt: since, resolvedAt, rule }
}
