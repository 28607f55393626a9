import { burnRate } from '../core/budget/burn-rate.ts'
import { isOpen } from '../core/model/alert.ts'
import { defaultDataPolicy, globalScope } from '../core/model/slo.ts'
import { type EpochMs, hourMs } from '../core/model/units.ts'
import { attribution } from '../core/regions/attribution.ts'
import type { BoundsStatus, DataAlertStatus, RegionShareStatus, ScopeDetail } from '../ports/slo-status.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Engine } from './engine.ts'
import { type BudgetReading, readBudget } from './read-budget.ts'
import { readForecast } from './read-forecast.ts'
import { madeOf, readSloInRegion, regionsOf, type ScopeReading, subjectOf } from './read-scope.ts'

/** Who spends the budget now is told by the last hour. */
const nowMs = hourMs

/** Everything that is known of one scope beyond its figures: what those are made of, and what is to come. */
export function scopeDetail(engine: Engine, reading: ScopeReading, now: EpochMs): ScopeDetail {
  const { compiled, scope, at } = reading
  const budget = readBudget(reading)
  const subjects = [compiled, ...madeOf(engine.counting, compiled)].map((one) => subjectOf(one, scope))
  const excluded = engine.counting.exclusions.named(subjects, budget.start, at)
  return {
    objective: compiled.objective,
    budget: { ...budget, countedMs: reading.countedMs(budget.start, at), seenMs: reading.seenMs(budget.start, at) },
    bounds: boundsOf(reading),
    forecast: readForecast(reading, budget),
    exclusions: excluded.map(({ id, author, reason }) => ({ id, author, reason })),
    dataAlerts: dataAlertsOf(engine, compiled, scope),
    attribution: scope === globalScope ? attributions(engine, compiled, at, budget) : null,
    exemplars: engine.exemplars(compiled.id, scope),
    latencyUncertainty: engine.latencyUncertainty(compiled.id, scope),
    errors: engine.errors.of(compiled, scope) ?? null,
    readAt: now,
  }
}

function boundsOf(reading: ScopeReading): BoundsStatus[] {
  const { budget } = reading.compiled
  return reading.compiled.alertWindows.map((windowMs) => {
    const { best, worst } = reading.bounds(windowMs)
    return { windowMs, best, worst, low: burnRate(best, budget), high: burnRate(worst, budget) }
  })
}

function dataAlertsOf({ alerts }: Engine, { id, slo }: CompiledSlo, scope: string): DataAlertStatus[] {
  const { blind, trafficGone } = slo.data ?? defaultDataPolicy
  const watched = [
    { cause: 'blind', severity: blind.severity },
    { cause: 'traffic-gone', severity: trafficGone },
  ] as const
  return watched.flatMap(({ cause, severity }) => {
    if (severity === 'off') return []
    const state = alerts.stateOf({ slo: id, scope, severity, cause })
    return [{ cause, severity, since: isOpen(state) ? state.since : null }]
  })
}

/** Which region spent which share of the budget, lately and over the SLO window. */
function attributions(
  { counting }: Engine,
  compiled: CompiledSlo,
  at: EpochMs,
  { start, allowed }: BudgetReading,
): ScopeDetail['attribution'] {
  const regions = regionsOf(counting, compiled)
  const over = (from: EpochMs): RegionShareStatus[] => {
    const parts = regions.map((region) => {
      const reading = readSloInRegion(counting, region, compiled, at)
      return { region: region.region, counts: reading.charged(from, at), budget: reading.compiled.budget }
    })
    return attribution(parts).map((share) => ({
      ...share,
      ofBudget: allowed > 0 ? share.counts.bad / allowed : null,
    }))
  }
  return { nowMs, now: over(at - nowMs), window: over(start) }
}
