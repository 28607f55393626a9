import type { EventCounts } from '../model/counts.ts'
import type { CombineCounts } from './combine-regions.ts'

/** Between what the events of a window lie while a part of it cannot be seen; both are the same where all of it was. */
export interface CountBounds {
  /** All that was not seen was good. */
  readonly best: EventCounts
  /** All that was not seen was bad. */
  readonly worst: EventCounts
}

/**
 * The bounds of counts beside which a number of events was not seen: bad ÷ total lies in [X/(N+m), (X+m)/(N+m)], whatever
 * those m events were.
 */
export function boundsOf(seen: EventCounts, unseen: number): CountBounds {
  if (!(unseen > 0)) return { best: seen, worst: seen }
  const total = seen.total + unseen
  return { best: { bad: seen.bad, total }, worst: { bad: seen.bad + unseen, total } }
}

/** The bounds of a scope from those of its parts: every way to combine them grows with each part's bad events. */
export function combineBounds(combine: CombineCounts, parts: readonly CountBounds[]): CountBounds {
  return { best: combine(parts.map(({ best }) => best)), worst: combine(parts.map(({ worst }) => worst)) }
}
