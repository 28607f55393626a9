import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import type { Notification } from '../../src/core/model/notification.ts'
import { secret } from '../../src/core/model/secret.ts'
import { targetGuard } from '../../src/delivery/guard.ts'
import { emailReceiver } from '../../src/delivery/receivers/email/send.ts'
import { buildReceiver } from '../../src/delivery/receivers/registry.ts'
import { slackReceiver } from '../../src/delivery/receivers/slack/send.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import { receiverBenches } from '../contract/receiver-benches.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { answerWith, cutConnection, httpFarSide, type Reaction } from '../support/delivery-http-server.ts'
import { mailbox } from '../support/delivery-mailbox.ts'
import { aDelivery, aNewDelivery, aNotification, aResolve } from '../support/delivery-messages.ts'
import { recordingLog, recordingMeter } from '../support/delivery-recorders.ts'
import { type SlackFarSide, slackChannelId, slackFarSide } from '../support/delivery-slack-server.ts'
import { smtpFarSide } from '../support/delivery-smtp-server.ts'
import { realDelivery, receiverWorld } from '../support/faults-http.ts'

const unaborted = new AbortController().signal

/** Slack behind the outbox: attempts, references and what may have arrived are those that delivery knows. */
async function withSlack(t: TestContext) {
  const slack = await slackFarSide(t, 'xoxb-1')
  const settings = {
    token: secret('xoxb-1'),
    channel: slackChannelId,
    mention: [],
    signingSecret: undefined,
    picture: false,
    apiUrl: `${slack.http.url}/api`,
  }
  const world = await realDelivery(t, slackReceiver('oncall', settings, receiverContext))
  return { slack, ...world }
}

/** Mail behind the outbox. */
function anEmail(port: number, to: readonly string[] = ['oncall@example.com']): Receiver {
  const settings = { host: '127.0.0.1', port, tls: 'none', login: undefined, from: 'sloburn@example.com', to } as const
  return emailReceiver('oncall', settings, receiverContext)
}

test('14. the Slack message that is to be brought up to date was deleted: the end is a message of its own', async (t) => {
  const { slack, tell } = await withSlack(t)
  assert.equal(await tell(), 'delivered')
  slack.remove(slack.messages[0].ts)
  assert.equal(await tell(aNewDelivery(aResolve())), 'delivered')
  assert.deepEqual(
    slack.messages.map(({ threadTs, text }) => [threadTs, text.slice(0, 10)]),
    [[undefined, '✅ Resolved']],
  )
})

for (const [number, what, answer] of [
  ['15', 'Slack says fatal_error after it has posted', answerWith(200, {}, '{"ok":false,"error":"fatal_error"}')],
  ['16', 'the answer of Slack is lost after it has posted', cutConnection],
] as const) {
  test(`${number}. ${what}: it is looked for, found, and posted once`, async (t) => {
    const { slack, tell } = await withSlack(t)
    slack.http.react(oncePosted(slack, answer))
    assert.equal(await tell(), 'delivered')
    assert.equal(slack.messages.length, 1)
    assert.deepEqual(slack.calls, ['chat.postMessage', 'conversations.history'])
  })
}

test('17. the mail server drops the connection after the final dot: it is sent again with the same Message-ID', async (t) => {
  const smtp = await smtpFarSide(t)
  smtp.answer({ dot: 'cut' })
  const { tell, store } = await realDelivery(t, anEmail(smtp.port))
  const first = smtp.nextMessage()
  const told = tell(aNewDelivery(aNotification(), { recipient: 'oncall@example.com' }))
  await first
  smtp.answer({})
  assert.equal(await told, 'delivered')
  const ids = smtp.messages.map((message) => /^Message-ID: (\S+)/m.exec(message)?.[1])
  assert.ok(ids.length > 1)
  assert.equal(new Set(ids).size, 1)
  const [{ attempts }] = await store.outbox.list({ limit: 1 })
  assert.equal(attempts, ids.length)
})

test('18. one of two recipients is refused with 550: the other has the mail, and the refusal is said', async (t) => {
  const good = 'ana@example.com'
  const { port, mails } = await mailbox(t, {
    onRcptTo: ({ address }, _session, done) =>
      address === good ? done() : done(Object.assign(new Error('no such user'), { responseCode: 550 })),
  })
  const { tell, store } = await realDelivery(t, anEmail(port, [good, 'bob@example.com']))
  assert.equal(await tell(aNewDelivery(aNotification(), { recipient: good })), 'delivered')
  assert.equal(await tell(aNewDelivery(aNotification(), { recipient: 'bob@example.com' })), 'rejected')
  assert.deepEqual(
    mails.map(({ to }) => to),
    [[good]],
  )
  const [given] = await store.outbox.list({ limit: 1, status: 'dead' })
  assert.match(given.reason ?? '', /550/)
})

