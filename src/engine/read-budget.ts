import { errorBudget } from '../core/budget/burn-rate.ts'
import { type BudgetState, budgetStateOf } from '../core/budget/error-budget.ts'
import type { EventCounts } from '../core/model/counts.ts'
import { toNumber } from '../core/model/rational.ts'
import type { DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import type { ScopeReading } from './read-scope.ts'

/** The error budget of an SLO in a scope, over its SLO window. */
export interface BudgetReading extends BudgetState {
  readonly counts: EventCounts
  /** The share of the window so far for which data was seen. */
  readonly coverage: Ratio
  /** Length of the whole window. */
  readonly lengthMs: DurationMs
}

export function readBudget(reading: ScopeReading): BudgetReading {
  const { compiled, at } = reading
  const { start, lengthMs } = compiled.window.periodAt(at)
  const counts = reading.between(start, at)
  const coverage = at > start ? reading.coverage(at - start) : 0
  return { counts, coverage, lengthMs, ...budgetStateOf(counts, allowedBad(reading, start)) }
}

/** The bad events that the objectives in force over the window allow: each for the events of its time. */
function allowedBad({ compiled, at, between }: ScopeReading, start: EpochMs): number {
  let allowed = 0
  let from = start
  for (const { objective, until } of compiled.slo.pastObjectives) {
    if (until <= from) continue
    const to = Math.min(until, at)
    allowed += toNumber(errorBudget(objective)) * between(from, to).total
    from = to
    if (from >= at) return allowed
  }
  return allowed + compiled.budget * between(from, at).total
}
