import type { EventsIndicator } from '../../core/model/indicator.ts'
import { type RatioCounters, ratioIndicator } from '../../core/model/ratio-indicator.ts'
import { printCounters } from '../../core/sli/print-counters.ts'
import { readCounters } from '../read-counters.ts'
import { countersSchema } from '../schema/scalar-schemas.ts'
import type { IndicatorKind } from './indicator-kind.ts'

/** Bad or good events among all events. */
export const ratio: IndicatorKind = {
  schema: {
    description:
      'Bad (or good) events among all events. Counters are PromQL selectors without a range, joined by + and -; a counter that does not exist yet counts as 0.',
    type: 'object',
    properties: {
      bad: { description: 'Counts the failures.', ...countersSchema },
      good: { description: 'Counts the successes; everything else is bad.', ...countersSchema },
      total: { description: 'Counts all events.', ...countersSchema },
    },
    required: ['total'],
    oneOf: [{ required: ['bad'] }, { required: ['good'] }],
    additionalProperties: false,
    errorMessage: 'a ratio has exactly one of "bad" and "good" beside "total"',
    'x-code': 'RULE_INDICATOR',
    examples: [{ bad: 'http_requests_total{job="a",code=~"5.."}', total: 'http_requests_total{job="a"}' }],
  },
  read(reading, path) {
    const given = reading.document.at([...path, 'good']) === undefined ? 'bad' : 'good'
    const counted = readCounters(reading, [...path, given])
    const total = readCounters(reading, [...path, 'total'])
    if (counted === undefined || total === undefined) return undefined
    return ratioIndicator(given === 'bad' ? { bad: counted, total } : { good: counted, total })
  },
  print(indicator) {
    const counters = indicator.kind === 'events' ? ratioCounters(indicator) : undefined
    if (counters === undefined) return undefined
    return Object.fromEntries(Object.entries(counters).map(([name, expression]) => [name, printCounters(expression)]))
  },
}

/** The counters of an indicator that is a ratio; undefined when it is another arithmetic. */
export function ratioCounters({ signals, bad, total }: EventsIndicator): RatioCounters | undefined {
  const [first, second] = signals
  if (signals.length !== 2 || second.name !== 'total' || total.kind !== 'signal' || total.signal !== 1) return undefined
  if (first.name === 'bad' && bad.kind === 'signal' && bad.signal === 0) {
    return { bad: first.counters, total: second.counters }
  }
  if (first.name !== 'good' || bad.kind !== 'binary' || bad.operator !== '-') return undefined
  const { left, right } = bad
  const isRest = left.kind === 'signal' && left.signal === 1 && right.kind === 'signal' && right.signal === 0
  return isRest ? { good: first.counters, total: second.counters } : undefined
}
