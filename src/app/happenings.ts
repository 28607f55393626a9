import type { Exclusion } from '../core/model/exclusion.ts'
import type { Incident } from '../core/model/incident.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs, Ratio } from '../core/model/units.ts'
import { isWithin } from '../core/time/exclusion-spans.ts'
import type { Engine } from '../engine/engine.ts'
import { readBudget } from '../engine/read-budget.ts'
import { readScope } from '../engine/read-scope.ts'
import type { Happenings, MaintenanceReading } from '../ports/happenings.ts'

/** What goes on in a running engine at a moment. */
export function happeningsOf(engine: Engine, now: EpochMs): Happenings {
  const incidents = [...engine.desk.incidents()].filter(({ phase }) => phase.kind !== 'closed')
  return {
    incidents: incidents.map((incident) => {
      const { id, key, service, severity, openedAt } = incident
      return { id, slo: key, service, severity, openedAt, budgetSpent: budgetSpent(engine, incident) }
    }),
    annotations: engine.desk.annotations.toSorted((a, b) => b.at - a.at),
    maintenances: engine.counting.exclusions.all.filter(({ schedule }) => isWithin(schedule, now)).map(maintenance),
  }
}

/** Reckoned over all regions, or in the region of its first alert where an SLO has no scope of all together. */
function budgetSpent(engine: Engine, { key, openedAt, alerts }: Incident): Ratio | null {
  const compiled = engine.counting.slos.get(key)
  if (compiled === undefined) return null
  const scope = compiled.slo.regions.global === 'none' ? alerts[0]?.id.scope : globalScope
  const at = scope === undefined ? undefined : engine.evaluatedAt(scope)
  if (scope === undefined || at === undefined || at < openedAt) return null
  const reading = readScope(engine.counting, compiled, scope, at)
  const { allowed } = readBudget(reading)
  return allowed > 0 ? reading.charged(openedAt, at).bad / allowed : null
}

function maintenance({ id, reason, author, matches, excludeFromBudget }: Exclusion): MaintenanceReading {
  const subjects = [...matches.slos, ...matches.services, ...matches.regions]
  return { id, reason, author, about: subjects.length === 0 ? 'all' : subjects.join(', '), excludeFromBudget }
}
