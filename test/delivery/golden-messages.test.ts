import { describe, test } from 'node:test'
import type { Delivery } from '../../src/core/model/delivery.ts'
import { alertmanagerAlerts } from '../../src/delivery/receivers/alertmanager/message.ts'
import { emailMessage } from '../../src/delivery/receivers/email/message.ts'
import { pagerdutyEvent } from '../../src/delivery/receivers/pagerduty/message.ts'
import { slackPost, slackReply, slackUpdate } from '../../src/delivery/receivers/slack/message.ts'
import { webhookMessage } from '../../src/delivery/receivers/webhook/message.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { firedAt } from '../support/delivery-messages.ts'
import { stories } from '../support/delivery-stories.ts'

/** Where people reach the engine, so that messages lead to it. */
const context = { ...receiverContext, externalUrl: 'https://sloburn.example.com' }
const slackOptions = { ...context, mention: ['S0ONCALL'], isInteractive: true }
const channel = 'C0INCIDENTS'

for (const [story, delivery] of Object.entries(stories)) {
  describe(`the message of an incident, ${story}`, () => {
    test('to Slack', (t) => {
      t.assert.fileSnapshot(slackMessages(delivery), goldenOf(story, 'slack.json'))
    })

    test('by e-mail', (t) => {
      const mail = { ...delivery, recipient: 'oncall@example.com' }
      const { text, html } = emailMessage(mail, { ...context, receiver: 'oncall', from: 'sloburn@example.com' })
      t.assert.fileSnapshot(text, goldenOf(story, 'email.txt'), { serializers: [String] })
      t.assert.fileSnapshot(html, goldenOf(story, 'email.html'), { serializers: [String] })
    })

    test('to PagerDuty', (t) => {
      t.assert.fileSnapshot(pagerdutyEvent(delivery, context), goldenOf(story, 'pagerduty.json'))
    })

    test('to Alertmanager', (t) => {
      const options = { ...context, now: firedAt, resolveTimeoutMs: 900_000 }
      t.assert.fileSnapshot(alertmanagerAlerts(delivery, options), goldenOf(story, 'alertmanager.json'))
    })

    test('to a webhook', (t) => {
      t.assert.fileSnapshot(
        webhookMessage(delivery, { ...context, receiver: 'oncall' }),
        goldenOf(story, 'webhook.json'),
      )
    })
  })
}

function goldenOf(story: string, name: string): string {
  return `test/golden/delivery/${story}/${name}`
}

function slackMessages(delivery: Delivery): object {
  if (delivery.openReference === null) return slackPost(delivery, channel, slackOptions)
  const reference = { channel, ts: '1795228860.000100' }
  const update = slackUpdate(delivery, reference, slackOptions)
  const isTold = delivery.notification.wakes || delivery.notification.status === 'resolved'
  return isTold ? { update, reply: slackReply(delivery, reference, slackOptions) } : { update }
}
