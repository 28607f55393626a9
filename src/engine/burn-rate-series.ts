import { burnRate } from '../core/budget/burn-rate.ts'
import { firingAlerts } from '../core/incidents/audible.ts'
import { burnAlerts } from '../core/incidents/incident-spend.ts'
import type { BurnRatePoint, BurnReading, Incident, IncidentAlert } from '../core/model/incident.ts'
import { burnRatePointsPerIncidentMax, burnRatePointsPerStepMax } from '../core/model/limits.ts'
import { globalScope } from '../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { Counting } from './counting.ts'
import { incidentSpending, type Spending } from './incident-spending.ts'
import { judged } from './judged-reading.ts'
import { readScope } from './read-scope.ts'

/** Points that a young incident has at every step, before they become sparser. */
const densePoints = 240

interface Told {
  readonly at: EpochMs
  readonly count: number
  readonly spending: Spending | undefined
}

/**
 * The burn rates of what fires in open incidents, and what those have spent, for who looks back: at every step of the first hour,
 * then ever more seldom, so that an incident of a month has no more than some thousand, and once when all is over. While very
 * many are open each has its turn more seldom.
 */
export class BurnRateSeries {
  readonly #last = new Map<string, Told>()
  /** Those whose end was told. */
  readonly #ended = new Set<string>()
  /** What the points of this tick say was spent. */
  #spending = new Map<string, Spending>()

  /** Those that were over before this process began were told by the one before. */
  restore(incidents: Iterable<Incident>): void {
    for (const { id, phase } of incidents) if (phase.kind !== 'open') this.#ended.add(id)
  }

  points(
    counting: Counting,
    incidents: Iterable<Incident>,
    stepMs: DurationMs,
    evaluatedAt: (scope: string) => EpochMs | undefined,
  ): readonly BurnRatePoint[] {
    const all = [...incidents]
    const open = all.filter(({ phase }) => phase.kind === 'open')
    const everyMs = stepMs * Math.max(1, open.length / burnRatePointsPerStepMax)
    const points: BurnRatePoint[] = []
    this.#spending = new Map()
    for (const incident of all) {
      if (points.length >= burnRatePointsPerStepMax) break
      const at = this.#momentDue(incident, everyMs, evaluatedAt)
      if (at !== undefined) points.push(this.#pointOf(counting, incident, at, evaluatedAt))
    }
    return points
  }

  /** The points were stored. */
  stored(points: readonly BurnRatePoint[], isKept: (incidentId: string) => boolean): void {
    for (const { incidentId, at } of points) {
      const spending = this.#spending.get(incidentId)
      this.#last.set(incidentId, { at, count: (this.#last.get(incidentId)?.count ?? 0) + 1, spending })
    }
    for (const id of this.#last.keys()) if (!isKept(id)) this.#last.delete(id)
    for (const id of this.#ended) if (!isKept(id)) this.#ended.delete(id)
  }

  /** The moment that a point is due for; undefined where none is. */
  #momentDue(
    incident: Incident,
    everyMs: DurationMs,
    evaluatedAt: (scope: string) => EpochMs | undefined,
  ): EpochMs | undefined {
    const { id, phase } = incident
    if (phase.kind === 'open') {
      this.#ended.delete(id)
      const at = momentOf(incident, evaluatedAt)
      return at !== undefined && this.#isDue(incident, at, everyMs) ? at : undefined
    }
    if (this.#ended.has(id)) return undefined
    const last = this.#last.get(id)
    if (burnAlerts(incident.alerts).length > 0 && (last === undefined || last.at < phase.clearedAt))
      return phase.clearedAt
    this.#ended.add(id)
    return undefined
  }

  #isDue({ id, openedAt }: Incident, at: EpochMs, atLeastMs: DurationMs): boolean {
    const last = this.#last.get(id)
    if (last === undefined) return true
    const everyMs = Math.max(atLeastMs, (at - openedAt) / densePoints)
    return last.count < burnRatePointsPerIncidentMax && at - last.at >= everyMs
  }

  #pointOf(
    counting: Counting,
    incident: Incident,
    at: EpochMs,
    evaluatedAt: (scope: string) => EpochMs | undefined,
  ): BurnRatePoint {
    const { id } = incident
    // One scope may be behind another: what it lost is counted as far as it was evaluated.
    const reach = (scope: string) => Math.min(at, evaluatedAt(scope) ?? at)
    const spending = incidentSpending(counting, incident, reach, this.#last.get(id)?.spending)
    if (spending !== undefined) this.#spending.set(id, spending)
    const firing = firingAlerts(incident)
    const told = firing.length > 0 ? firing : burnAlerts(incident.alerts)
    const readings = readingsOf(counting, told, at)
    return { incidentId: id, at, readings: spending === undefined ? readings : withSpending(readings, spending) }
  }
}

/** The newest moment at which anything of an incident that fires was evaluated; undefined where nothing was. */
function momentOf(incident: Incident, evaluatedAt: (scope: string) => EpochMs | undefined): EpochMs | undefined {
  const moments = firingAlerts(incident).map(({ id }) => evaluatedAt(id.scope))
  const known = moments.filter((at) => at !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

function readingsOf(counting: Counting, alerts: readonly IncidentAlert[], at: EpochMs): readonly BurnReading[] {
  const windows = new Map<string, { slo: string; scope: string; windowMs: DurationMs }>()
  for (const { id, rule } of alerts) {
    for (const windowMs of [rule.shortMs, rule.longMs]) {
      if (windowMs > 0) windows.set(`${id.slo}/${id.scope}/${windowMs}`, { slo: id.slo, scope: id.scope, windowMs })
    }
  }
  return [...windows.values()].flatMap(({ slo, scope, windowMs }) => {
    const compiled = counting.slos.get(slo)
    if (compiled === undefined || (scope !== globalScope && !counting.regions.has(scope))) return []
    const reading = judged(readScope(counting, compiled, scope, at))
    return [{ slo, scope, windowMs, burnRate: burnRate(reading.counts(windowMs), reading.compiled.budget) }]
  })
}

/** Says what was spent in the first reading of whose budget it is; where nothing of that fires, in one of its own without a rate. */
function withSpending(readings: readonly BurnReading[], { subject, spent }: Spending): readonly BurnReading[] {
  const { slo, scope } = subject
  const place = readings.findIndex((reading) => reading.slo === slo && reading.scope === scope)
  if (place < 0) return [...readings, { slo, scope, windowMs: 0, burnRate: null, spent }]
  return readings.with(place, { ...readings[place], spent })
}
