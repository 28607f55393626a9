import {
  type ChatPostMessageArguments,
  type FetchFunction,
  type Logger,
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api'
import type { Delivery, Outcome } from '../../../core/model/delivery.ts'
import { attemptTimeoutMs } from '../../../core/model/limits.ts'
import { type DurationMs, type EpochMs } from '../../../core/model/units.ts'
import { callFailure, httpOutcome } from '../http-outcome.ts'
import type { ReceiverFactory } from '../receiver-factory.ts'
import type { SlackConfig } from './config.ts'
import { type SlackReference, slackPost, slackReply, slackUpdate } from './message.ts'

/** Posts the open; whatever follows rewrites it in place, and says so in its thread where somebody is to be notified. */
export const slackReceiver: ReceiverFactory<SlackConfig> = (name, settings, { clock }) => ({
  name,
  kind: 'slack',
  recipients: [''],
  takesUpdates: true,
  takesDigests: true,
  async send(delivery, signal) {
    const client = clientOf(settings, signal, () => clock.now())
    const reference = delivery.openReference === null ? undefined : parseReference(delivery.openReference)
    if (reference === undefined) return (await post(client, slackPost(delivery, settings.channel))).outcome
    return await revise(client, delivery, reference, settings.channel)
  },
})

/** One call's outcome; `code` is Slack's word for a failure. */
interface Answer {
  readonly outcome: Outcome
  readonly code: string
}

/**
 * The update comes first and can be repeated without harm, so an attempt that fails between the two calls is simply made again.
 * Once the open reads what it should, a reply that Slack will not take is no reason to give the delivery up.
 */
async function revise(
  client: SlackClient,
  delivery: Delivery,
  reference: SlackReference,
  channel: string,
): Promise<Outcome> {
  const update = await client((web) => web.chat.update(slackUpdate(delivery, reference)))
  if (update.code === 'message_not_found') return (await post(client, slackPost(delivery, channel))).outcome
  if (update.outcome.kind !== 'delivered' && !uneditableCodes.has(update.code)) return update.outcome
  // Nobody is notified of what only brings the message up to date.
  const { status, wakes } = delivery.notification
  if (status === 'firing' && !wakes && update.outcome.kind === 'delivered') return update.outcome
  const { outcome } = await post(client, slackReply(delivery, reference))
  const isSettled = outcome.kind === 'delivered' || outcome.kind === 'rejected'
  return isSettled && update.outcome.kind === 'delivered' ? update.outcome : outcome
}

function post(client: SlackClient, message: ChatPostMessageArguments): Promise<Answer> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not the window's.
  return client((web) => web.chat.postMessage(message))
}

/** The message is there and can be answered, but not changed. */
const uneditableCodes: ReadonlySet<string> = new Set(['cant_update_message', 'edit_window_closed', 'is_inactive'])

type SlackClient = (call: (web: WebClient) => Promise<SlackResult>) => Promise<Answer>

interface SlackResult {
  readonly channel?: string
  readonly ts?: string
}

/** A client for one attempt, because it ends with the attempt's signal. All that the SDK would repeat or wait for is off. */
function clientOf({ token, apiUrl }: SlackConfig, signal: AbortSignal, now: () => EpochMs): SlackClient {
  const seen: { waitMs?: DurationMs | undefined; status?: number } = {}
  const fetchOnce: FetchFunction = async (url, init) => {
    const ownSignal = init?.signal === undefined ? signal : AbortSignal.any([signal, init.signal])
    const response = await fetch(url, { ...init, redirect: 'manual', signal: ownSignal })
    seen.status = response.status
    seen.waitMs = retryAfter(response.headers.get('retry-after'), now())
    const body = await readAnswer(response)
    return answered(response, body)
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
  return async (call) => {
    try {
      const { channel, ts } = await call(web)
      const reference = channel === undefined || ts === undefined ? {} : { reference: `${channel}:${ts}` }
      return { outcome: { kind: 'delivered', ...reference }, code: '' }
    } catch (error) {
      if (seen.status === 429) return { outcome: httpOutcome(429, seen.waitMs), code: 'ratelimited' }
      return failure(error, signal, seen.waitMs)
    }
  }
}

function failure(error: unknown, signal: AbortSignal, waitMs: DurationMs | undefined): Answer {
  if (error instanceof WebAPIPlatformError) return platformFailure(error.data.error)
  if (error instanceof WebAPIHTTPError) return { outcome: httpFailure(error.statusCode, waitMs), code: '' }
  return { outcome: fetchFailure(error instanceof WebAPIRequestError ? error.original : error, signal), code: '' }
}

/** Slack answers 200 and nothing else of that kind: another one comes from something in between. */
function httpFailure(status: number, waitMs: DurationMs | undefined): Outcome {
  return status < 300 ? { kind: 'ambiguous', reason: `HTTP ${status}` } : httpOutcome(status, waitMs)
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
function platformFailure(error: unknown): Answer {
  const code = typeof error === 'string' && /^[a-z][a-z0-9_]{0,63}$/.test(error) ? error : 'unreadable answer'
  const reason = `Slack: ${code}`
  if (retryCodes.has(code)) return { outcome: { kind: 'retry', reason }, code }
  const isAmbiguous = ambiguousCodes.has(code) || code === 'unreadable answer'
  return { outcome: { kind: isAmbiguous ? 'ambiguous' : 'rejected', reason }, code }
}

function answered({ ok, status, statusText, url, headers }: Response, body: string) {
  return {
    ok,
    status,
    statusText,
    url,
    headers,
    text: async () => body,
    json: async (): Promise<unknown> => JSON.parse(body),
    arrayBuffer: async () => new TextEncoder().encode(body).buffer,
  }
}

function parseReference(reference: string): SlackReference | undefined {
  const [channel, ts] = reference.split(':')
  return channel === undefined || ts === undefined ? undefined : { channel, ts }
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
