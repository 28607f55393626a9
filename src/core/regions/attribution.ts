import type { EventCounts } from '../model/counts.ts'
import type { Ratio } from '../model/units.ts'

/** Who spends the budget: one region's part in what all regions together failed. */
export interface RegionShare {
  readonly region: string
  readonly counts: EventCounts
  /** Its share of all failures; null where nothing failed. The shares of all regions add up to 1. */
  readonly ofFailures: Ratio | null
  /** Its share of all events; null without any. */
  readonly ofEvents: Ratio | null
  /** Its failures beyond what the objective allows its own events, as a share of that excess over all; null where none is. */
  readonly ofExcess: Ratio | null
}

/**
 * Attributes failures to regions. The number of failures is additive, so a region's own number is its Shapley value; the
 * excess says who is above the objective, which a large region that fails within its means is not.
 */
export function attribution(
  regions: readonly { readonly region: string; readonly counts: EventCounts; readonly budget: Ratio }[],
): readonly RegionShare[] {
  const excesses = regions.map(({ counts, budget }) => Math.max(0, counts.bad - budget * counts.total))
  const bad = sum(regions.map(({ counts }) => counts.bad))
  const total = sum(regions.map(({ counts }) => counts.total))
  const excess = sum(excesses)
  return regions.map(({ region, counts }, index) => ({
    region,
    counts,
    ofFailures: bad > 0 ? counts.bad / bad : null,
    ofEvents: total > 0 ? counts.total / total : null,
    ofExcess: excess > 0 ? excesses[index] / excess : null,
  }))
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
