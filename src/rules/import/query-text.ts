import type { Place } from '../../core/model/problem.ts'
import { fillWindow } from '../promql/fill-window.ts'
import type { PromqlFailure } from '../promql/parse-promql.ts'
import type { RatioPart } from '../promql/ratio-of.ts'
import type { ForeignValue } from './foreign-value.ts'
import type { ImportNotes } from './import-notes.ts'

/** PromQL in a file of another tool, or a part of it. */
export interface QueryText {
  readonly text: string
  readonly from: ForeignValue
  /** Where the part begins in the whole text. */
  readonly offset: number
}

/** The text of a value; undefined when there is none. */
export function queryText(from: ForeignValue): QueryText | undefined {
  return from.text === undefined ? undefined : { text: from.text, from, offset: 0 }
}

/** A part of a text, as a query of its own. */
export function partOf({ from, offset }: QueryText, part: RatioPart): QueryText {
  return { text: part.text, from, offset: offset + part.offset }
}

/** Where a character of the query stands in its file. */
export function placeIn({ from, offset }: QueryText, at: number): Place {
  return from.placeInText(offset + at)
}

/** Reports PromQL that cannot be read. Functions of other query languages can: the region's API may know them. */
export function reportPromql(query: QueryText, failure: PromqlFailure, notes: ImportNotes): void {
  const { offset, message, hint } = failure
  notes.refuse('RULE_QUERY', placeIn(query, offset), message, hint)
}

/** The query with another text where it names the window. */
export function withWindow(text: string, window: string): string {
  const filled = fillWindow(text)
  if (filled.kind === 'failed') return text
  return filled.windows
    .toReversed()
    .reduce((query, { from, to }) => `${query.slice(0, from)}${window}${query.slice(to)}`, text)
}

/** Whether the answer depends on the window that is asked for. */
export function namesWindow(text: string): boolean {
  const filled = fillWindow(text)
  return filled.kind === 'filled' && filled.windows.length > 0
}

/** The query in parentheses, also when its last line ends in a comment. */
export function enclosed(text: string): string {
  const trimmed = text.trim()
  return trimmed.includes('#') ? `(${trimmed}\n)` : `(${trimmed})`
}
