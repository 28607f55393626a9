import type { Rational } from '../../../core/model/rational.ts'
import { minuteMs } from '../../../core/model/units.ts'
import { printCounters } from '../../../core/sli/print-counters.ts'
import { parseDuration } from '../../../core/time/duration.ts'
import { type Carried, carried, carriedMapping, carriedWhole } from '../carried.ts'
import type { CountedPair } from '../count-pair.ts'
import type { EventSource } from '../error-ratio.ts'
import type { ImportedIndicator } from '../events-indicator.ts'
import type { ForeignValue } from '../foreign-value.ts'
import { complementText, decimalText } from '../native-numbers.ts'
import { enclosed, type QueryText, withWindow } from '../query-text.ts'

/** How time is cut; a target is the good share from which on a slice is good, without one it counts with its share. */
export interface Slicing {
  /** A Prometheus duration. */
  readonly slice: string
  readonly target: Rational | undefined
  readonly from: ForeignValue
}

/** The indicator of slices of time: of counters where they can be counted, else of subqueries over moments. */
export function slicedIndicator(source: EventSource, slicing: Slicing, from: ForeignValue): ImportedIndicator {
  if (source.kind === 'counted') {
    return { indicator: carriedMapping(from, { timeSlices: countedSlices(source, slicing) }), groupBy: source.groupBy }
  }
  const { good, total } = askedSlices(source, slicing)
  const query = { good: carried(good, slicing.from), total: carried(total, slicing.from) }
  return { indicator: carriedMapping(from, { query: carriedMapping(slicing.from, query) }), groupBy: [] }
}

function countedSlices({ given, part, total, queries }: CountedPair, { slice, target, from }: Slicing): Carried {
  const signals = carriedMapping(queries.part.from, {
    [given]: carried(printCounters(part), queries.part.from),
    total: carried(printCounters(total), queries.total.from),
  })
  return carriedMapping(from, {
    slice: carried(slice, from),
    good: carried(goodFormula(given, target), from),
    signals,
    method: target === undefined ? carriedWhole('ratio', from) : undefined,
  })
}

function goodFormula(given: 'bad' | 'good', target: Rational | undefined): string {
  if (target === undefined) return given === 'good' ? 'good / total' : '1 - bad / total'
  return given === 'good' ? `good / total >= ${decimalText(target)}` : `bad / total <= ${complementText(target)}`
}

function askedSlices(source: Exclude<EventSource, CountedPair>, { slice, target }: Slicing) {
  const { share, known } = sharesOf(source, slice)
  const good = target === undefined ? share : `${share} >= bool ${decimalText(target)}`
  const step = sliceStep(slice)
  return { good: `sum_over_time((${good})[$window:${step}])`, total: `count_over_time((${known})[$window:${step}])` }
}

/**
 * How far apart the slices of a query begin. A query is asked every minute for that minute; slices that are longer
 * overlap, because of those end to end most minutes would see no end.
 */
export function sliceStep(slice: string): string {
  const ms = parseDuration(slice)
  return ms === undefined || ms > minuteMs ? '1m' : slice
}

/** The good share of a slice, and something that has a value in the slices that had events. */
function sharesOf(source: Exclude<EventSource, CountedPair>, slice: string): { share: string; known: string } {
  if (source.kind === 'share') {
    const ratio = ofSlice(source.query, slice)
    const share = source.answers === 'good' ? ratio : `(1 - ${ratio})`
    return { share, known: ratio }
  }
  const { given, part, total } = source.queries
  const known = `${ofSlice(total, slice)} > 0`
  const ratio = `${ofSlice(part, slice)} / (${known})`
  return { share: given === 'good' ? ratio : `(1 - ${ratio})`, known }
}

function ofSlice({ text }: QueryText, slice: string): string {
  return enclosed(withWindow(text, slice))
}
