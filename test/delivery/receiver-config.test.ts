import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { secret } from '../../src/core/model/secret.ts'
import {
  type ReceiverConfig,
  type ReceiverDocument,
  receiverConfig,
  receiverSchema,
} from '../../src/delivery/receivers/config.ts'
import { buildReceiver, receiverFactories } from '../../src/delivery/receivers/registry.ts'
import { firedAt } from '../support/delivery-messages.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const validate = new Ajv({ allErrors: true, strict: true }).compile<ReceiverDocument>(receiverSchema)

const webhook = { url: 'https://hooks.example.com/x' }
const slack = { token: { env: 'SLACK_TOKEN' }, channel: '#incidents' }
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
    'an email with login': { name: 'a', email: { ...email, tls: 'none', port: 25, username: 'u', password: 'p' } },
  }
  for (const [what, document] of Object.entries(valid)) {
    test(`takes ${what}`, () => {
      assert.ok(validate(document), JSON.stringify(validate.errors))
    })
  }

  const invalid: Readonly<Record<string, unknown>> = {
    'no kind': { name: 'a' },
    'two kinds': { name: 'a', webhook, slack },
    'no name': { webhook },
    'an unknown kind': { name: 'a', pigeon: {} },
    'an unknown key': { name: 'a', webhook: { ...webhook, uri: 'x' } },
    'a webhook without address': { name: 'a', webhook: {} },
    'a secret from two places': { name: 'a', webhook: { url: { env: 'A', file: 'b' } } },
    'a header that is none': { name: 'a', webhook: { ...webhook, headers: { 'X: y\r\n': 'v' } } },
    'slack without a channel': { name: 'a', slack: { token: 'x' } },
    'an email to nobody': { name: 'a', email: { ...email, to: [] } },
    'an address with a line break': { name: 'a', email: { ...email, to: ['a@example.com\r\nBcc: x@example.com'] } },
    'a list of addresses in one': { name: 'a', email: { ...email, to: ['a@example.com, b@example.com'] } },
    'a user without password': { name: 'a', email: { ...email, username: 'u' } },
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
    ['a token of two words', { name: 'a', slack: { ...slack, token: 'a b' } }, '/slack/token: not a Slack token'],
    ['a Slack address that is none', { name: 'a', slack: { ...slack, apiUrl: 'http://' } }, '/slack/apiUrl: not a URL'],
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

  test('throws when no kind was checked for', () => {
    assert.throws(() => read({ name: 'a' }), /receiver a has no kind/)
  })
})

test('every kind is built into a receiver of that name and kind', () => {
  const context = { clock: new VirtualClock(firedAt), externalUrl: '' }
  const documents: readonly ReceiverDocument[] = [
    { name: 'a', webhook },
    { name: 'b', slack },
    { name: 'c', email },
  ]
  const receivers = documents.map((document) => buildReceiver(read(document).config, context))
  assert.deepEqual(
    receivers.map(({ name }) => name),
    ['a', 'b', 'c'],
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
  const config = receiverConfig(document, {
    secret: (source) =>
      secret(typeof source === 'string' ? source : 'env' in source ? `env-${source.env}` : 'from-file'),
    report: (path, message, hint) => void problems.push({ text: `${path}: ${message}`, hint }),
  })
  return { config, problems }
}

function settingsOf(changes: object): readonly unknown[] {
  const { config } = read({ name: 'a', email: { ...email, ...changes } })
  return config.kind === 'email' ? [config.settings.tls, config.settings.port] : []
}
