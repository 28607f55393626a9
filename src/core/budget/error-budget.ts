import type { EventCounts } from '../model/counts.ts'
import type { BurnRate, DurationMs, Ratio } from '../model/units.ts'

/** The state of an error budget over the SLO window; null where there were no events to judge by. */
export interface BudgetState {
  /** Good ÷ total. */
  readonly sli: Ratio | null
  /** Share of the budget spent; above 1 when overspent. */
  readonly consumed: Ratio | null
  /** 1 − consumed: negative when overspent, never clamped, because how far it is overspent matters. */
  readonly remaining: Ratio | null
}

/**
 * The state of a budget that allows so many bad events: consumed is bad ÷ allowed. Under one objective that is error budget × total; where
 * the objective changed within the window, or a part of it was not seen, whoever asks adds up what is allowed.
 */
export function budgetState({ bad, total }: EventCounts, allowed: number): BudgetState {
  if (total <= 0) return { sli: null, consumed: null, remaining: null }
  const consumed = bad / allowed
  return { sli: (total - bad) / total, consumed, remaining: 1 - consumed }
}

/**
 * How long the rest of the budget lasts at a constant burn rate: remaining × window ÷ burn rate. null where that is
 * no answer: nothing known, nothing burning, or nothing left.
 */
export function timeToExhaustionMs(
  remaining: Ratio | null,
  burn: BurnRate | null,
  windowMs: DurationMs,
): DurationMs | null {
  if (remaining === null || burn === null || burn <= 0 || remaining <= 0) return null
  return (remaining * windowMs) / burn
}
