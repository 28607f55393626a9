import type { Outcome } from '../../../core/model/delivery.ts'
import { type HttpClient, httpClient } from '../http-call.ts'
import { callFailure, httpOutcome, retryAfter } from '../http-outcome.ts'
import type { ReceiverFactory } from '../receiver-factory.ts'
import type { AlertmanagerConfig } from './config.ts'
import { type AlertmanagerAlert, alertmanagerAlerts } from './message.ts'

/**
 * Every replica is a recipient of its own, with its own attempts: they de-duplicate among themselves. Each hears of what is open
 * several times within the time limit, also for a replica that was restarted and remembers nothing.
 */
export const alertmanagerReceiver: ReceiverFactory<AlertmanagerConfig> = (name, settings, context) => {
  const { clock, guard, externalUrl, words } = context
  const client = httpClient(guard)
  const { resolveTimeoutMs } = settings
  return {
    name,
    kind: 'alertmanager',
    recipients: settings.urls,
    takesUpdates: true,
    takesDigests: true,
    refreshEveryMs: resolveTimeoutMs / 5,
    async send(delivery, signal): Promise<Outcome> {
      const headers = { 'content-type': 'application/json', 'user-agent': 'sloburn', ...authorizationOf(settings) }
      const alerts = alertmanagerAlerts(delivery, { now: clock.now(), resolveTimeoutMs, externalUrl, words })
      const post: Post = (some) => postAlerts(client, delivery.recipient, some, { headers, signal, now: clock.now() })
      const outcome = await post(alerts)
      return outcome.kind === 'rejected' && outcome.reason === badRequest && alerts.length > 1
        ? await oneByOne(alerts, post)
        : outcome
    },
  }
}

type Post = (alerts: readonly AlertmanagerAlert[]) => Promise<Outcome>

const badRequest = 'HTTP 400'

/**
 * Alertmanager keeps the good ones of a batch and answers 400 when one is bad, without saying which. Sent alone each has its own
 * answer; when at least one is taken the incident is known there.
 */
async function oneByOne(alerts: readonly AlertmanagerAlert[], post: Post): Promise<Outcome> {
  const outcomes: Outcome[] = []
  for (const alert of alerts) {
    const outcome = await post([alert])
    if (outcome.kind === 'retry' || outcome.kind === 'ambiguous') return outcome
    outcomes.push(outcome)
  }
  const refused = outcomes.filter(({ kind }) => kind === 'rejected').length
  if (refused < outcomes.length) return { kind: 'delivered' }
  return { kind: 'rejected', reason: `${badRequest} for each of ${refused} alerts` }
}

interface PostOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly now: number
}

async function postAlerts(
  call: HttpClient,
  replica: string,
  alerts: readonly AlertmanagerAlert[],
  { headers, signal, now }: PostOptions,
): Promise<Outcome> {
  try {
    const url = new URL(`${replica}/api/v2/alerts`)
    const reply = await call({ method: 'POST', url, headers, body: JSON.stringify(alerts), signal })
    return httpOutcome(reply.status, retryAfter(reply.headers['retry-after'], now))
  } catch (error) {
    return callFailure(error, signal)
  }
}

function authorizationOf({ login, token }: AlertmanagerConfig): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token.reveal()}` }
  if (login === undefined) return {}
  const credentials = Buffer.from(`${login.username}:${login.password.reveal()}`).toString('base64')
  return { authorization: `Basic ${credentials}` }
}
