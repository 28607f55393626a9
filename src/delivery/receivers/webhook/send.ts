import { createHmac } from 'node:crypto'
import type { Delivery, Outcome } from '../../../core/model/delivery.ts'
import type { Secret } from '../../../core/model/secret.ts'
import { type EpochMs, secondMs } from '../../../core/model/units.ts'
import { fetchFailure, httpOutcome, retryAfter } from '../http-outcome.ts'
import { readAnswer } from '../read-answer.ts'
import type { ReceiverFactory } from '../receiver-factory.ts'
import type { WebhookConfig } from './config.ts'
import { webhookMessage } from './message.ts'

/** Posts the payload once. A redirect is refused: it would carry signature and headers to whoever is named in it. */
export const webhookReceiver: ReceiverFactory<WebhookConfig> = (name, settings, { clock, externalUrl }) => ({
  name,
  kind: 'webhook',
  recipients: [''],
  async send(delivery, signal): Promise<Outcome> {
    const body = JSON.stringify(webhookMessage(delivery, { receiver: name, externalUrl }))
    try {
      const response = await fetch(addressOf(settings), {
        method: 'POST',
        headers: headersOf(delivery, body, settings, clock.now()),
        body,
        redirect: 'manual',
        signal,
      })
      // Read to its end, so that the connection can be used again; the status has said all, whatever happens to the rest.
      await readAnswer(response).catch(() => {})
      return httpOutcome(response.status, retryAfter(response.headers.get('retry-after'), clock.now()))
    } catch (error) {
      return fetchFailure(error, signal)
    }
  },
})

/** Lower-case names, so that ours replace a user's of the same name. */
function headersOf(delivery: Delivery, body: string, settings: WebhookConfig, now: EpochMs): Record<string, string> {
  const configured = [...settings.headers].map(([name, value]) => [name.toLowerCase(), value.reveal()])
  return {
    ...credentialsOf(settings),
    ...Object.fromEntries(configured),
    'content-type': 'application/json',
    'user-agent': 'sloburn',
    'idempotency-key': delivery.id,
    ...(settings.signingKey === undefined ? {} : { 'x-sloburn-signature': signature(settings.signingKey, body, now) }),
  }
}

/** `t` is signed with the body, so that a receiver can refuse an old message that somebody sends again. */
function signature(key: Secret, body: string, now: EpochMs): string {
  const timestamp = Math.floor(now / secondMs)
  const digest = createHmac('sha256', key.reveal()).update(`${timestamp}.${body}`).digest('hex')
  return `t=${timestamp},v1=${digest}`
}

/** fetch refuses an address with a user in it. */
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
