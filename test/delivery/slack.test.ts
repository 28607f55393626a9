import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { Delivery } from '../../src/core/model/delivery.ts'
import type { Notification } from '../../src/core/model/notification.ts'
import { secret } from '../../src/core/model/secret.ts'
import { slackPost, slackReply, slackUpdate } from '../../src/delivery/receivers/slack/message.ts'
import { slackReceiver } from '../../src/delivery/receivers/slack/send.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import { answerWith, type Reaction } from '../support/delivery-http-server.ts'
import { aDelivery, aNotification, aResolve, firedAt } from '../support/delivery-messages.ts'
import { slackViolations } from '../support/delivery-slack-limits.ts'
import { type SlackFarSide, slackChannelId, slackFarSide } from '../support/delivery-slack-server.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const unaborted = new AbortController().signal
const reference = { channel: slackChannelId, ts: '1795228860.000100' }

test('the message of an open', (t) => {
  t.assert.fileSnapshot(slackPost(aDelivery(), '#incidents'), 'test/golden/delivery/slack-firing.json')
})

test('the messages of a resolve', (t) => {
  const delivery = aDelivery(aResolve())
  const messages = { update: slackUpdate(delivery, reference), reply: slackReply(delivery, reference) }
  t.assert.fileSnapshot(messages, 'test/golden/delivery/slack-resolved.json')
})

describe('an open and its resolve', () => {
  test('are one message, rewritten in place, and a reply in its thread', async (t) => {
    const { receiver, slack } = await started(t)
    const openReference = await open(receiver)
    assert.deepEqual(await receiver.send(resolveOf(openReference), unaborted), {
      kind: 'delivered',
      reference: openReference,
    })
    assert.deepEqual(slack.calls, ['chat.postMessage', 'chat.update', 'chat.postMessage'])
    const [root, reply] = slack.messages
    assert.match(root.text, /^✅ Resolved checkout-availability/)
    assert.equal(reply.threadTs, root.ts)
    assert.match(reply.text, /^✅ Resolved checkout-availability · eu-west-1 after 38m/)
    assert.deepEqual(slack.violations, [])
  })

  test('are two messages when somebody deleted the first', async (t) => {
    const { receiver, slack } = await started(t)
    const openReference = await open(receiver)
    slack.remove(slack.messages[0].ts)
    assert.equal((await receiver.send(resolveOf(openReference), unaborted)).kind, 'delivered')
    assert.deepEqual(
      slack.messages.map(({ threadTs, text }) => [threadTs, text.slice(0, 10)]),
      [[undefined, '✅ Resolved']],
    )
  })

  for (const code of ['cant_update_message', 'edit_window_closed', 'is_inactive']) {
    test(`are a message and a reply when the first can no longer be changed: ${code}`, async (t) => {
      const { receiver, slack } = await started(t)
      const openReference = await open(receiver)
      slack.http.react(failingOn('chat.update', code, slack))
      assert.equal((await receiver.send(resolveOf(openReference), unaborted)).kind, 'delivered')
      assert.deepEqual(
        slack.messages.map(({ threadTs, text }) => [threadTs, text.slice(0, 2)]),
        [
          [undefined, '🔴'],
          [slack.messages[0].ts, '✅ '],
        ],
      )
    })
  }

  test('are two messages when nobody knows where the first one is', async (t) => {
    const { receiver, slack } = await started(t)
    assert.equal((await receiver.send(resolveOf(null), unaborted)).kind, 'delivered')
    assert.equal((await receiver.send(resolveOf('not a reference'), unaborted)).kind, 'delivered')
    assert.deepEqual(slack.calls, ['chat.postMessage', 'chat.postMessage'])
  })

  test('a resolve whose reply is lost is made again as a whole: the update does no harm', async (t) => {
    const { receiver, slack } = await started(t)
    const openReference = await open(receiver)
    slack.http.react(failingOn('chat.postMessage', 'ratelimited', slack))
    const outcome = await receiver.send(resolveOf(openReference), unaborted)
    assert.deepEqual(outcome, { kind: 'retry', reason: 'Slack: ratelimited' })
    slack.http.react(slack.work)
    assert.equal((await receiver.send(resolveOf(openReference), unaborted)).kind, 'delivered')
    assert.equal(slack.messages.length, 2)
  })

  test('a resolve whose reply is refused was told by the update', async (t) => {
    const { receiver, slack } = await started(t)
    const openReference = await open(receiver)
    slack.http.react(failingOn('chat.postMessage', 'restricted_action', slack))
    assert.equal((await receiver.send(resolveOf(openReference), unaborted)).kind, 'delivered')
  })

  test('a resolve is not told in the thread when Slack cannot say whether the update worked', async (t) => {
    const { receiver, slack } = await started(t)
    const openReference = await open(receiver)
    slack.http.react(failingOn('chat.update', 'fatal_error', slack))
    const outcome = await receiver.send(resolveOf(openReference), unaborted)
    assert.deepEqual(outcome, { kind: 'ambiguous', reason: 'Slack: fatal_error' })
    assert.equal(slack.messages.length, 1)
  })
})

