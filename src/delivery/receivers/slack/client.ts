import {
  type FetchFunction,
  type Logger,
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api'
import type { Outcome } from '../../../core/model/delivery.ts'
import { attemptTimeoutMs, channelHistoryBytesMax } from '../../../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../../../core/model/units.ts'
import type { HttpClient, HttpReply } from '../http-call.ts'
import { callFailure, httpOutcome, retryAfter } from '../http-outcome.ts'
import type { SlackConfig } from './config.ts'

/** What one call came to; `code` is Slack's word for a failure. */
export type SlackAnswer<Result> =
  | { readonly outcome: { readonly kind: 'delivered' }; readonly code: ''; readonly result: Result }
  | { readonly outcome: Exclude<Outcome, { kind: 'delivered' }>; readonly code: string; readonly result: undefined }

/** Makes one call of Slack's API. */
export type SlackClient = <Result>(call: (web: WebClient) => Promise<Result>) => Promise<SlackAnswer<Result>>

/** What a client works with during one attempt. */
export interface SlackAttempt {
  readonly call: HttpClient
  readonly signal: AbortSignal
  readonly now: () => EpochMs
}

/** A client for one attempt, because it ends with the attempt's signal. All that the SDK would repeat or wait for is off. */
export function slackClient({ token, apiUrl }: SlackConfig, { call, signal, now }: SlackAttempt): SlackClient {
  const seen: { waitMs?: DurationMs | undefined; status?: number } = {}
  const fetchOnce: FetchFunction = async (url, init) => {
    const reply = await call({
      method: 'POST',
      url: new URL(url),
      headers: init?.headers ?? {},
      body: typeof init?.body === 'string' ? init.body : '',
      signal: init?.signal === undefined ? signal : AbortSignal.any([signal, init.signal]),
      answerBytesMax: channelHistoryBytesMax,
    })
    seen.status = reply.status
    seen.waitMs = retryAfter(reply.headers['retry-after'], now())
    return responseOf(reply, String(url))
  }
  const web = new WebClient(token.reveal(), {
    slackApiUrl: apiUrl,
    fetch: fetchOnce,
    logger: silent,
    timeout: attemptTimeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
  })
  return async (method) => {
    try {
      return { outcome: { kind: 'delivered' }, code: '', result: await method(web) }
    } catch (error) {
      if (seen.status === 429) return failed(httpOutcome(429, seen.waitMs), 'ratelimited')
      if (error instanceof WebAPIPlatformError) return platformFailure(error.data.error)
      if (error instanceof WebAPIHTTPError) return failed(httpFailure(error.statusCode, seen.waitMs), '')
      return failed(callFailure(error instanceof WebAPIRequestError ? error.original : error, signal), '')
    }
  }
}

type Failed = Extract<SlackAnswer<never>, { readonly result: undefined }>

function failed(outcome: Outcome, code: string): Failed {
  const isFailure = outcome.kind !== 'delivered'
  return { outcome: isFailure ? outcome : { kind: 'ambiguous', reason: 'no answer' }, code, result: undefined }
}

/**
 * Slack answers 200 and nothing else of that kind: another one comes from something in between. It says 503 of what it did not take;
 * of any other failure of its own nobody knows, and it would post a second message where it has posted one.
 */
function httpFailure(status: number, waitMs: DurationMs | undefined): Outcome {
  const isUnknown = status < 300 || (status >= 500 && status !== 503)
  return isUnknown ? { kind: 'ambiguous', reason: `HTTP ${status}` } : httpOutcome(status, waitMs)
}

const retryCodes: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
])

/** Slack's own words for these: some aspect of the operation may have succeeded. */
const ambiguousCodes: ReadonlySet<string> = new Set(['internal_error', 'fatal_error'])

/** Slack answers 200 and names the error. What it names otherwise is wrong with us: channel, token, scope or message. */
function platformFailure(error: unknown): Failed {
  const code = typeof error === 'string' && /^[a-z][a-z0-9_]{0,63}$/.test(error) ? error : 'unreadable answer'
  const reason = `Slack: ${code}`
  if (retryCodes.has(code)) return failed({ kind: 'retry', reason }, code)
  const isAmbiguous = ambiguousCodes.has(code) || code === 'unreadable answer'
  return failed({ kind: isAmbiguous ? 'ambiguous' : 'rejected', reason }, code)
}

/** A reply of ours as the SDK knows responses. */
function responseOf({ status, headers, body }: HttpReply, url: string) {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: '',
    url,
    headers: new Headers(entries),
    text: async () => body,
    json: async (): Promise<unknown> => JSON.parse(body),
    arrayBuffer: async () => new TextEncoder().encode(body).buffer,
  }
}

/** The SDK logs bodies when asked to and warns on its own otherwise; the outbox tells what happened. */
const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
}
