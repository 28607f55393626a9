import { type EventCounts, noEvents } from '../model/counts.ts'
import type { CompositeIndicator } from '../model/indicator.ts'
import type { Ratio } from '../model/units.ts'
import type { CombineCounts } from './combine-regions.ts'

/** A member of a composite: its share, and the error budget it has by itself. */
export interface Member {
  readonly weight: number
  readonly budget: Ratio
}

/**
 * Makes the events of a composite SLO of those of its members, over all events of the members that had any; members
 * without events say nothing. `budget` is the composite's own.
 *
 * `weighted`: the error ratio is the weighted mean of theirs. `worst`: the burn rate is that of the member that burns
 * fastest, each measured against its own budget. `all`: an event is good only where all members are; from totals only
 * bounds of that are known (Fréchet), and the upper one, the sum of the error ratios, is taken, which never understates.
 */
export function combineMembers(
  how: CompositeIndicator['combine'],
  budget: Ratio,
  members: readonly Member[],
): CombineCounts {
  return (counts) => {
    const busy = counts.flatMap((each, index) => (each.total > 0 ? [{ ...each, ...members[index] }] : []))
    if (busy.length === 0) return noEvents
    const total = busy.reduce((sum, each) => sum + each.total, 0)
    return { bad: Math.min(1, errorRatioOf(how, budget, busy)) * total, total }
  }
}

function errorRatioOf(
  how: CompositeIndicator['combine'],
  budget: Ratio,
  busy: readonly (EventCounts & Member)[],
): Ratio {
  if (how === 'worst') return Math.max(...busy.map((each) => each.bad / each.total / each.budget)) * budget
  if (how === 'all') return busy.reduce((sum, each) => sum + each.bad / each.total, 0)
  const weights = busy.reduce((sum, { weight }) => sum + weight, 0)
  return busy.reduce((sum, each) => sum + (each.weight * each.bad) / each.total, 0) / weights
}
