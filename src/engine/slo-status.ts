import { burnRate, errorRatio } from '../core/budget/burn-rate.ts'
import { budgetState } from '../core/budget/error-budget.ts'
import type { EventCounts } from '../core/model/counts.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import type { AlertStatus, BurnRateStatus, ScopeStatus, SloStatus } from '../ports/status-view.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Engine } from './engine.ts'
import { readSloGlobally, readSloInRegion, regionsOf, type ScopeReading, scopesOf } from './read-scope.ts'

/** Every SLO with its scopes as of their last evaluation; the data states are as of `now`, since data may have stopped. */
export function sloStatuses(engine: Engine, now: EpochMs): readonly SloStatus[] {
  return [...engine.counting.slos.values()]
    .map((compiled) => sloStatus(engine, compiled, now))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function sloStatus(engine: Engine, compiled: CompiledSlo, now: EpochMs): SloStatus {
  const { slo, objective, windowMs, rules } = compiled
  return {
    name: slo.name,
    service: slo.service,
    description: slo.description,
    labels: Object.fromEntries(slo.labels),
    runbook: slo.runbook ?? null,
    dashboard: slo.dashboard ?? null,
    objective,
    window: formatDuration(windowMs),
    rules: rules.map(({ severity, longMs, shortMs, burnRate: threshold }) => ({
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
  const { state } = read(engine, compiled, scope, now)
  const alerts = alertsOf(engine, compiled, scope)
  if (at === undefined) return { ...unevaluated, scope, state, alerts }
  const reading = read(engine, compiled, scope, at)
  const counts = reading.counts(compiled.windowMs)
  return {
    scope,
    state,
    counts,
    countedSinceStart: countsEver(engine, compiled, scope),
    ...budgetState(counts, compiled.budget),
    coverage: reading.coverage(compiled.windowMs),
    at,
    burnRates: burnRates(reading),
    alerts,
  }
}

const unevaluated = {
  counts: null,
  countedSinceStart: null,
  sli: null,
  consumed: null,
  remaining: null,
  coverage: null,
  at: null,
  burnRates: [],
} as const

function read({ counting }: Engine, compiled: CompiledSlo, scope: string, at: EpochMs): ScopeReading {
  if (scope === globalScope) return readSloGlobally(counting, compiled, at)
  return readSloInRegion(counting.region(scope), compiled, at)
}

function burnRates(reading: ScopeReading): BurnRateStatus[] {
  return reading.compiled.alertWindows.map((windowMs) => {
    const counts = reading.counts(windowMs)
    const burn = burnRate(counts, reading.compiled.budget)
    return { windowMs, ...counts, burnRate: burn, errorRatio: errorRatio(counts) }
  })
}

function alertsOf({ alerts }: Engine, { slo, severities }: CompiledSlo, scope: string): AlertStatus[] {
  return severities.map((severity) => ({ severity, state: alerts.stateOf({ slo: slo.name, scope, severity }) }))
}

function countsEver({ counting }: Engine, compiled: CompiledSlo, scope: string): EventCounts {
  let bad = 0
  let total = 0
  for (const region of regionsOf(counting, compiled)) {
    const slo = region.slos.get(compiled.slo.name)
    if (slo === undefined || (scope !== globalScope && region.region !== scope)) continue
    const counts = region.countsEver(slo)
    bad += counts.bad
    total += counts.total
  }
  return { bad, total }
}
