import { exportAnswerBytesMax, retryAfterMaxMs } from '../core/model/limits.ts'
import { type DurationMs, secondMs } from '../core/model/units.ts'
import type { HttpClient } from '../ingest/http-exchange.ts'

/** What became of one request. Sending it again is harmless: a store takes the same sample for the same. */
export type WriteOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'retry'; readonly status: string; readonly reason: string; readonly afterMs?: DurationMs }
  | { readonly kind: 'rejected'; readonly status: string; readonly reason: string }

/** One attempt to write a compressed request. Never throws, but for the reason of a signal that aborts. */
export async function sendWrite(
  body: Uint8Array,
  { url, client, timeoutMs }: { readonly url: string; readonly client: HttpClient; readonly timeoutMs: DurationMs },
  signal: AbortSignal,
): Promise<WriteOutcome> {
  try {
    const {
      status,
      retryAfter,
      body: answer,
    } = await client.exchange({
      url,
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
        'user-agent': 'sloburn',
      },
      body,
      bodyBytesMax: exportAnswerBytesMax,
      // A redirect would carry our headers to whoever is named in it.
      redirectsMax: 0,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    return outcomeOf(status, answer === undefined ? '' : new TextDecoder().decode(answer), retryAfter)
  } catch (error) {
    signal.throwIfAborted()
    return { kind: 'retry', status: 'none', reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Any 2xx is taken; what a later attempt may bring, after 5xx and 429, is tried again, as Prometheus does. */
export function outcomeOf(code: number, answer: string, retryAfter: string | undefined): WriteOutcome {
  if (code >= 200 && code < 300) return { kind: 'sent' }
  const status = String(code)
  const text = answer.trim().split('\n')[0]?.slice(0, 200) ?? ''
  const reason = text === '' ? `HTTP ${status}` : `HTTP ${status}: ${text}`
  if (code < 500 && code !== 429) return { kind: 'rejected', status, reason }
  const seconds = Number(retryAfter ?? 'none')
  if (!(seconds > 0)) return { kind: 'retry', status, reason }
  return { kind: 'retry', status, reason, afterMs: Math.min(seconds * secondMs, retryAfterMaxMs) }
}
