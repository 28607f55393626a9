import type { EventCounts } from '../model/counts.ts'
import type { EventsIndicator } from '../model/indicator.ts'
import { lowerNumber } from './lower-formula.ts'

/** Events of one window from the sums of an indicator's signals over it, in the order of `indicator.signals`. */
export type EventsFunction = (sums: ArrayLike<number>) => EventCounts

/**
 * Makes an indicator ready for the tick. Counters that contradict each other cannot make less than no bad events, nor
 * more bad events than events.
 */
export function lowerEvents(indicator: Pick<EventsIndicator, 'bad' | 'total'>): EventsFunction {
  const badOf = lowerNumber(indicator.bad)
  const totalOf = lowerNumber(indicator.total)
  return (sums) => {
    const total = atLeastZero(totalOf(sums))
    return { bad: Math.min(atLeastZero(badOf(sums)), total), total }
  }
}

/** Also turns -0 and NaN into 0. */
function atLeastZero(value: number): number {
  return value > 0 ? value : 0
}
