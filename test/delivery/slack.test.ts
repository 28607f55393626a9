import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import type { Delivery } from '../../src/core/model/delivery.ts'
import type { Notification } from '../../src/core/model/notification.ts'
import { secret } from '../../src/core/model/secret.ts'
import { slackPost, slackReply, slackUpdate } from '../../src/delivery/receivers/slack/message.ts'
import { slackReceiver } from '../../src/delivery/receivers/slack/send.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { answerWith, cutConnection, type Reaction } from '../support/delivery-http-server.ts'
import { aDelivery, aNotification, aResolve, firedAt } from '../support/delivery-messages.ts'
import { slackViolations } from '../support/delivery-slack-limits.ts'
import { type SlackFarSide, slackChannelId, slackFarSide } from '../support/delivery-slack-server.ts'

const unaborted = new AbortController().signal
const options = { ...receiverContext, mention: ['S0ONCALL'], isInteractive: true }
const reference = { channel: slackChannelId, ts: '1795228860.000100' }

test('an open is posted to Slack as it stands in the golden file', (t) => {
  t.assert.fileSnapshot(slackPost(aDelivery(), '#incidents', options), 'test/golden/delivery/slack-firing.json')
})

test('a resolve rewrites the message in Slack and answers in its thread, as in the golden file', (t) => {
  const delivery = aDelivery(aResolve())
  const messages = {
    update: slackUpdate(delivery, reference, options),
    reply: slackReply(delivery, reference, options),
  }
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

describe('after a digest', () => {
  test('the end of an entry is a line in the thread of the digest, which stays as it is', async (t) => {
    const { receiver, slack } = await started(t)
    const openReference = await openDigest(receiver)
    assert.deepEqual(await receiver.send(resolveOf(openReference), unaborted), { kind: 'delivered' })
    const [digest, reply] = slack.messages
    assert.match(digest.text, /2 tickets/)
    assert.equal(reply.threadTs, digest.ts)
    assert.match(reply.text, /^✅ Resolved checkout-availability/)
    assert.deepEqual(slack.calls, ['chat.postMessage', 'chat.postMessage'])
    assert.deepEqual(slack.violations, [])
  })

  test('what only brings an entry up to date says nothing, and who looks after it is a line in the thread', async (t) => {
    const { receiver, slack } = await started(t)
    const openReference = await openDigest(receiver)
    const update = aNotification({ severity: 'ticket', revision: 2, change: 'updated', wakes: false })
    assert.deepEqual(await receiver.send(aDelivery(update, { openReference }), unaborted), { kind: 'delivered' })
    assert.equal(slack.messages.length, 1)
    const taken = aNotification({ severity: 'ticket', revision: 3, change: 'acknowledged', wakes: false })
    assert.deepEqual(await receiver.send(aDelivery(taken, { openReference }), unaborted), { kind: 'delivered' })
    assert.equal(slack.messages[1].threadTs, slack.messages[0].ts)
    assert.match(slack.messages[1].text, /^Acknowledged: .*checkout-availability/)
  })

  test('an entry that becomes a page is a message of its own, which later ones rewrite', async (t) => {
    const { receiver, slack } = await started(t)
    const openReference = await openDigest(receiver)
    const page = aNotification({ revision: 2, change: 'escalated' })
    const outcome = await receiver.send(aDelivery(page, { openReference }), unaborted)
    const own = slack.messages[1]
    assert.deepEqual(outcome, { kind: 'delivered', reference: `${slackChannelId}:${own.ts}` })
    assert.equal(own.threadTs, undefined)
    await receiver.send(resolveOf(`${slackChannelId}:${own.ts}`), unaborted)
    assert.match(slack.messages[1].text, /^✅ Resolved/)
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
    const regions = Array.from(
      { length: 20 },
      () => ({ region: '&'.repeat(120), burnRate: 1, state: 'ok', share: null }) as const,
    )
    const { text } = fieldOf(aNotification({ scope: 'global', regions }), 'Where')
    assert.ok(text.length <= 3_000)
    assert.match(text, /&amp;…$/)
  })

  test('are found out by the checker of these tests when they are not escaped', () => {
    const fields = new URLSearchParams({ channel: 'C1', text: '<!channel>', link_names: 'false', parse: 'none' })
    assert.match(slackViolations('chat.postMessage', fields).join(), /control characters/)
  })
})

async function started(
  t: TestContext,
  channel = '#incidents',
): Promise<{ readonly receiver: Receiver; readonly slack: SlackFarSide }> {
  const slack = await slackFarSide(t, 'xoxb-1')
  const settings = {
    token: secret('xoxb-1'),
    channel,
    mention: ['S0ONCALL'],
    signingSecret: undefined,
    picture: false,
    apiUrl: `${slack.http.url}/api`,
  }
  return { slack, receiver: slackReceiver('oncall', settings, receiverContext) }
}

async function open(receiver: Receiver): Promise<string> {
  const outcome = await receiver.send(aDelivery(), unaborted)
  assert.ok(outcome.kind === 'delivered' && outcome.reference !== undefined)
  return outcome.reference
}

async function openDigest(receiver: Receiver): Promise<string> {
  const entries = ['checkout-availability', 'search'].map((slo) => aNotification({ slo, severity: 'ticket' }))
  const [first] = entries
  const message = { kind: 'digest', key: 'digest/1', status: 'firing', change: 'opened', wakes: true } as const
  const notification = { ...message, revision: 1, severity: 'ticket', at: first.at, entries } as const
  const outcome = await receiver.send({ ...aDelivery(), id: 'digest', notification }, unaborted)
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
  const json = JSON.stringify(slackPost(aDelivery(notification), 'C1', options))
  const { blocks }: { blocks: { text?: { text: string }; fields?: { text: string }[] }[] } = JSON.parse(json)
  const texts = blocks.flatMap(({ text, fields = [] }) => (text === undefined ? fields : [text]))
  const field = texts.find(({ text }) => text.startsWith(`*${name}*`))
  assert.ok(field !== undefined)
  return field
}

describe('a post whose answer was lost (faults 15 and 16)', () => {
  const again = { attempt: 2, maybeSent: true } as const

  for (const [what, after] of [
    ['the connection broke', cutConnection],
    ['Slack failed after it had posted', answerWith(500)],
    ['Slack could not say', answerWith(200, {}, JSON.stringify({ ok: false, error: 'fatal_error' }))],
  ] as const) {
    test(`is found in the channel and not made again: ${what}`, async (t) => {
      const { receiver, slack } = await started(t, slackChannelId)
      slack.http.react(takenBut(after, slack))
      assert.equal((await receiver.send(aDelivery(), unaborted)).kind, 'ambiguous')
      slack.http.react(slack.work)
      const outcome = await receiver.send(aDelivery(undefined, again), unaborted)
      assert.deepEqual(outcome, { kind: 'delivered', reference: `${slackChannelId}:${slack.messages[0].ts}` })
      assert.equal(slack.messages.length, 1)
    })
  }

  test('is made when it is not in the channel', async (t) => {
    const { receiver, slack } = await started(t, slackChannelId)
    assert.equal((await receiver.send(aDelivery(undefined, again), unaborted)).kind, 'delivered')
    assert.deepEqual(slack.calls, ['conversations.history', 'chat.postMessage'])
  })

  test('in a thread is found in the thread', async (t) => {
    const { receiver, slack } = await started(t, slackChannelId)
    const openReference = await open(receiver)
    assert.equal((await receiver.send(resolveOf(openReference), unaborted)).kind, 'delivered')
    assert.equal((await receiver.send({ ...resolveOf(openReference), ...again }, unaborted)).kind, 'delivered')
    assert.equal(slack.messages.length, 2)
  })

  for (const [severity, kind, messages] of [
    ['page', 'delivered', 1],
    ['ticket', 'retry', 0],
  ] as const) {
    test(`that cannot be looked for: a ${severity}`, async (t) => {
      const { receiver, slack } = await started(t, slackChannelId)
      slack.http.react(failingOn('conversations.history', 'ratelimited', slack))
      const outcome = await receiver.send(aDelivery(aNotification({ severity }), again), unaborted)
      assert.equal(outcome.kind, kind)
      assert.equal(slack.messages.length, messages)
    })
  }

  test('is made again where the token may not read the channel', async (t) => {
    const { receiver, slack } = await started(t, slackChannelId)
    slack.http.react(failingOn('conversations.history', 'missing_scope', slack))
    const outcome = await receiver.send(aDelivery(aNotification({ severity: 'ticket' }), again), unaborted)
    assert.equal(outcome.kind, 'delivered')
  })
})

describe('who is disturbed', () => {
  test('an update disturbs nobody: the message is rewritten and nothing else', async (t) => {
    const { receiver, slack } = await started(t)
    const openReference = await open(receiver)
    const update = aNotification({ change: 'updated', wakes: false, revision: 2 })
    await receiver.send(aDelivery(update, { openReference, opens: false }), unaborted)
    assert.deepEqual(slack.calls, ['chat.postMessage', 'chat.update'])
  })

  test('a page that got worse is told in the channel as well, with the mention', async (t) => {
    const { receiver, slack } = await started(t)
    const openReference = await open(receiver)
    const worse = aNotification({ change: 'escalated', revision: 2, sev: 'SEV1' })
    await receiver.send(aDelivery(worse, { openReference, opens: false }), unaborted)
    const reply = slack.messages[1]
    assert.ok(reply.isBroadcast)
    assert.match(reply.text, /^<!subteam\^S0ONCALL> It got worse: 🔴 PAGE SEV1/)
  })

  test('a ticket and an end mention nobody', () => {
    for (const notification of [aNotification({ severity: 'ticket' }), aResolve()]) {
      assert.doesNotMatch(JSON.stringify(slackPost(aDelivery(notification), 'C1', options)), /subteam/)
    }
  })
})

describe('the Acknowledge button (fault 73)', () => {
  const callback = slackReceiver(
    'oncall',
    {
      token: secret('x'),
      channel: 'C1',
      mention: [],
      signingSecret: secret('s1gn'),
      picture: false,
      apiUrl: 'http://127.0.0.1:1/',
    },
    receiverContext,
  ).callback
  const payload = {
    type: 'block_actions',
    user: { id: 'U1', name: 'ana' },
    actions: [{ action_id: 'acknowledge', value: '4b82' }],
  }

  function pressed({ key = 's1gn', stamp = firedAt / 1_000, now = firedAt } = {}) {
    const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`
    const signature = `v0=${createHmac('sha256', key).update(`v0:${stamp}:${body}`).digest('hex')}`
    const headers = { 'x-slack-request-timestamp': String(stamp), 'x-slack-signature': signature }
    return callback?.({ headers, body: Buffer.from(body), now })
  }

  test('acknowledges the incident when it is signed, fresh and new', () => {
    assert.deepEqual(pressed(), { kind: 'acknowledge', incident: { id: '4b82' }, by: 'ana (Slack)', forMs: 14_400_000 })
    assert.deepEqual(pressed(), { kind: 'refused', reason: 'it came before' })
  })

  test('does nothing when the press is forged or old', () => {
    assert.equal(pressed({ key: 'other' })?.kind, 'refused')
    assert.equal(pressed({ now: firedAt + 301_000 })?.kind, 'refused')
  })

  test('is there only where an answer can be believed, while nobody looks after the incident', () => {
    assert.match(jsonOf(true), /"acknowledge"/)
    assert.doesNotMatch(jsonOf(false), /"acknowledge"/)
    const acknowledgement = { by: 'ana', at: firedAt, until: firedAt + 1 }
    assert.doesNotMatch(jsonOf(true, aNotification({ acknowledgement })), /"acknowledge"/)
    assert.doesNotMatch(jsonOf(true, aResolve()), /"acknowledge"/)
  })
})

function jsonOf(isInteractive: boolean, message = aNotification()): string {
  return JSON.stringify(slackPost(aDelivery(message), 'C1', { ...options, isInteractive }))
}

/** Slack takes it, and then its answer is another. */
function takenBut(answer: Reaction, slack: SlackFarSide): Reaction {
  return (request, response) => {
    const nowhere = { writeHead: () => nowhere, end: () => nowhere }
    Reflect.apply(slack.work, undefined, [request, nowhere])
    answer(request, response)
  }
}
