import { historyAnswerBytesMax, queryAnswerBytesMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { HttpAnswer, HttpClient } from '../http-exchange.ts'
import { type HistoryAnswer, parseHistoryAnswer } from './history-answer.ts'
import { parseQueryAnswer, type QueryAnswer, type UnknownAnswer } from './query-answer.ts'

/** A query API and the way to it. */
export interface QueryApi {
  /** Without a slash at its end. */
  readonly url: string
  readonly client: HttpClient
}

/**
 * Asks one PromQL expression at a moment, once. Never throws: whatever does not come back whole and certain is unknown.
 * When `signal` aborts, the reason is the signal's.
 */
export async function askPrometheus(
  api: QueryApi,
  promql: string,
  at: EpochMs,
  signal: AbortSignal,
): Promise<QueryAnswer> {
  const asked = await ask(api, promql, at, queryAnswerBytesMax, signal)
  if (asked.kind === 'unknown') return asked
  if (asked.body === undefined) return tooLong(queryAnswerBytesMax, 'queryAnswerBytesMax')
  return parseQueryAnswer(asked.status, textOf(asked.body))
}

/** Asks for the raw samples of a range selector up to a moment, such as `requests_total[1h]`. Never throws either. */
export async function askHistory(
  api: QueryApi,
  selector: string,
  at: EpochMs,
  signal: AbortSignal,
): Promise<HistoryAnswer> {
  const asked = await ask(api, selector, at, historyAnswerBytesMax, signal)
  if (asked.kind === 'unknown') return asked
  if (asked.body === undefined) return tooLong(historyAnswerBytesMax, 'historyAnswerBytesMax')
  return parseHistoryAnswer(asked.status, textOf(asked.body))
}

async function ask(
  { url, client }: QueryApi,
  promql: string,
  at: EpochMs,
  bodyBytesMax: number,
  signal: AbortSignal,
): Promise<(HttpAnswer & { readonly kind: 'answered' }) | UnknownAnswer> {
  try {
    const answer = await client.exchange({
      url: `${url}/api/v1/query`,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'sloburn',
      },
      body: new URLSearchParams({ query: promql, time: String(at / 1_000) }).toString(),
      bodyBytesMax,
      // A redirect would carry our headers, and what is asked, to whoever is named in it.
      redirectsMax: 0,
      signal,
    })
    if (answer.status >= 300 && answer.status < 400) {
      return { kind: 'unknown', outcome: 'failed', reason: `HTTP ${answer.status}: redirects are not followed` }
    }
    return { ...answer, kind: 'answered' }
  } catch (error) {
    return { kind: 'unknown', outcome: 'no-answer', reason: error instanceof Error ? error.message : String(error) }
  }
}

function tooLong(bytesMax: number, limit: NonNullable<UnknownAnswer['limit']>): UnknownAnswer {
  return { kind: 'unknown', outcome: 'failed', reason: `answered more than ${bytesMax} bytes`, limit }
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
}
