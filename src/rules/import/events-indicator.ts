import { ratioIndicator } from '../../core/model/ratio-indicator.ts'
import type { CounterExpression, CounterTerm, Matcher } from '../../core/model/selector.ts'
import { bucketBound, bucketBoundLabel, formatBucketBound } from '../../core/sli/bucket-bound.ts'
import { printSelector } from '../../core/sli/print-counters.ts'
import { indicatorKinds } from '../indicators/all-kinds.ts'
import { type Carried, carried, carriedMapping } from './carried.ts'
import { askedEvents, type CountedPair } from './count-pair.ts'
import { askedErrorRatio, type EventSource } from './error-ratio.ts'
import type { ForeignValue } from './foreign-value.ts'

/** An indicator, and the labels that it is grouped by. */
export interface ImportedIndicator {
  readonly indicator: Carried
  readonly groupBy: readonly string[]
}

/** The indicator of good or bad events among all events: of counters where they can be counted, else of queries. */
export function eventsIndicator(source: EventSource, from: ForeignValue): ImportedIndicator {
  if (source.kind === 'counted') return { indicator: countedIndicator(source, from), groupBy: source.groupBy }
  return { indicator: carriedMapping(from, { query: queryOf(source) }), groupBy: [] }
}

function queryOf(source: Exclude<EventSource, CountedPair>): Carried {
  if (source.kind === 'share') {
    const { from } = source.query
    return carriedMapping(from, { errorRatio: carried(askedErrorRatio(source), from) })
  }
  const { given, part, total } = source.queries
  return carriedMapping(part.from, {
    [given]: carried(askedEvents(part), part.from),
    total: carried(askedEvents(total), total.from),
  })
}

/** A ratio, or a latency where the counters are the buckets of one histogram. */
function countedIndicator({ given, part, total, queries }: CountedPair, from: ForeignValue): Carried {
  const good = given === 'good' ? part : remainder(part, total)
  const counters = good === undefined ? { bad: part, total } : { good, total }
  const latency = good === undefined ? undefined : ratioIndicator({ good: withPlainBound(good), total })
  for (const [kind, indicator] of [
    ['latency', latency],
    ['ratio', ratioIndicator(counters)],
  ] as const) {
    const printed = indicator === undefined ? undefined : indicatorKinds[kind].print(indicator)
    if (printed === undefined) continue
    const entries = Object.entries(printed).map(([key, text]) => {
      return [key, carried(String(text), (key === 'total' ? queries.total : queries.part).from)] as const
    })
    return carriedMapping(from, { [kind]: carriedMapping(queries.part.from, Object.fromEntries(entries)) })
  }
  throw new Error('counters that no ratio says')
}

/** The order of matchers means nothing, nor whether a bound is 5 or 5.0, but a latency is recognised by them. */
function withPlainBound({ terms }: CounterExpression): CounterExpression {
  return {
    terms: terms.map(({ sign, selector: { matchers } }) => {
      const bounds = matchers.filter(isBound).map((matcher) => ({ ...matcher, value: plainBound(matcher.value) }))
      return { sign, selector: { matchers: [...matchers.filter((matcher) => !isBound(matcher)), ...bounds] } }
    }),
  }
}

function isBound({ label, operator }: Matcher): boolean {
  return label === bucketBoundLabel && operator === '='
}

function plainBound(text: string): string {
  const bound = bucketBound(text)
  return bound === undefined ? text : formatBucketBound(bound)
}

/** What is left of all events when bad is `all - good`: good. */
function remainder(bad: CounterExpression, total: CounterExpression): CounterExpression | undefined {
  const added = bad.terms.filter(({ sign }) => sign === 1).map(termText)
  const subtracted = bad.terms.filter(({ sign }) => sign === -1)
  if (subtracted.length === 0 || added.length !== total.terms.length) return undefined
  const isWhole = total.terms.every((term) => term.sign === 1 && added.includes(termText(term)))
  return isWhole ? { terms: subtracted.map(({ selector }) => ({ sign: 1, selector })) } : undefined
}

function termText({ selector }: CounterTerm): string {
  return printSelector(selector)
}
