import type { DurationMs, Ratio } from '../model/units.ts'

/** A part of the SLO window under one objective. */
export interface BudgetSegment {
  /** The error budget in force over it: 1 − objective. */
  readonly budget: Ratio
  /** Its events. */
  readonly total: number
  /** How long it is, without what is excluded; up to the end of the window, also where that is still to come. */
  readonly lengthMs: DurationMs
  /** For how much of it data was seen. */
  readonly seenMs: DurationMs
}

/** The bad events that the whole SLO window allows, and how many events that is reckoned from. */
export interface WholeBudget {
  readonly allowed: number
  /** Events of the whole window: those counted, and for what was not seen or is still to come the mean rate of what was. */
  readonly projectedTotal: number
}

/**
 * The error budget of a whole window of which only a part was seen: what was not seen is taken to have the traffic of what
 * was, and no failures. Without it, the first failure after a start, or of a month, would be a catastrophe.
 */
export function wholeBudget(segments: readonly BudgetSegment[]): WholeBudget {
  const seenMs = sum(segments.map((segment) => segment.seenMs))
  const total = sum(segments.map((segment) => segment.total))
  const perMs = seenMs > 0 ? total / seenMs : 0
  let allowed = 0
  let projectedTotal = 0
  for (const segment of segments) {
    const events = segment.total + perMs * Math.max(0, segment.lengthMs - segment.seenMs)
    allowed += segment.budget * events
    projectedTotal += events
  }
  return { allowed, projectedTotal }
}

/** The bad events that the objectives allow for the events counted so far. */
export function allowedSoFar(segments: readonly BudgetSegment[]): number {
  return sum(segments.map(({ budget, total }) => budget * total))
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
