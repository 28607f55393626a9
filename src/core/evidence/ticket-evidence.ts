import type { EventCounts } from '../model/counts.ts'
import type { Ratio } from '../model/units.ts'

/**
 * How much likelier the events of a window are at the error ratio seen than at the error budget, in natural logarithms:
 * n · KL(x ÷ n ‖ budget), the generalised likelihood ratio of a Bernoulli sample. 0 at or below the budget.
 */
export function excessEvidence({ bad, total }: EventCounts, budget: Ratio): number {
  if (total <= 0) return 0
  const ratio = Math.min(1, bad / total)
  if (ratio <= budget) return 0
  const good = ratio >= 1 ? 0 : (1 - ratio) * Math.log((1 - ratio) / (1 - budget))
  return total * (ratio * Math.log(ratio / budget) + good)
}
