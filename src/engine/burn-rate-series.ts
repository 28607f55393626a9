import { burnRate } from '../core/budget/burn-rate.ts'
import { firingAlerts } from '../core/incidents/audible.ts'
import type { BurnRatePoint, Incident } from '../core/model/incident.ts'
import { burnRatePointsPerIncidentMax, burnRatePointsPerStepMax } from '../core/model/limits.ts'
import { globalScope } from '../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { Counting } from './counting.ts'
import { judged, readScope } from './read-scope.ts'

/** Points that a young incident has at every step, before they become sparser. */
const densePoints = 240

/**
 * The burn rates of what fires in open incidents, for who looks back: at every step of the first hour, then ever more seldom, so
 * that an incident of a month has no more than some thousand. While very many are open each has its turn more seldom.
 */
export class BurnRateSeries {
  readonly #last = new Map<string, { at: EpochMs; count: number }>()

  points(
    counting: Counting,
    incidents: Iterable<Incident>,
    stepMs: DurationMs,
    evaluatedAt: (scope: string) => EpochMs | undefined,
  ): readonly BurnRatePoint[] {
    const open = [...incidents].filter(({ phase }) => phase.kind === 'open')
    const everyMs = stepMs * Math.max(1, open.length / burnRatePointsPerStepMax)
    const points: BurnRatePoint[] = []
    for (const incident of open) {
      if (points.length >= burnRatePointsPerStepMax) break
      const at = momentOf(incident, evaluatedAt)
      if (at === undefined || !this.#isDue(incident, at, everyMs)) continue
      points.push(pointOf(counting, incident, at))
    }
    return points
  }

  /** The points were stored. */
  stored(points: readonly BurnRatePoint[], isKept: (incidentId: string) => boolean): void {
    for (const { incidentId, at } of points) {
      this.#last.set(incidentId, { at, count: (this.#last.get(incidentId)?.count ?? 0) + 1 })
    }
    for (const id of this.#last.keys()) if (!isKept(id)) this.#last.delete(id)
  }

  #isDue({ id, openedAt }: Incident, at: EpochMs, atLeastMs: DurationMs): boolean {
    const last = this.#last.get(id)
    if (last === undefined) return true
    const everyMs = Math.max(atLeastMs, (at - openedAt) / densePoints)
    return last.count < burnRatePointsPerIncidentMax && at - last.at >= everyMs
  }
}

/** The newest moment at which anything of an incident that fires was evaluated; undefined where nothing was. */
function momentOf(incident: Incident, evaluatedAt: (scope: string) => EpochMs | undefined): EpochMs | undefined {
  const moments = firingAlerts(incident).map(({ id }) => evaluatedAt(id.scope))
  const known = moments.filter((at) => at !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

function pointOf(counting: Counting, incident: Incident, at: EpochMs): BurnRatePoint {
  const firing = firingAlerts(incident)
  const windows = new Map<string, { slo: string; scope: string; windowMs: DurationMs }>()
  for (const { id, rule } of firing) {
    for (const windowMs of [rule.shortMs, rule.longMs]) {
      if (windowMs > 0) windows.set(`${id.slo}/${id.scope}/${windowMs}`, { slo: id.slo, scope: id.scope, windowMs })
    }
  }
  const readings = [...windows.values()].flatMap(({ slo, scope, windowMs }) => {
    const compiled = counting.slos.get(slo)
    if (compiled === undefined || (scope !== globalScope && !counting.regions.has(scope))) return []
    const reading = judged(readScope(counting, compiled, scope, at))
    return [{ slo, scope, windowMs, burnRate: burnRate(reading.counts(windowMs), reading.compiled.budget) }]
  })
  return { incidentId: incident.id, at, readings }
}
