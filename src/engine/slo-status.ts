import { burnRate, errorRatio } from '../core/budget/burn-rate.ts'
import type { EventCounts } from '../core/model/counts.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import { missingBucketText } from '../core/sli/bucket-bound.ts'
import { countUnit } from '../core/sli/count-unit.ts'
import type { AlertStatus, BurnRateStatus, ScopeStatus, SloStatus } from '../ports/slo-status.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Engine } from './engine.ts'
import { readBudget } from './read-budget.ts'
import { readScope, regionsOf, type ScopeReading, scopesOf } from './read-scope.ts'
import { scopeDetail } from './slo-detail.ts'

/** Every SLO with its scopes as of their last evaluation; the data states are as of `now`, since data may have stopped. */
export function sloStatuses(engine: Engine, now: EpochMs): readonly SloStatus[] {
  return [...engine.counting.slos.values()]
    .map((compiled) => sloStatus(engine, compiled.inForceAt(now), now))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** One SLO with all that its figures are made of; undefined where there is none of that id. */
export function sloStatusInDetail(engine: Engine, id: string, now: EpochMs): SloStatus | undefined {
  const compiled = engine.counting.slos.get(id)
  if (compiled === undefined) return undefined
  engine.errors.look(compiled, now)
  const status = sloStatus(engine, compiled.inForceAt(now), now)
  return { ...status, scopes: status.scopes.map((scope) => inDetail(engine, compiled, scope, now)) }
}

function inDetail(engine: Engine, compiled: CompiledSlo, scope: ScopeStatus, now: EpochMs): ScopeStatus {
  if (scope.at === null) return scope
  return { ...scope, detail: scopeDetail(engine, readScope(engine.counting, compiled, scope.scope, scope.at), now) }
}

function sloStatus(engine: Engine, compiled: CompiledSlo, now: EpochMs): SloStatus {
  const { slo, id, objective, window } = compiled
  return {
    name: id,
    group: Object.fromEntries(slo.group),
    service: slo.service,
    description: slo.description,
    labels: Object.fromEntries(slo.labels),
    runbook: slo.runbook ?? null,
    dashboard: slo.dashboard ?? null,
    objective,
    window: window.text,
    ...countUnit(slo.indicator),
    rules: compiled.rulesAt(now).map(({ severity, longMs, shortMs, burnRate: threshold }) => ({
      severity,
      longMs,
      shortMs,
      burnRate: threshold,
    })),
    scopes: scopesOf(engine.counting, compiled).map((scope) => scopeStatus(engine, compiled, scope, now)),
  }
}

function scopeStatus(engine: Engine, compiled: CompiledSlo, scope: string, now: EpochMs): ScopeStatus {
  const at = engine.evaluatedAt(scope)
  const state = readScope(engine.counting, compiled, scope, now).state()
  const alerts = alertsOf(engine, compiled, scope)
  const problem = problemOf(engine, compiled, scope)
  if (at === undefined) return { ...unevaluated, scope, state, problem, alerts }
  const reading = readScope(engine.counting, compiled, scope, at)
  const { counts, sli, consumed, remaining, projected, coverage } = readBudget(reading)
  return {
    scope,
    state,
    problem,
    counts,
    countedSinceStart: countsEver(engine, compiled, scope),
    sli,
    consumed,
    remaining,
    projected: { consumed: projected.consumed, remaining: projected.remaining },
    coverage,
    at,
    burnRates: burnRates(reading),
    alerts,
  }
}

/** Why an SLO is held as unknown in a region, or in some of them. */
function problemOf({ counting }: Engine, compiled: CompiledSlo, scope: string): string | null {
  const regions = regionsOf(counting, compiled).filter(({ region }) => scope === globalScope || region === scope)
  const missing = regions.flatMap(({ region }) => counting.buckets.heldIn(compiled.slo.name, region))
  return missing.length === 0 ? null : [...new Set(missing.map(missingBucketText))].join('; ')
}

const unevaluated = {
  counts: null,
  countedSinceStart: null,
  sli: null,
  consumed: null,
  remaining: null,
  projected: null,
  coverage: null,
  at: null,
  burnRates: [],
} as const

function burnRates(reading: ScopeReading): BurnRateStatus[] {
  return reading.compiled.alertWindows.map((windowMs) => {
    const counts = reading.counts(windowMs)
    const burn = burnRate(counts, reading.compiled.budget)
    return { windowMs, ...counts, burnRate: burn, errorRatio: errorRatio(counts) }
  })
}

function alertsOf({ alerts }: Engine, { id, severities }: CompiledSlo, scope: string): AlertStatus[] {
  return severities.map((severity) => ({ severity, state: alerts.stateOf({ slo: id, scope, severity }) }))
}

function countsEver({ counting }: Engine, compiled: CompiledSlo, scope: string): EventCounts {
  let bad = 0
  let total = 0
  for (const region of regionsOf(counting, compiled)) {
    const slo = region.slos.get(compiled.id)
    if (slo === undefined || (scope !== globalScope && region.region !== scope)) continue
    if (region.isUnknown(compiled.slo.name)) continue
    const counts = region.countsEver(slo)
    bad += counts.bad
    total += counts.total
  }
  return { bad, total }
}
