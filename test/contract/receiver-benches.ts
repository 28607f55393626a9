import type { Outcome } from '../../src/core/model/delivery.ts'
import { secret } from '../../src/core/model/secret.ts'
import { alertmanagerReceiver } from '../../src/delivery/receivers/alertmanager/send.ts'
import { emailReceiver } from '../../src/delivery/receivers/email/send.ts'
import { pagerdutyReceiver } from '../../src/delivery/receivers/pagerduty/send.ts'
import { slackReceiver } from '../../src/delivery/receivers/slack/send.ts'
import { webhookReceiver } from '../../src/delivery/receivers/webhook/send.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import type { Cleanup } from '../support/cleanup.ts'
import { alertmanagerFarSide } from '../support/delivery-alertmanager-server.ts'
import { receiverContext as context } from '../support/delivery-context.ts'
import {
  answerWith,
  closedPort,
  cutConnection,
  httpFarSide,
  neverAnswer,
  type Reaction,
} from '../support/delivery-http-server.ts'
import { firedAt } from '../support/delivery-messages.ts'
import { pagerdutyFarSide } from '../support/delivery-pagerduty-server.ts'
import { slackFarSide } from '../support/delivery-slack-server.ts'
import { type SmtpAnswers, smtpFarSide } from '../support/delivery-smtp-server.ts'

/** A receiver of one kind with a far side that does as it is told. */
export interface StartedBench {
  readonly receiver: Receiver
  /** The same, with nobody listening where it sends. */
  readonly unreachable: Receiver
  /** What the far side does from now on; at first it takes everything. */
  readonly answer: (answer: string) => void
  /** Resolves with the next whole message that the far side has read. */
  readonly nextMessage: () => Promise<unknown>
  /** What identifies each message to the far side, in the order they came. */
  readonly identities: () => readonly (string | undefined)[]
  /** What the far side would have refused or misread. */
  readonly violations: () => readonly string[]
}

/** One kind of receiver under the shared tests. `take`, `hang` and `lose` mean the same for every kind. */
export interface ReceiverBench {
  readonly kind: string
  /** Words that may be seen on the wire and nowhere else. */
  readonly secrets: readonly string[]
  readonly recipient: string
  /** Every answer of its own, and what it means. */
  readonly answers: ReadonlyMap<string, Outcome>
  start(t: Cleanup): Promise<StartedBench>
}

const delivered: Outcome = { kind: 'delivered' }
const retry = (reason: string, afterMs?: number): Outcome =>
  afterMs === undefined ? { kind: 'retry', reason } : { kind: 'retry', reason, afterMs }
const ambiguous = (reason: string): Outcome => ({ kind: 'ambiguous', reason })
const rejected = (reason: string): Outcome => ({ kind: 'rejected', reason })

/** What each HTTP status means, written down once more, in another way than in the code. */
function outcomeOfStatus(status: number): Outcome {
  const reason = `HTTP ${status}`
  if (status < 300) return delivered
  if (status < 400) return rejected(`${reason}: redirects are not followed`)
  if ([502, 504, 520, 524].includes(status)) return ambiguous(reason)
  if ([408, 425, 429].includes(status) || status >= 500) return retry(reason)
  return rejected(reason)
}

const everyStatus = Array.from({ length: 400 }, (_, index) => index + 200)
const inSevenSeconds = new Date(firedAt + 7_000).toUTCString()
const limitedAnswers = new Map([
  ['HTTP 429 Retry-After: 7', retry('HTTP 429', 7_000)],
  ['HTTP 503 Retry-After: 120', retry('HTTP 503', 120_000)],
  [`HTTP 429 Retry-After: ${inSevenSeconds}`, retry('HTTP 429', 7_000)],
  ['HTTP 429 Retry-After: Thu, 01 Jan 1970 00:00:00 GMT', retry('HTTP 429', 0)],
  ['HTTP 429 Retry-After: soon', retry('HTTP 429')],
])

function httpReaction(answer: string): Reaction {
  if (answer === 'hang') return neverAnswer
  if (answer === 'lose') return cutConnection
  const [, status, retryAfter] = /^HTTP (\d+)(?: Retry-After: (.*))?$/.exec(answer) ?? []
  return answerWith(Number(status), {
    location: 'http://127.0.0.1:1/stolen',
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
  })
}

const webhookSecrets = ['T0PATH', 'us3r', 'p4ss', 's1gningkey', 'h3ader']

const webhookBench: ReceiverBench = {
  kind: 'webhook',
  secrets: webhookSecrets,
  recipient: '',
  answers: new Map([
    ...everyStatus.map((status) => [`HTTP ${status}`, outcomeOfStatus(status)] as const),
    ...limitedAnswers,
  ]),
  async start(t) {
    const http = await httpFarSide(t)
    return {
      receiver: webhookAt(new URL(http.url).port),
      unreachable: webhookAt(await closedPort()),
      answer: (answer) => http.react(answer === 'take' ? answerWith(200) : httpReaction(answer)),
      nextMessage: () => http.nextRequest(),
      identities: () => http.requests.map(({ headers }) => String(headers['idempotency-key'])),
      violations: () => [],
    }
  },
}

