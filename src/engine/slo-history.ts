import { burnRate } from '../core/budget/burn-rate.ts'
import type { EventCounts } from '../core/model/counts.ts'
import { globalScope } from '../core/model/slo.ts'
import { type DurationMs, dayMs, type EpochMs } from '../core/model/units.ts'
import type { HistoryPoint, HistoryQuery, SloHistory, TrendDay } from '../ports/history-view.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Engine } from './engine.ts'
import { readBudget } from './read-budget.ts'
import { readScope, regionsOf, type ScopeReading, scopesOf, subjectOf } from './read-scope.ts'

/** How one SLO stood in a scope over time, read from the counts that are kept; undefined where there is nothing to read. */
export function sloHistory(engine: Engine, query: HistoryQuery): SloHistory | undefined {
  const { slo, scope, points } = query
  const compiled = engine.counting.slos.get(slo)
  const end = engine.evaluatedAt(scope)
  if (compiled === undefined || end === undefined || !scopesOf(engine.counting, compiled).includes(scope))
    return undefined
  const { stepMs: baseMs } = engine.counting
  const { start } = compiled.window.periodAt(end)
  const lengthMs = Math.max(baseMs, query.lengthMs ?? end - start)
  // Whole steps of evaluation, so that the same moments are asked for again and lines do not tremble.
  const stepMs = Math.max(1, Math.ceil(lengthMs / points / baseMs)) * baseMs
  const last = Math.floor(end / stepMs) * stepMs
  const count = Math.max(1, Math.min(points, Math.ceil(lengthMs / stepMs)))
  const moments = Array.from({ length: count }, (_, index) => last - (count - 1 - index) * stepMs)
  if (last < end) moments.push(end)
  return {
    scope,
    objective: readScope(engine.counting, compiled, scope, end).compiled.objective,
    stepMs,
    windowsMs: compiled.alertWindows,
    points: moments.map((at, index) => {
      return pointAt(engine, readScope(engine.counting, compiled, scope, at), moments[index - 1] ?? at - stepMs)
    }),
  }
}

/** How much each of the last days burned, over all regions; undefined before the first evaluation. */
export function sloTrend(engine: Engine, slo: string, days: number): readonly TrendDay[] | undefined {
  const compiled = engine.counting.slos.get(slo)
  const scope = compiled === undefined ? undefined : headScope(engine, compiled)
  const end = scope === undefined ? undefined : engine.evaluatedAt(scope)
  if (compiled === undefined || scope === undefined || end === undefined) return undefined
  const today = Math.floor(end / dayMs) * dayMs
  const reading = readScope(engine.counting, compiled, scope, end)
  return Array.from({ length: days }, (_, index) => {
    const from = today - (days - 1 - index) * dayMs
    const to = Math.min(end, from + dayMs)
    const { budget } = readScope(engine.counting, compiled, scope, to).compiled
    return { from, burnRate: reading.seenMs(from, to) > 0 ? burnRate(reading.between(from, to), budget) : null }
  })
}

function headScope({ counting }: Engine, compiled: CompiledSlo): string | undefined {
  const scopes = scopesOf(counting, compiled)
  return scopes.includes(globalScope) ? globalScope : scopes[0]
}

function pointAt(engine: Engine, reading: ScopeReading, from: EpochMs): HistoryPoint {
  const { at, compiled } = reading
  const seen = Math.min(1, reading.seenMs(from, at) / (at - from))
  const { sli, projected } = readBudget(reading)
  const events: EventCounts | undefined = seen > 0 ? reading.between(from, at) : undefined
  return {
    at,
    seen,
    bad: events?.bad ?? null,
    total: events?.total ?? null,
    sli,
    remaining: projected.remaining,
    burnRates: compiled.alertWindows.map((windowMs) => burnRate(eventsIn(engine, reading, windowMs), compiled.budget)),
  }
}

/**
 * The events of an alert window. Those of a moment that is past are read by themselves: sums over windows are made for all SLOs
 * at once, which pays for the moment that is evaluated and costs seconds for a hundred others.
 */
function eventsIn({ counting }: Engine, reading: ScopeReading, windowMs: DurationMs): EventCounts {
  const { at, compiled } = reading
  const scopes = [globalScope, ...regionsOf(counting, compiled).map(({ region }) => region)]
  const subjects = scopes.map((scope) => subjectOf(compiled, scope))
  const isCut = subjects.some((subject) => counting.exclusions.alertSpans([subject], at - windowMs, at).length > 0)
  return isCut ? reading.counts(windowMs) : reading.between(at - windowMs, at)
}
