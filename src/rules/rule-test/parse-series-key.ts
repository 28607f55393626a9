import { type Labels, labelsOf, metricNameLabel } from '../../core/model/labels.ts'
import {
  type Cursor,
  failureOf,
  isQuote,
  labelNameToken,
  metricNameToken,
  type TextFailure,
  TextFault,
  take,
  takeQuoted,
} from '../../core/sli/text-cursor.ts'

/** The labels of a series, metric name included; or what is wrong and at which character of the text. */
export type SeriesKeyResult = { readonly kind: 'parsed'; readonly labels: Labels } | TextFailure

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
    return failureOf(error)
  }
}

function readLabels(cursor: Cursor): Map<string, string> {
  const labels = new Map<string, string>()
  next(cursor)
  const name = take(cursor, metricNameToken)
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
  const isQuoted = isQuote(next(cursor))
  const label = isQuoted ? takeQuoted(cursor) : take(cursor, labelNameToken)
  if (label === undefined) throw unexpected(cursor, 'a label')
  const operatorAt = cursor.at
  const after = next(cursor)
  if (isQuoted && (after === ',' || after === '}')) {
    put(labels, metricNameLabel, label, start)
    return
  }
  if (take(cursor, otherOperator) !== undefined) {
    throw new TextFault(operatorAt, `a series has labels, so "=" must follow "${label}"`, 'matchers are for selectors')
  }
  if (after !== '=') throw unexpected(cursor, `"=" after the label "${label}"`)
  cursor.at += 1
  if (!isQuote(next(cursor))) throw unexpected(cursor, `a value in quotes for "${label}"`)
  put(labels, label, takeQuoted(cursor), start)
}

function put(labels: Map<string, string>, label: string, value: string, offset: number): void {
  if (labels.has(label)) {
    const message = label === metricNameLabel ? 'the metric name is given twice' : `the label "${label}" is given twice`
    throw new TextFault(offset, message)
  }
  labels.set(label, value)
}

/** Skips white space; answers the character there, "" at the end. */
function next(cursor: Cursor): string {
  while (cursor.at < cursor.text.length && /\s/.test(cursor.text[cursor.at])) cursor.at += 1
  return cursor.text[cursor.at] ?? ''
}

function unexpected(cursor: Cursor, wanted: string): TextFault {
  const found = cursor.text[cursor.at]
  return new TextFault(
    cursor.at,
    found === undefined ? `${wanted} is missing at the end` : `"${found}" where ${wanted} is expected`,
  )
}