const slackErrors = new Map<string, Outcome>([
  ...['ratelimited', 'rate_limited', 'service_unavailable', 'request_timeout', 'team_added_to_org'].map(
    (code) => [`error ${code}`, retry(`Slack: ${code}`)] as const,
  ),
  ...['internal_error', 'fatal_error'].map((code) => [`error ${code}`, ambiguous(`Slack: ${code}`)] as const),
  ...[
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'invalid_auth',
    'token_revoked',
    'account_inactive',
    'missing_scope',
    'msg_too_long',
    'no_text',
    'invalid_blocks',
    'too_many_attachments',
    'restricted_action',
    'a_code_of_next_year',
  ].map((code) => [`error ${code}`, rejected(`Slack: ${code}`)] as const),
  ['body <html>captive portal xoxb-t0ken</html>', ambiguous('Slack: unreadable answer')],
  ['body ', ambiguous('Slack: unreadable answer')],
  [`body ${'x'.repeat(200_000)}`, ambiguous('Slack: unreadable answer')],
])

const slackBench: ReceiverBench = {
  kind: 'slack',
  secrets: ['xoxb-t0ken', 's1gn'],
  recipient: '',
  answers: new Map([
    // 200 is Slack's answer to everything; the error is in the body.
    ...everyStatus
      .filter((status) => status !== 200)
      .map((status) => [`HTTP ${status}`, slackOutcomeOf(status)] as const),
    ...limitedAnswers,
    ...slackErrors,
  ]),
  async start(t) {
    const slack = await slackFarSide(t, 'xoxb-t0ken')
    return {
      receiver: slackAt(slack.http.url),
      unreachable: slackAt(`http://127.0.0.1:${await closedPort()}`),
      answer: (answer) => slack.http.react(answer === 'take' ? slack.work : slackReaction(answer)),
      nextMessage: () => slack.http.nextRequest(),
      identities: () => slack.messages.map(({ metadata }) => deliveryIdIn(metadata)),
      violations: () => slack.violations,
    }
  },
}

/** Slack's API never answers another 2xx, so one tells of something in between; what fails there may have been posted before. */
function slackOutcomeOf(status: number): Outcome {
  return status < 300 || (status >= 500 && status !== 503) ? ambiguous(`HTTP ${status}`) : outcomeOfStatus(status)
}

function slackReaction(answer: string): Reaction {
  const [, kind, words] = /^(error|body) ([^]*)$/.exec(answer) ?? []
  if (kind === 'error') return answerWith(200, {}, JSON.stringify({ ok: false, error: words }))
  return kind === 'body' ? answerWith(200, {}, words) : httpReaction(answer)
}

function deliveryIdIn(metadata: unknown): string | undefined {
  return /"delivery_id":"([^"]*)"/.exec(JSON.stringify(metadata))?.[1]
}

const emailBench: ReceiverBench = {
  kind: 'email',
  secrets: ['p4ssword', Buffer.from('\u0000sloburn\u0000p4ssword').toString('base64')],
  recipient: 'oncall@example.com',
  answers: new Map<string, Outcome>([
    ['AUTH 535 5.7.8 p4ssword is wrong', rejected('SMTP: 535 login refused')],
    ['AUTH 454 4.7.0 later', retry('SMTP: 454 login refused')],
    ['MAIL 550 5.1.8 unknown sender', rejected('SMTP: 550 5.1.8 unknown sender')],
    ['MAIL 451 4.3.0 later', retry('SMTP: 451 4.3.0 later')],
    ['RCPT 550 5.1.1 no such user', rejected('SMTP: 550 5.1.1 no such user')],
    ['RCPT 450 4.2.1 greylisted', retry('SMTP: 450 4.2.1 greylisted')],
    ['DATA 554 5.3.0 no', rejected('SMTP: 554 5.3.0 no')],
    ['DATA 421 4.3.2 closing', retry('SMTP: 421 4.3.2 closing')],
    ['dot 552 5.2.2 mailbox full', rejected('SMTP: 552 5.2.2 mailbox full')],
    ['dot 452 4.3.1 disk full', retry('SMTP: 452 4.3.1 disk full')],
    ['dot 503 5.5.1 bad sequence', retry('SMTP: 503 5.5.1 bad sequence')],
    ['greeting 554 5.3.2 go away', rejected('SMTP: 554 5.3.2 go away')],
    ['greeting 421 4.3.2 busy', retry('SMTP: 421 4.3.2 busy')],
    ['body cut', retry('SMTP: ESOCKET')],
  ]),
  async start(t) {
    const smtp = await smtpFarSide(t)
    return {
      receiver: emailAt(smtp.port),
      unreachable: emailAt(await closedPort()),
      answer: (answer) => smtp.answer(smtpAnswers(answer)),
      nextMessage: () => smtp.nextMessage(),
      identities: () => smtp.messages.map((message) => /^Message-ID: (\S+)/m.exec(message)?.[1]),
      violations: () => smtp.messages.flatMap(overlongLines),
    }
  },
}

