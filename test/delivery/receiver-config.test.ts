import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { secret } from '../../src/core/model/secret.ts'
import { targetGuard } from '../../src/delivery/guard.ts'
import {
  type ReceiverConfig,
  type ReceiverDocument,
  receiverConfig,
  receiverSchema,
} from '../../src/delivery/receivers/config.ts'
import { buildReceiver, receiverFactories } from '../../src/delivery/receivers/registry.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import type { PaceLimit } from '../../src/ports/receiver.ts'
import { firedAt } from '../support/delivery-messages.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const validate = new Ajv({ allErrors: true, strict: true }).compile<ReceiverDocument>(receiverSchema)

const webhook = { url: 'https://hooks.example.com/x' }
const slack = { token: { env: 'SLACK_TOKEN' }, channel: '#incidents' }
const pagerduty = { routingKey: { env: 'PD_KEY' } }
const alertmanager = { urls: ['http://am-0:9093', 'http://am-1:9093/prefix/'] }
const email = { host: 'smtp.example.com', from: 'a@example.com', to: ['b@example.com'] }

describe('the schema of a receiver', () => {
  const valid: Readonly<Record<string, unknown>> = {
    'the smallest webhook': { name: 'a', webhook },
    'a webhook with everything': {
      name: 'a',
      webhook: { url: { file: '/run/url' }, secret: { env: 'KEY' }, headers: { Authorization: { env: 'TOKEN' } } },
    },
    'the smallest slack': { name: 'a', slack },
    'the smallest email': { name: 'a', email },
    'the smallest pagerduty': { name: 'a', pagerduty },
    'an alertmanager of two replicas': { name: 'a', alertmanager },
    'a slack with mention and button': {
      name: 'a',
      slack: { ...slack, mention: ['S0123ABC', 'here'], signingSecret: { env: 'SIGNING' } },
    },
    'own words': {
      name: 'a',
      webhook,
      text: { title: '{{slo}}', facts: [{ name: 'Owner', text: '{{labels.team}}' }] },
    },
    'a limit of messages': { name: 'a', pagerduty, maxPerMinute: 120 },
    'an email with login': { name: 'a', email: { ...email, tls: 'none', port: 25, username: 'u', password: 'p' } },
  }
  for (const [what, document] of Object.entries(valid)) {
    test(`takes ${what}`, () => {
      assert.ok(validate(document), JSON.stringify(validate.errors))
    })
  }

  const invalid: Readonly<Record<string, unknown>> = {
    'no name': { webhook },
    'an unknown kind': { name: 'a', pigeon: {} },
    'an unknown key': { name: 'a', webhook: { ...webhook, uri: 'x' } },
    'a webhook without address': { name: 'a', webhook: {} },
    'a secret from two places': { name: 'a', webhook: { url: { env: 'A', file: 'b' } } },
    'a header that is none': { name: 'a', webhook: { ...webhook, headers: { 'X: y\r\n': 'v' } } },
    'an alertmanager nowhere': { name: 'a', alertmanager: { urls: [] } },
    'an alertmanager with a password in its address': {
      name: 'a',
      alertmanager: { urls: ['http://u:p@am-0:9093'] },
    },
    'a mention that is markup': { name: 'a', slack: { ...slack, mention: ['<!channel>'] } },
    'own words of an unknown place': { name: 'a', webhook, text: { subject: 'x' } },
    'slack without a channel': { name: 'a', slack: { token: 'x' } },
    'an email to nobody': { name: 'a', email: { ...email, to: [] } },
    'an address with a line break': { name: 'a', email: { ...email, to: ['a@example.com\r\nBcc: x@example.com'] } },
    'a list of addresses in one': { name: 'a', email: { ...email, to: ['a@example.com, b@example.com'] } },
    'a user without password': { name: 'a', email: { ...email, username: 'u' } },
    'a limit that lets nothing through': { name: 'a', pagerduty, maxPerMinute: 0 },
    'a limit of parts of a message': { name: 'a', pagerduty, maxPerMinute: 1.5 },
    'a port that is none': { name: 'a', email: { ...email, port: 70_000 } },
  }
  for (const [what, document] of Object.entries(invalid)) {
    test(`refuses ${what}`, () => {
      assert.ok(!validate(document))
    })
  }
})

