import type { CounterExpression, Matcher, Selector } from '../model/selector.ts'
import type { DurationMs } from '../model/units.ts'
import { formatDuration } from '../time/duration.ts'
import { bucketBoundLabel } from './bucket-bound.ts'
import { printSelector } from './print-counters.ts'

/** A selector as Prometheus must be asked: `le="1"` finds the bucket that Prometheus 3 writes as 1.0, too. */
export function promqlSelector({ matchers }: Selector): string {
  return printSelector({ matchers: matchers.map(eitherSpelling) })
}

/** The increase of every series selected. */
export function increaseOf(selector: Selector, windowMs: DurationMs): string {
  return `increase(${promqlSelector(selector)}[${formatDuration(windowMs)}])`
}

/** The events that counters tell of over a window, all series together. */
export function eventsOf({ terms }: CounterExpression, windowMs: DurationMs): string {
  return terms
    .map(({ sign, selector }, index) => {
      const join = index === 0 ? (sign === 1 ? '' : '-') : sign === 1 ? ' + ' : ' - '
      return `${join}sum(${increaseOf(selector, windowMs)})`
    })
    .join('')
}

function eitherSpelling(matcher: Matcher): Matcher {
  const { label, operator, value } = matcher
  if (label !== bucketBoundLabel || !/^\d+(?:\.0)?$/.test(value)) return matcher
  const regex = `${value.replace('.0', '')}(\\.0)?`
  if (operator === '=') return { label, operator: '=~', value: regex }
  return operator === '!=' ? { label, operator: '!~', value: regex } : matcher
}
