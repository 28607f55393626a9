import { queryAnswerBytesMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { PrometheusConfig } from './config.ts'
import { parseQueryAnswer, type QueryAnswer } from './query-answer.ts'

/**
 * Asks one PromQL expression at a moment, once. Never throws: whatever does not come back whole and certain is unknown.
 * When `signal` aborts, the reason is the signal's.
 */
export async function askPrometheus(
  { url, headers }: Pick<PrometheusConfig, 'url' | 'headers'>,
  promql: string,
  at: EpochMs,
  signal: AbortSignal,
): Promise<QueryAnswer> {
  try {
    const response = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      headers: requestHeaders(headers),
      body: new URLSearchParams({ query: promql, time: String(at / 1_000) }).toString(),
      // A redirect would carry our headers, and what is asked, to whoever is named in it.
      redirect: 'manual',
      signal,
    })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      return { kind: 'unknown', outcome: 'failed', reason: `HTTP ${response.status}: redirects are not followed` }
    }
    const body = await readBody(response)
    if (body === undefined) {
      const reason = `answered more than ${queryAnswerBytesMax} bytes`
      return { kind: 'unknown', outcome: 'failed', reason, limit: 'queryAnswerBytesMax' }
    }
    return parseQueryAnswer(response.status, body)
  } catch (error) {
    if (signal.aborted) return { kind: 'unknown', outcome: 'no-answer', reason: textOf(signal.reason) }
    return { kind: 'unknown', outcome: 'no-answer', reason: failureText(error) }
  }
}

function requestHeaders(headers: PrometheusConfig['headers']): Record<string, string> {
  return {
    ...Object.fromEntries([...headers].map(([name, value]) => [name, value.reveal()])),
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': 'sloburn',
  }
}

/** The body after decompression; undefined when it is too long, of which no more than that is read. */
async function readBody(response: Response): Promise<string | undefined> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > queryAnswerBytesMax) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

/** `fetch failed` says nothing, and other messages of fetch may quote a header: what happened to the connection is in the cause. */
function failureText(error: unknown): string {
  if (!(error instanceof Error) || !(error.cause instanceof Error)) return 'the request could not be made'
  return error.cause.message === '' ? String(error.cause) : error.cause.message
}

function textOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}
