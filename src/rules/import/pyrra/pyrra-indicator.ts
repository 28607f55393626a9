import type { CounterExpression } from '../../../core/model/selector.ts'
import { printCounters } from '../../../core/sli/print-counters.ts'
import { streamingCounters } from '../../promql/streaming-counters.ts'
import { type Carried, carried, carriedMapping } from '../carried.ts'
import { nameOf } from '../check-constructs.ts'
import type { CountedPair } from '../count-pair.ts'
import { eventsIndicator } from '../events-indicator.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { placeIn, type QueryText, queryText, reportPromql } from '../query-text.ts'

/** The indicator of a Pyrra SLO; undefined when it cannot be carried over, which is then an error. */
export function pyrraIndicator(indicator: ForeignValue, notes: ImportNotes): Carried | undefined {
  const kinds = indicator.entries().filter(([key, { value }]) => readers.has(key) && value !== undefined)
  if (kinds.length !== 1) {
    const known = [...readers.keys()].join(', ')
    notes.refuse('RULE_INDICATOR', indicator, `an indicator is exactly one of ${known}, and this has ${kinds.length}`)
    return undefined
  }
  const [[kind, value]] = kinds
  return readers.get(kind)?.(value, indicator, notes)
}

/** The labels that an indicator is grouped by. */
export function pyrraGrouping(indicator: ForeignValue): { labels: readonly string[]; from: ForeignValue } {
  const grouped = indicator
    .entries()
    .map(([, value]) => value.at('grouping'))
    .find(({ value }) => value !== undefined)
  const from = grouped ?? indicator
  return { labels: from.items().flatMap(({ text }) => text ?? []), from }
}

type ReadIndicator = (value: ForeignValue, indicator: ForeignValue, notes: ImportNotes) => Carried | undefined

const readers: ReadonlyMap<string, ReadIndicator> = new Map([
  ['ratio', readRatio],
  ['latency', readLatency],
  ['latencyNative', readLatencyNative],
  ['bool_gauge', readBoolGauge],
])

interface Metric {
  readonly query: QueryText
  readonly counters: CounterExpression
}

function readRatio(value: ForeignValue, indicator: ForeignValue, notes: ImportNotes): Carried | undefined {
  const [errors, success, total] = ['errors', 'success', 'total'].map((key) => value.at(key, 'metric'))
  const given = [errors, success, total].filter((metric) => metric.value !== undefined)
  if (given.length !== 2) {
    const message = `a ratio has two of errors, success and total, and this has ${given.length}`
    notes.refuse('RULE_INDICATOR', value, message)
    return undefined
  }
  const isBad = errors.value !== undefined
  const part = readMetric(isBad ? errors : success, notes)
  const rest = readMetric(total.value === undefined ? success : total, notes)
  if (part === undefined || rest === undefined) return undefined
  const all = total.value === undefined ? { terms: [...part.counters.terms, ...rest.counters.terms] } : rest.counters
  return eventsIndicator(pairOf(isBad ? 'bad' : 'good', part, { ...rest, counters: all }), indicator).indicator
}

function readLatency(value: ForeignValue, indicator: ForeignValue, notes: ImportNotes): Carried | undefined {
  const success = readMetric(value.at('success', 'metric'), notes)
  const total = readMetric(value.at('total', 'metric'), notes)
  if (success === undefined || total === undefined) return undefined
  return eventsIndicator(pairOf('good', success, total), indicator).indicator
}

function pairOf(given: 'bad' | 'good', part: Metric, total: Metric): CountedPair {
  const queries = { given, part: part.query, total: total.query }
  return { kind: 'counted', given, part: part.counters, total: total.counters, groupBy: [], queries }
}

function readLatencyNative(value: ForeignValue, indicator: ForeignValue, notes: ImportNotes): Carried | undefined {
  const total = readMetric(value.at('total', 'metric'), notes)
  const below = value.at('latency')
  if (total === undefined) return undefined
  const histogram = printCounters(total.counters)
  return carriedMapping(indicator, {
    latency: carriedMapping(value, {
      histogram: carried(histogram, total.query.from),
      below: carried(below.text ?? '', below),
    }),
  })
}

/** Pyrra averages all samples of all series. By time that is the same for one series; a group is taken to have one. */
function readBoolGauge(value: ForeignValue, indicator: ForeignValue, notes: ImportNotes): Carried | undefined {
  const metric = readMetric(value.at('metric'), notes)
  if (metric === undefined) return undefined
  const { from } = metric.query
  const selector = printCounters(metric.counters)
  if (value.at('grouping').items().length === 0) return readAverage(selector, from, indicator, notes)
  const message = `${nameOf(value)} is counted by time: a group is good while every series in it is 1`
  const hint = 'where a group has several series, group by the labels that tell them apart'
  notes.warn('IMPORT_CHANGED', value, message, hint)
  const threshold = { metric: selector, good: 'value >= 1', combine: 'min' }
  const entries = Object.entries(threshold).map(([key, text]) => [key, carried(text, from)] as const)
  return carriedMapping(indicator, { threshold: carriedMapping(value, Object.fromEntries(entries)) })
}

function readAverage(selector: string, from: ForeignValue, indicator: ForeignValue, notes: ImportNotes): Carried {
  const message = `this is asked of each region's Prometheus as a query, and not counted as it comes: it is the average of all series, however many there are`
  notes.warn('IMPORT_QUERY', from, message, 'a grouping by the labels that tell the series apart is counted')
  const query = {
    good: carried(`sum(sum_over_time(${selector}[$window]))`, from),
    total: carried(`sum(count_over_time(${selector}[$window]))`, from),
  }
  return carriedMapping(indicator, { query: carriedMapping(from, query) })
}

/** The counter that a metric names; Pyrra knows plain selectors only. */
function readMetric(metric: ForeignValue, notes: ImportNotes): Metric | undefined {
  const query = queryText(metric)
  if (query === undefined) return undefined
  const result = streamingCounters(query.text, { bareSelectors: true })
  if (result.kind === 'failed') {
    reportPromql(query, result, notes)
    return undefined
  }
  const isSelector = result.kind === 'counters' && result.measure === 'total' && result.counters.terms.length === 1
  if (isSelector && result.scale === 1) return { query, counters: result.counters }
  const reason = result.kind === 'query' ? result.reason : 'it is more than one selector'
  const offset = result.kind === 'query' ? result.offset : 0
  notes.refuse('IMPORT_REFUSED', placeIn(query, offset), `a metric of Pyrra is one selector: ${reason}`)
  return undefined
}
