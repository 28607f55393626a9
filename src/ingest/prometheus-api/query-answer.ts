import { isMapping, type Mapping } from '../../core/model/mapping.ts'

/** What an API answered to one expression. */
export type QueryAnswer =
  | { readonly kind: 'number'; readonly value: number }
  /** No series: for a count there were none of that kind. */
  | { readonly kind: 'empty' }
  | UnknownAnswer

/** No certain answer, and why. */
export interface UnknownAnswer {
  readonly kind: 'unknown'
  /** `partial`: some of the data was not there. `failed`: an answer, but no number. `no-answer`: none, or not in time. */
  readonly outcome: 'partial' | 'failed' | 'no-answer'
  readonly reason: string
  readonly limit?: 'queryAnswerBytesMax' | 'historyAnswerBytesMax' | 'historyBucketsMax'
}

/** Reads the answer to an instant query, in the form that Prometheus, Thanos, Mimir and VictoriaMetrics share. */
export function parseQueryAnswer(status: number, body: string): QueryAnswer {
  const data = dataOf(status, body)
  return 'kind' in data ? data : numberIn(data.fields)
}

/** The data of an answer that is whole; or why it is not. */
export function dataOf(status: number, body: string): { readonly fields: Mapping } | UnknownAnswer {
  const document = parseJson(body)
  if (!isMapping(document) || typeof document['status'] !== 'string') {
    return failed(
      status === 200 ? 'answered no JSON of a query API: is the URL right?' : `HTTP ${status}${hintOf(status)}`,
    )
  }
  if (document['status'] !== 'success' || status !== 200) return failed(`HTTP ${status}: ${errorOf(document)}`)
  const warning = warningOf(document)
  if (warning !== undefined) return { kind: 'unknown', outcome: 'partial', reason: shorten(warning) }
  return isMapping(document['data']) ? { fields: document['data'] } : failed('answered no data')
}

/** A warning says that the answer may lack something: a store that did not answer, or samples that do not fit together. */
function warningOf({ warnings, isPartial }: Mapping): string | undefined {
  if (Array.isArray(warnings) && warnings.length > 0) return String(warnings[0])
  return isPartial === true ? 'the store answered in part' : undefined
}

function numberIn({ resultType, result }: Mapping): QueryAnswer {
  if (resultType === 'scalar') return valueOf(result)
  if (resultType !== 'vector' || !Array.isArray(result)) {
    return failed(`answered a ${String(resultType)}, where a number is needed`)
  }
  if (result.length === 0) return { kind: 'empty' }
  if (result.length > 1) return failed(`answered ${result.length} series, where one number is needed: sum(…) them`)
  const [series]: unknown[] = result
  if (!isMapping(series) || series['value'] === undefined)
    return failed('answered a histogram, where a number is needed: histogram_count(…) or histogram_fraction(…) of it')
  return valueOf(series['value'])
}

/** A sample is a pair of time and value, the value as text. */
function valueOf(sample: unknown): QueryAnswer {
  const text: unknown = Array.isArray(sample) ? sample[1] : undefined
  if (typeof text !== 'string') return failed('answered no value')
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value)
    ? { kind: 'number', value }
    : failed(`answered ${shorten(text)}, where a number is needed`)
}

function errorOf({ error, errorType }: Mapping): string {
  return shorten([errorType, error].filter((part) => typeof part === 'string').join(': ') || 'without a reason')
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return ': is the token right?'
  return status === 404 ? ': is the URL right?' : ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Errors quote whole queries; a log line and a status page have room for the beginning. */
function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 299)}…` : text
}

/** An answer that says nothing certain. */
export function failed(reason: string): UnknownAnswer {
  return { kind: 'unknown', outcome: 'failed', reason }
}