test('one attempt is one call, whatever the answer', async (t) => {
  const { receiver, slack } = await started(t)
  for (const reaction of [answerWith(500), answerWith(429), answerWith(429, { 'retry-after': '1' })]) {
    slack.http.react(reaction)
    await receiver.send(aDelivery(), unaborted)
  }
  assert.equal(slack.http.requests.length, 3)
})

test('a rate limit on one message does not hold up the next', async (t) => {
  const { receiver, slack } = await started(t)
  slack.http.react(answerWith(429, { 'retry-after': '3600' }))
  assert.deepEqual(await receiver.send(aDelivery(), unaborted), {
    kind: 'retry',
    reason: 'HTTP 429',
    afterMs: 3_600_000,
  })
  slack.http.react(slack.work)
  assert.equal((await receiver.send(aDelivery(), unaborted)).kind, 'delivered')
})

describe('words of others', () => {
  test('make no mention, link or formatting', () => {
    const words = '<!channel> <@U1> <http://evil|ok> *b* `c` a_b _i_ &lt;'
    const regions = [{ region: words, burnRate: 1, state: 'ok', share: null }] as const
    const { text } = fieldOf(aNotification({ scope: 'global', regions }), 'Where')
    assert.equal(
      text,
      '*Where*\nall regions together: &lt;!channel&gt; &lt;@U1&gt; &lt;http://evil|ok&gt; \u2060*b\u2060* \u2060`c\u2060` a_b \u2060_i\u2060_ &amp;lt; 1×',
    )
  })

  test('are cut to the limit of their place, never inside an escape', () => {
    const regions = Array.from({ length: 20 }, () => ({ region: '&'.repeat(120), burnRate: 1, state: 'ok', share: null }) as const)
    const { text } = fieldOf(aNotification({ scope: 'global', regions }), 'Where')
    assert.ok(text.length <= 2_000)
    assert.match(text, /&amp;…$/)
  })

  test('are found out by the checker of these tests when they are not escaped', () => {
    const fields = new URLSearchParams({ channel: 'C1', text: '<!channel>', link_names: 'false', parse: 'none' })
    assert.match(slackViolations('chat.postMessage', fields).join(), /control characters/)
  })
})

async function started(t: TestContext): Promise<{ readonly receiver: Receiver; readonly slack: SlackFarSide }> {
  const slack = await slackFarSide(t, 'xoxb-1')
  const settings = { token: secret('xoxb-1'), channel: '#incidents', apiUrl: `${slack.http.url}/api` }
  const context = { clock: new VirtualClock(firedAt), externalUrl: '' }
  return { slack, receiver: slackReceiver('oncall', settings, context) }
}

async function open(receiver: Receiver): Promise<string> {
  const outcome = await receiver.send(aDelivery(), unaborted)
  assert.ok(outcome.kind === 'delivered' && outcome.reference !== undefined)
  return outcome.reference
}

function resolveOf(openReference: string | null): Delivery {
  return aDelivery(aResolve(), { openReference })
}

function failingOn(method: string, code: string, slack: SlackFarSide): Reaction {
  return (request, response) => {
    if (!request.path.endsWith(method)) slack.work(request, response)
    else answerWith(200, {}, JSON.stringify({ ok: false, error: code }))(request, response)
  }
}

function fieldOf(notification: Notification, name: string): { readonly text: string } {
  const json = JSON.stringify(slackPost(aDelivery(notification), 'C1'))
  const { blocks }: { blocks: { fields?: { text: string }[] }[] } = JSON.parse(json)
  const field = blocks.flatMap(({ fields = [] }) => fields).find(({ text }) => text.startsWith(`*${name}*`))
  assert.ok(field !== undefined)
  return field
}