describe('reading a receiver', () => {
  test('resolves secrets where they are used and fills in what is usual', () => {
    assert.equal(read({ name: 'a', webhook }).config.kind, 'webhook')
    const { config } = read({ name: 'a', slack })
    assert.ok(config.kind === 'slack')
    assert.equal(config.settings.token.reveal(), 'env-SLACK_TOKEN')
    assert.equal(config.settings.apiUrl, 'https://slack.com/api/')
  })

  test('sends mail with TLS unless told otherwise, on the port that belongs to it', () => {
    assert.deepEqual(settingsOf({}), ['starttls', 587])
    assert.deepEqual(settingsOf({ port: 465 }), ['implicit', 465])
    assert.deepEqual(settingsOf({ tls: 'implicit' }), ['implicit', 465])
    assert.deepEqual(settingsOf({ tls: 'none', port: 25 }), ['none', 25])
  })

  const wrong: readonly (readonly [string, ReceiverDocument, string])[] = [
    ['an address that is no URL', { name: 'a', webhook: { url: 'hooks' } }, '/webhook/url: not an http or https URL'],
    ['a file URL', { name: 'a', webhook: { url: 'file:///x' } }, '/webhook/url: not an http or https URL'],
    ['an undecodable user', { name: 'a', webhook: { url: 'https://%zz@x' } }, '/webhook/url: not an http or https URL'],
    [
      'a header value of two lines',
      { name: 'a', webhook: { ...webhook, headers: { 'X-A': 'a\r\nb: c' } } },
      '/webhook/headers/X-A: not a header value',
    ],
    [
      'a header that belongs to the connection',
      { name: 'a', webhook: { ...webhook, headers: { 'Transfer-Encoding': 'chunked' } } },
      '/webhook/headers/Transfer-Encoding: a header of the connection',
    ],
    ['a token of two words', { name: 'a', slack: { ...slack, token: 'a b' } }, '/slack/token: not a Slack token'],
    ['a Slack address that is none', { name: 'a', slack: { ...slack, apiUrl: 'http://' } }, '/slack/apiUrl: not a URL'],
    [
      'a template that is none',
      { name: 'a', webhook, text: { title: '{{slo' } },
      '/text/title: the template cannot be read: a {{ has no }}',
    ],
    [
      'an unknown format',
      { name: 'a', webhook, text: { facts: [{ name: 'x', text: '{{slo | shout}}' }] } },
      '/text/facts/0/text: the template cannot be read: there is no format "shout"; there are burn, share, budget, objective, count, span, time',
    ],
    [
      'a time limit out of range',
      { name: 'a', alertmanager: { ...alertmanager, resolveTimeout: '1m' } },
      '/alertmanager/resolveTimeout: not a duration in range',
    ],
    [
      'a password without TLS',
      { name: 'a', email: { ...email, tls: 'none', username: 'u', password: 'p' } },
      '/email/tls: the password would be sent unencrypted',
    ],
  ]
  for (const [what, document, problem] of wrong) {
    test(`reports ${what} with its place, and not the value`, () => {
      const { problems } = read(document)
      assert.deepEqual(
        problems.map(({ text }) => text),
        [problem],
      )
      assert.ok(problems.every(({ hint }) => hint !== ''))
    })
  }

  test('reports an entry of no kind, and one of several', () => {
    assert.deepEqual(
      [{ name: 'a' }, { name: 'a', webhook, slack }].map((document) => read(document).problems.map(({ text }) => text)),
      [[': the receiver says nothing about how it is reached'], [': the receiver is of several kinds: webhook, slack']],
    )
  })
})

const context = {
  clock: new VirtualClock(firedAt),
  externalUrl: '',
  guard: targetGuard([]),
  log: silentLog,
  meter: silentMeter,
}

function paceOfOne(document: ReceiverDocument): PaceLimit | undefined {
  return buildReceiver(read(document).config, context).pace
}

test('a limit of messages is kept by whatever kind it is, and by Slack beside its own', () => {
  assert.equal(paceOfOne({ name: 'a', pagerduty }), undefined)
  assert.deepEqual(paceOfOne({ name: 'a', pagerduty, maxPerMinute: 4 }), { burst: 1, everyMs: 15_000 })
  assert.deepEqual(paceOfOne({ name: 'a', slack }), { burst: 1, everyMs: 1_000 })
  assert.deepEqual(paceOfOne({ name: 'a', slack, maxPerMinute: 30 }), { burst: 1, everyMs: 2_500 })
  assert.deepEqual(paceOfOne({ name: 'a', slack, maxPerMinute: 6_000 }), { burst: 1, everyMs: 1_000 })
})

test('every kind is built into a receiver of that name and kind', () => {
  const documents: readonly ReceiverDocument[] = [
    { name: 'a', webhook },
    { name: 'b', slack },
    { name: 'c', email },
    { name: 'd', pagerduty },
    { name: 'e', alertmanager },
  ]
  const receivers = documents.map((document) => buildReceiver(read(document).config, context))
  assert.deepEqual(
    receivers.map(({ name }) => name),
    ['a', 'b', 'c', 'd', 'e'],
  )
  assert.deepEqual(
    receivers.map(({ kind }) => kind),
    Object.keys(receiverFactories),
  )
})

interface Read {
  readonly config: ReceiverConfig
  readonly problems: readonly { readonly text: string; readonly hint: string }[]
}

function read(document: ReceiverDocument): Read {
  const problems: { text: string; hint: string }[] = []
  const found = receiverConfig(document, {
    secret: (source) =>
      secret(typeof source === 'string' ? source : 'env' in source ? `env-${source.env}` : 'from-file'),
    report: (path, message, hint) => void problems.push({ text: `${path}: ${message}`, hint }),
  })
  const config = found ?? {
    kind: 'webhook',
    name: 'none',
    text: undefined,
    settings: { url: secret(''), signingKey: undefined, headers: new Map() },
  }
  return { config, problems }
}

function settingsOf(changes: object): readonly unknown[] {
  const { config } = read({ name: 'a', email: { ...email, ...changes } })
  return config.kind === 'email' ? [config.settings.tls, config.settings.port] : []
}
