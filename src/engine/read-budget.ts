import { errorBudget } from '../core/budget/burn-rate.ts'
import { type BudgetState, budgetState } from '../core/budget/error-budget.ts'
import { allowedSoFar, type BudgetSegment, wholeBudget } from '../core/budget/projected-budget.ts'
import type { EventCounts } from '../core/model/counts.ts'
import { toNumber } from '../core/model/rational.ts'
import type { DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import type { ScopeReading } from './read-scope.ts'

/** The error budget of an SLO in a scope over its SLO window: what the events counted in it allow. */
export interface BudgetReading extends BudgetState {
  /** The same of the whole window, also where only a part of it was seen or is over. */
  readonly projected: BudgetState
  /** The events that count. */
  readonly counts: EventCounts
  /** Those that do not, because they are excluded. */
  readonly excluded: EventCounts
  /** The share of the window so far for which data was seen. */
  readonly coverage: Ratio
  readonly start: EpochMs
  /** Length of the whole window. */
  readonly lengthMs: DurationMs
  /** The bad events that the whole window allows. */
  readonly allowed: number
  /** The events of the whole window that they are reckoned from. */
  readonly projectedTotal: number
  /** What of the window counts and was seen, by the objectives in force. */
  readonly segments: readonly BudgetSegment[]
}

/** Reads the budget, by the events so far and projected to the whole window. */
export function readBudget(reading: ScopeReading): BudgetReading {
  const { compiled, at } = reading
  const { start, lengthMs } = compiled.window.periodAt(at)
  const counts = reading.charged(start, at)
  // Of the worst region it is the same one under each objective, or its parts would not add up to it.
  const counted = reading.worstPart?.(start, at) ?? reading
  const segments = segmentsOf({ ...counted, compiled }, start, start + lengthMs)
  const whole = wholeBudget(segments)
  return {
    counts,
    excluded: reading.excluded(start, at),
    coverage: at > start ? reading.coverage(at - start) : 0,
    start,
    lengthMs,
    ...whole,
    segments,
    ...budgetState(counts, allowedSoFar(segments)),
    projected: budgetState(counts, whole.allowed),
  }
}

/** The parts of the window under one objective each: past budgets keep the target of their time. */
function segmentsOf(reading: ScopeReading, start: EpochMs, end: EpochMs): readonly BudgetSegment[] {
  const { compiled } = reading
  const segments: BudgetSegment[] = []
  let from = start
  for (const { objective, until } of compiled.slo.pastObjectives) {
    if (until <= from || from >= end) continue
    const to = Math.min(until, end)
    segments.push(segment(reading, toNumber(errorBudget(objective)), from, to))
    from = to
  }
  if (from < end) segments.push(segment(reading, compiled.budget, from, end))
  return segments
}

function segment(reading: ScopeReading, budget: Ratio, from: EpochMs, to: EpochMs): BudgetSegment {
  const until = Math.max(from, Math.min(to, reading.at))
  return {
    budget,
    total: reading.charged(from, until).total,
    lengthMs: reading.countedMs(from, to),
    seenMs: reading.seenMs(from, until),
  }
}
