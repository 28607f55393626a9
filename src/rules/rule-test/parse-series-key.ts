import { type Labels, labelsOf, metricNameLabel } from '../../core/model/labels.ts'
import { readQuoted } from '../../core/sli/promql-string.ts'

/** The labels of a series, metric name included; or what is wrong and at which character of the text. */
export type SeriesKeyResult =
  | { readonly kind: 'parsed'; readonly labels: Labels }
  | { readonly kind: 'failed'; readonly offset: number; readonly message: string; readonly hint?: string }

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y
const otherOperator = /!=|=~|!~/y

/**
 * Reads a series as Prometheus writes it: `http_requests_total{region="eu",code="200"}`, also `{__name__="…"}` and a
 * metric name in quotes within the braces. Strings have the quotes and escapes of PromQL.
 */
export function parseSeriesKey(text: string): SeriesKeyResult {
  const cursor = { text, at: 0 }
  try {
    const labels = readLabels(cursor)
    if (labels.size === 0) return { kind: 'failed', offset: 0, message: 'the series has no name and no label' }
    return { kind: 'parsed', labels: labelsOf(labels) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { offset, message, hint } = error
    return { kind: 'failed', offset, message, ...(hint === undefined ? {} : { hint }) }
  }
}

interface Cursor {
  readonly text: string
  at: number
}

/** Leaves the descent; never leaves this file. */
class Fault extends Error {
  readonly offset: number
  readonly hint: string | undefined

  constructor(offset: number, message: string, hint?: string) {
    super(message)
    this.offset = offset
    this.hint = hint
  }
}

function readLabels(cursor: Cursor): Map<string, string> {
  const labels = new Map<string, string>()
  next(cursor)
  const name = take(cursor, metricName)
  if (name !== undefined) labels.set(metricNameLabel, name)
  if (next(cursor) === '{') {
    cursor.at += 1
    while (next(cursor) !== '}') {
      readLabel(cursor, labels)
      if (next(cursor) === '}') break
      if (next(cursor) !== ',') throw unexpected(cursor, 'a "," or "}"')
      cursor.at += 1
    }
    cursor.at += 1
  }
  if (next(cursor) !== '') throw unexpected(cursor, name === undefined ? 'a metric name' : 'the end or "{"')
  return labels
}

function readLabel(cursor: Cursor, labels: Map<string, string>): void {
  const start = cursor.at
  const isQuoted = '"\'`'.includes(next(cursor)) && next(cursor) !== ''
  const label = isQuoted ? readString(cursor) : take(cursor, labelName)
  if (label === undefined) throw unexpected(cursor, 'a label')
  const operatorAt = cursor.at
  const after = next(cursor)
  if (isQuoted && (after === ',' || after === '}')) {
    put(labels, metricNameLabel, label, start)
    return
  }
  if (take(cursor, otherOperator) !== undefined) {
    throw new Fault(operatorAt, `a series has labels, so "=" must follow "${label}"`, 'matchers are for selectors')
  }
  if (after !== '=') throw unexpected(cursor, `"=" after the label "${label}"`)
  cursor.at += 1
  if (next(cursor) === '' || !'"\'`'.includes(next(cursor)))
    throw unexpected(cursor, `a value in quotes for "${label}"`)
  put(labels, label, readString(cursor), start)
}

function put(labels: Map<string, string>, label: string, value: string, offset: number): void {
  if (labels.has(label)) {
    const message = label === metricNameLabel ? 'the metric name is given twice' : `the label "${label}" is given twice`
    throw new Fault(offset, message)
  }
  labels.set(label, value)
}

function readString(cursor: Cursor): string {
  const string = readQuoted(cursor.text, cursor.at)
  if (string.kind === 'failed') throw new Fault(string.offset, string.message)
  cursor.at = string.end
  return string.value
}

/** Skips white space; answers the character there, "" at the end. */
function next(cursor: Cursor): string {
  while (cursor.at < cursor.text.length && /\s/.test(cursor.text[cursor.at])) cursor.at += 1
  return cursor.text[cursor.at] ?? ''
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const match = pattern.exec(cursor.text)
  if (match === null) return undefined
  cursor.at = pattern.lastIndex
  return match[0]
}

function unexpected(cursor: Cursor, wanted: string): Fault {
  const found = cursor.text[cursor.at]
  return new Fault(
    cursor.at,
    found === undefined ? `${wanted} is missing at the end` : `"${found}" where ${wanted} is expected`,
  )
}
