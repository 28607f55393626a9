import { ratioOf } from '../promql/ratio-of.ts'
import { type CountPair, countPair, warnOfQuery } from './count-pair.ts'
import type { ImportNotes } from './import-notes.ts'
import { enclosed, namesWindow, partOf, type QueryText, reportPromql, withWindow } from './query-text.ts'

/** An expression of which no more is known than that it answers a share of events. */
export interface AskedShare {
  readonly kind: 'share'
  readonly query: QueryText
  readonly answers: 'bad' | 'good'
}

/** What can be made of the expressions of an indicator. */
export type EventSource = CountPair | AskedShare

/**
 * Reads an expression that answers the share of bad or good events. One that divides is taken apart, so that windows are
 * weighed by their events. Undefined when it is no PromQL, which is an error.
 */
export function readErrorRatio(query: QueryText, answers: 'bad' | 'good', notes: ImportNotes): EventSource | undefined {
  const ratio = ratioOf(query.text)
  if (ratio.kind === 'ratio') {
    const opposite = answers === 'bad' ? 'good' : 'bad'
    const given = ratio.complement ? opposite : answers
    const sides = { part: partOf(query, ratio.numerator), total: partOf(query, ratio.denominator) }
    return countPair({ given, ...sides }, false, notes)
  }
  if (ratio.kind === 'failed' && ratio.cause !== 'unknown-function') {
    reportPromql(query, ratio, notes)
    return undefined
  }
  warnOfQuery(query, ratio.kind === 'none' ? ratio.reason : ratio.message, ratio.offset, notes)
  return { kind: 'share', query, answers }
}

/** The share of bad events as a query for the window; one that names no window is asked at every moment and averaged. */
export function askedErrorRatio({ query, answers }: AskedShare): string {
  const text = query.text.trim()
  const share = namesWindow(text) ? withWindow(text, '$window') : `avg_over_time(${enclosed(text)}[$window:])`
  return answers === 'bad' ? share : `1 - ${enclosed(share)}`
}
