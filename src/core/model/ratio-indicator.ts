import type { EventsIndicator } from './indicator.ts'
import type { CounterExpression } from './selector.ts'

/** The counters of a ratio: all events, and either the bad or the good ones among them. */
export type RatioCounters =
  | { readonly bad: CounterExpression; readonly total: CounterExpression }
  | { readonly good: CounterExpression; readonly total: CounterExpression }

/** The indicator that a ratio is: what is not good is bad. */
export function ratioIndicator(ratio: RatioCounters): EventsIndicator {
  const total = { name: 'total', counters: ratio.total }
  const first = { kind: 'signal', signal: 0 } as const
  const second = { kind: 'signal', signal: 1 } as const
  if ('bad' in ratio) {
    return { kind: 'events', signals: [{ name: 'bad', counters: ratio.bad }, total], bad: first, total: second }
  }
  const bad = { kind: 'binary', operator: '-', left: second, right: first } as const
  return { kind: 'events', signals: [{ name: 'good', counters: ratio.good }, total], bad, total: second }
}
