import type { CounterExpression } from '../../core/model/selector.ts'
import { pairProblem } from '../promql/pair-problem.ts'
import { parsePromql } from '../promql/parse-promql.ts'
import { type StreamingResult, streamingCounters } from '../promql/streaming-counters.ts'
import type { ImportNotes } from './import-notes.ts'
import { enclosed, namesWindow, placeIn, type QueryText, reportPromql, withWindow } from './query-text.ts'

/** Good or bad events, and all events. */
export interface EventQueries {
  readonly given: 'bad' | 'good'
  readonly part: QueryText
  readonly total: QueryText
}

/** What can be made of two expressions: counters, or queries with `$window`. */
export type CountPair = CountedPair | AskedPair

/** Two expressions over counters: the total, and the part of it that is bad or good. */
export interface CountedPair {
  readonly kind: 'counted'
  readonly given: 'bad' | 'good'
  readonly part: CounterExpression
  readonly total: CounterExpression
  readonly groupBy: readonly string[]
  readonly queries: EventQueries
}

/** Two queries that are asked of the region's API as they are. */
export interface AskedPair {
  readonly kind: 'asked'
  readonly queries: EventQueries
}

/**
 * Makes counters of two expressions where both are sums of counters that go together. Otherwise they are queries, and
 * which part prevents it is noted. Undefined when one is no PromQL, which is an error.
 */
export function countPair(queries: EventQueries, bareSelectors: boolean, notes: ImportNotes): CountPair | undefined {
  const part = streamingCounters(queries.part.text, { bareSelectors })
  const total = streamingCounters(queries.total.text, { bareSelectors })
  const isRead = [isUsable(queries.part, part, notes), isUsable(queries.total, total, notes)].every(Boolean)
  if (!isRead) return undefined
  if (part.kind !== 'counters') return asked(queries, queries.part, part, notes)
  if (total.kind !== 'counters') return asked(queries, queries.total, total, notes)
  const problem = pairProblem(part, total)
  if (problem !== undefined) return asked(queries, queries.part, { reason: problem, offset: 0 }, notes)
  warnOfFixedRange(queries.part, part.range, notes)
  const { given } = queries
  return { kind: 'counted', given, part: part.counters, total: total.counters, groupBy: part.groupBy, queries }
}

function isUsable(query: QueryText, result: StreamingResult, notes: ImportNotes): boolean {
  if (result.kind !== 'failed' || result.cause === 'unknown-function') return true
  reportPromql(query, result, notes)
  return false
}

function asked(
  queries: EventQueries,
  culprit: QueryText,
  why: { readonly reason: string; readonly offset: number } | { readonly message: string; readonly offset: number },
  notes: ImportNotes,
): AskedPair {
  warnOfQuery(culprit, 'reason' in why ? why.reason : why.message, why.offset, notes)
  for (const query of [queries.part, queries.total]) warnOfGroups(query, notes)
  return { kind: 'asked', queries }
}

/** Says which part of an expression makes it a query. */
export function warnOfQuery(query: QueryText, reason: string, offset: number, notes: ImportNotes): void {
  const message = `this is asked of each region's Prometheus as a query, and not counted as it comes: ${reason}`
  const hint = 'sums of rate(…) or increase(…) over selectors are counted'
  notes.warn('IMPORT_QUERY', placeIn(query, offset), message, hint)
}

function warnOfFixedRange(query: QueryText, range: number | 'window' | null, notes: ImportNotes): void {
  if (typeof range !== 'number') return
  const message = 'the range in the expression has no effect: the events of each window are counted'
  notes.warn('IMPORT_CHANGED', query.from, message, 'write {{.window}} where the window is meant')
}

function warnOfGroups(query: QueryText, notes: ImportNotes): void {
  if (!isGrouped(query.text)) return
  const message = 'the groups of this query are taken together: a query answers one number'
  const hint = 'write one SLO for each group, with the label in its queries'
  notes.warn('IMPORT_CHANGED', query.from, message, hint)
}

/** Whether the answer is an aggregation that keeps labels. */
function isGrouped(text: string): boolean {
  const parsed = parsePromql(text)
  return parsed.kind === 'parsed' && parsed.tree.root.getChild('AggregateModifier') !== null
}

/** A query of events for the window: one that names no window is asked at every moment of it, and summed. */
export function askedEvents({ text }: QueryText): string {
  const whole = isGrouped(text) ? `sum${enclosed(text)}` : text.trim()
  if (namesWindow(whole)) return withWindow(whole, '$window')
  return `sum_over_time(${enclosed(whole)}[$window:])`
}