function smtpAnswers(answer: string): SmtpAnswers {
  if (answer === 'take') return {}
  if (answer === 'hang') return { dot: 'hang' }
  if (answer === 'lose') return { dot: 'cut' }
  const [command, ...words] = answer.split(' ')
  return { [command]: words.join(' ') }
}

function overlongLines(message: string): readonly string[] {
  return message.split('\r\n').filter((line) => Buffer.byteLength(line) > 998)
}

const pagerdutyBench: ReceiverBench = {
  kind: 'pagerduty',
  secrets: ['r0utingkey', 'wh00k'],
  recipient: '',
  answers: new Map([
    ...everyStatus.map((status) => [`HTTP ${status}`, outcomeOfStatus(status)] as const),
    ...limitedAnswers,
  ]),
  async start(t) {
    const pagerduty = await pagerdutyFarSide(t, 'r0utingkey')
    return {
      receiver: pagerdutyAt(pagerduty.http.url),
      unreachable: pagerdutyAt(`http://127.0.0.1:${await closedPort()}`),
      answer: (answer) => pagerduty.http.react(answer === 'take' ? pagerduty.work : httpReaction(answer)),
      nextMessage: () => pagerduty.http.nextRequest(),
      identities: () => pagerduty.events.map(({ action, key }) => `${action === 'resolve' ? action : 'open'} ${key}`),
      violations: () => pagerduty.violations,
    }
  },
}

const alertmanagerBench: ReceiverBench = {
  kind: 'alertmanager',
  secrets: ['am-t0ken'],
  recipient: 'http://127.0.0.1:1',
  answers: new Map([
    ...everyStatus.map((status) => [`HTTP ${status}`, outcomeOfStatus(status)] as const),
    ...limitedAnswers,
  ]),
  async start(t) {
    const alertmanager = await alertmanagerFarSide(t, 'am-t0ken')
    return {
      receiver: alertmanagerAt(alertmanager.http.url),
      unreachable: alertmanagerAt(`http://127.0.0.1:${await closedPort()}`),
      answer: (answer) => alertmanager.http.react(answer === 'take' ? alertmanager.work : httpReaction(answer)),
      nextMessage: () => alertmanager.http.nextRequest(),
      identities: () => alertmanager.posts.map(({ identity }) => identity),
      violations: () => alertmanager.violations,
    }
  },
}

/** Every kind of receiver. One that is missing here fails a test. */
export const receiverBenches: readonly ReceiverBench[] = [
  webhookBench,
  slackBench,
  emailBench,
  pagerdutyBench,
  alertmanagerBench,
]

function pagerdutyAt(url: string): Receiver {
  const settings = { routingKey: secret('r0utingkey'), url: `${url}/v2/enqueue`, webhookSecret: secret('wh00k') }
  return pagerdutyReceiver('oncall', settings, context)
}

/** The shared tests know one recipient, whatever port it is on. */
function alertmanagerAt(url: string): Receiver {
  const settings = { urls: [url], resolveTimeoutMs: 900_000, login: undefined, token: secret('am-t0ken') }
  const receiver = alertmanagerReceiver('oncall', settings, context)
  return {
    ...receiver,
    recipients: ['http://127.0.0.1:1'],
    send: (delivery, signal) => receiver.send({ ...delivery, recipient: url }, signal),
  }
}

function webhookAt(port: string | number): Receiver {
  const settings = {
    url: secret(`http://us3r:p4ss@127.0.0.1:${port}/hooks/T0PATH`),
    signingKey: secret('s1gningkey'),
    headers: new Map([['X-Api-Key', secret('h3ader')]]),
  }
  return webhookReceiver('oncall', settings, context)
}

function slackAt(url: string): Receiver {
  return slackReceiver('oncall', slackSettings(url), context)
}

function slackSettings(url: string) {
  const signingSecret = secret('s1gn')
  return {
    token: secret('xoxb-t0ken'),
    channel: '#incidents',
    mention: ['S0ONCALL'],
    signingSecret,
    picture: false,
    apiUrl: `${url}/api/`,
  }
}

function emailAt(port: number): Receiver {
  const settings = {
    host: '127.0.0.1',
    port,
    tls: 'none',
    login: { username: 'sloburn', password: secret('p4ssword') },
    from: 'sloburn@example.com',
    to: ['oncall@example.com'],
  } as const
  return emailReceiver('oncall', settings, context)
}
