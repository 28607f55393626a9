import { createHmac } from 'node:crypto'
import type { Outcome } from '../../../core/model/delivery.ts'
import { attemptsInFlightPerWebhookMax } from '../../../core/model/limits.ts'
import type { Secret } from '../../../core/model/secret.ts'
import { type EpochMs, secondMs } from '../../../core/model/units.ts'
import { httpClient } from '../http-call.ts'
import { callFailure, httpOutcome, retryAfter } from '../http-outcome.ts'
import type { ReceiverFactory } from '../receiver-factory.ts'
import type { WebhookConfig } from './config.ts'
import { webhookText } from './message.ts'

/** Posts the payload once. A redirect is refused: it would carry signature and headers to whoever is named in it. */
export const webhookReceiver: ReceiverFactory<WebhookConfig> = (name, settings, context) => {
  const { clock, externalUrl, guard, words } = context
  const call = httpClient(guard)
  const url = addressOf(settings)
  const usual = usualHeaders(settings)
  return {
    name,
    kind: 'webhook',
    recipients: [''],
    takesUpdates: true,
    attemptsInFlightMax: attemptsInFlightPerWebhookMax,
    async send(delivery, signal): Promise<Outcome> {
      const body = webhookText(delivery, { receiver: name, externalUrl, words })
      try {
        const headers = { ...usual, 'idempotency-key': delivery.id, ...signed(settings, body, clock.now()) }
        const reply = await call({ method: 'POST', url, headers, body, signal })
        return httpOutcome(reply.status, retryAfter(reply.headers['retry-after'], clock.now()))
      } catch (error) {
        return callFailure(error, signal)
      }
    },
  }
}

/** Lower-case names, so that ours replace a user's of the same name. */
function usualHeaders(settings: WebhookConfig): Readonly<Record<string, string>> {
  const configured = [...settings.headers].map(([name, value]) => [name.toLowerCase(), value.reveal()])
  return {
    ...credentialsOf(settings),
    ...Object.fromEntries(configured),
    'content-type': 'application/json',
    'user-agent': 'sloburn',
  }
}

function signed({ signingKey }: WebhookConfig, body: string, now: EpochMs): Readonly<Record<string, string>> {
  return signingKey === undefined ? {} : { 'x-sloburn-signature': signature(signingKey, body, now) }
}

/** `t` is signed with the body, so that a receiver can refuse an old message that somebody sends again. */
function signature(key: Secret, body: string, now: EpochMs): string {
  const timestamp = Math.floor(now / secondMs)
  const digest = createHmac('sha256', key.reveal()).update(`${timestamp}.${body}`).digest('hex')
  return `t=${timestamp},v1=${digest}`
}

/** Without the user in it, who goes into a header. */
function addressOf({ url }: WebhookConfig): URL {
  const address = new URL(url.reveal())
  address.username = ''
  address.password = ''
  return address
}

function credentialsOf({ url }: WebhookConfig): Record<string, string> {
  const { username, password } = new URL(url.reveal())
  if (username === '' && password === '') return {}
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  return { authorization: `Basic ${credentials}` }
}
