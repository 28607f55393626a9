import type { Outcome } from '../../../core/model/delivery.ts'
import { httpClient } from '../http-call.ts'
import { callFailure, httpOutcome, retryAfter } from '../http-outcome.ts'
import type { ReceiverFactory } from '../receiver-factory.ts'
import { pagerdutyCallback } from './callback.ts'
import type { PagerdutyConfig } from './config.ts'
import { pagerdutyEvent } from './message.ts'

/** Sends one event. A repeated one does no harm: PagerDuty de-duplicates on the key. */
export const pagerdutyReceiver: ReceiverFactory<PagerdutyConfig> = (name, settings, { clock, guard, ...context }) => {
  const call = httpClient(guard)
  const { routingKey, url, webhookSecret } = settings
  return {
    name,
    kind: 'pagerduty',
    recipients: [''],
    takesUpdates: true,
    ...(webhookSecret === undefined ? {} : { callback: pagerdutyCallback(webhookSecret) }),
    async send(delivery, signal): Promise<Outcome> {
      const event = pagerdutyEvent(delivery, context)
      const body = JSON.stringify({ routing_key: routingKey.reveal(), ...event })
      const headers = { 'content-type': 'application/json', 'user-agent': 'sloburn' }
      try {
        const reply = await call({ method: 'POST', url: new URL(url), headers, body, signal })
        return httpOutcome(reply.status, retryAfter(reply.headers['retry-after'], clock.now()))
      } catch (error) {
        return callFailure(error, signal)
      }
    },
  }
}