test('31. the own words of a receiver cannot be filled: the built-in ones go out, and the failure is counted', async (t) => {
  const far = await httpFarSide(t)
  const meter = recordingMeter()
  const log = recordingLog()
  const settings = { url: secret(far.url), signingKey: undefined, headers: new Map() }
  const text = { title: '{{labels.nobody}}' }
  const world = { ...receiverWorld, meter, log, guard: targetGuard([]) }
  const { tell } = await realDelivery(t, buildReceiver({ name: 'oncall', kind: 'webhook', text, settings }, world))
  assert.equal(await tell(), 'delivered')
  assert.match(far.requests[0].body, /checkout-availability/)
  assert.equal(meter.values.get('sloburn_template_failures_total{receiver="oncall"}'), 1)
  assert.ok(log.lines.some(({ level }) => level === 'error' || level === 'warn'))
})

const endless: Partial<Notification> = {
  description: 'x'.repeat(1_000_000),
  labels: { team: '😀'.repeat(400_000) },
  members: Array.from({ length: 10_000 }, (_, index) => ({
    slo: `slo-${index}-${'&😀'.repeat(30)}`,
    service: 'shop',
    severity: 'page' as const,
    scopes: ['eu'],
    since: 0,
    resolvedAt: null,
  })),
  regions: Array.from({ length: 3_001 }, (_, index) => ({
    region: `r${index}`,
    burnRate: 1,
    state: 'ok' as const,
    share: 1 / 3_001,
  })),
}

for (const bench of receiverBenches) {
  test(`67. a megabyte of description, 10 000 members, 3 001 regions, by ${bench.kind}: delivered, cut to what is taken there`, async (t) => {
    const { receiver, violations, nextMessage } = await bench.start(t)
    const message = nextMessage()
    const recipient = receiver.recipients[0]
    assert.deepEqual(
      (await receiver.send(aDelivery(aNotification(endless), { recipient }), unaborted)).kind,
      'delivered',
    )
    assert.deepEqual(violations(), [])
    const wire = JSON.stringify(await message)
    // A webhook is read by programs: it has everything, and only what people read is cut.
    assert.ok(wire.length < (bench.kind === 'webhook' ? 8_000_000 : 1_000_000), `${wire.length} characters`)
    // Half of a surrogate pair would have been written as an escape or as U+FFFD.
    assert.doesNotMatch(wire, /\\ud83d(?!\\ude00)|\ufffd|%EF%BF%BD/i)
  })
}

const words = `<!channel> <@U1> <http://evil|ok> *b* _i_ ~s~ \`c\` <script>alert(1)</script>\r\nBcc: x@example.com\u001b[31m=cmd|'/C calc'!A0`

for (const bench of receiverBenches) {
  test(`69. names and labels full of mark-up, headers and control characters, by ${bench.kind}: all of it is inert`, async (t) => {
    const { receiver, violations, nextMessage } = await bench.start(t)
    const hostile = aNotification({
      slo: words,
      service: words,
      scope: words,
      description: words,
      labels: JSON.parse(JSON.stringify({ [words]: words }).replace('{', '{"__proto__":"polluted","constructor":"x",')),
      runbook: 'javascript:alert(1)',
      dashboard: 'https://example.com/"><script>alert(1)</script>',
    })
    const message = nextMessage()
    const recipient = receiver.recipients[0]
    assert.equal((await receiver.send(aDelivery(hostile, { recipient }), unaborted)).kind, 'delivered')
    assert.deepEqual(violations(), [])
    const raw = await message
    const wire = typeof raw === 'string' ? raw : JSON.stringify(raw)
    assert.doesNotMatch(wire, /^Bcc:/m)
    assert.doesNotMatch(wire, /href=(?:3D)?\\?"javascript:/)
    assert.equal(Reflect.get({}, 'polluted'), undefined)
  })
}

test('73. an acknowledgement that is forged, old or played back is refused; the genuine one counts once', () => {
  const now = Date.UTC(2026, 10, 21)
  const settings = {
    token: secret('x'),
    channel: 'C1',
    mention: [],
    signingSecret: secret('s1gn'),
    picture: false,
    apiUrl: 'http://127.0.0.1:1/',
  }
  const { callback } = slackReceiver('oncall', settings, receiverContext)
  const pressed = (key: string, at: number, of = 'incident') => {
    const payload = {
      type: 'block_actions',
      user: { id: 'U1', name: 'ana' },
      actions: [{ action_id: 'acknowledge', value: of }],
    }
    const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`
    const stamp = String(at / 1_000)
    const signature = `v0=${createHmac('sha256', key).update(`v0:${stamp}:${body}`).digest('hex')}`
    const headers = { 'x-slack-request-timestamp': stamp, 'x-slack-signature': signature }
    return callback?.({ headers, body: Buffer.from(body), now })?.kind
  }
  assert.equal(pressed('another key', now), 'refused')
  assert.equal(pressed('s1gn', now - 6 * 60_000), 'refused')
  assert.equal(pressed('s1gn', now + 6 * 60_000), 'refused')
  assert.equal(pressed('s1gn', now), 'acknowledge')
  assert.equal(pressed('s1gn', now), 'refused')
})

/** Slack takes the first post and answers something else; from then on it works. */
function oncePosted(slack: SlackFarSide, answer: Reaction): Reaction {
  return (request, response) => {
    const nowhere = { writeHead: () => nowhere, end: () => nowhere }
    Reflect.apply(slack.work, undefined, [request, nowhere])
    slack.http.react(slack.work)
    answer(request, response)
  }
}
