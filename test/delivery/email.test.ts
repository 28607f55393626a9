import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { SMTPServerOptions } from 'smtp-server'
import type { Delivery } from '../../src/core/model/delivery.ts'
import type { Notification } from '../../src/core/model/notification.ts'
import { secret } from '../../src/core/model/secret.ts'
import type { EmailConfig } from '../../src/delivery/receivers/email/config.ts'
import { emailMessage } from '../../src/delivery/receivers/email/message.ts'
import { emailReceiver } from '../../src/delivery/receivers/email/send.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { type Mailbox, mailbox, type ReceivedMail } from '../support/delivery-mailbox.ts'
import { aDelivery, aNotification, aResolve, firedAt } from '../support/delivery-messages.ts'

const unaborted = new AbortController().signal
const options = { ...receiverContext, receiver: 'oncall', from: 'sloburn@example.com' }

for (const notification of [aNotification(), aResolve()]) {
  const { status } = notification
  test(`the mail of a message that is ${status}`, (t) => {
    const { text, html, attachments: _, ...headers } = emailMessage(to(notification), options)
    t.assert.fileSnapshot(headers, `test/golden/delivery/email-${status}.json`)
    t.assert.fileSnapshot(text, `test/golden/delivery/email-${status}.txt`, { serializers: [String] })
    t.assert.fileSnapshot(html, `test/golden/delivery/email-${status}.html`, { serializers: [String] })
  })
}

describe('a mail', () => {
  test('comes from and to the right people, as text and as HTML', async (t) => {
    const { mails, receiver } = await started(t)
    assert.deepEqual(await receiver.send(to(), unaborted), { kind: 'delivered' })
    const [{ from, to: recipients, mail }] = mails
    assert.equal(from, 'sloburn@example.com')
    assert.deepEqual(recipients, ['oncall@example.com'])
    assert.deepEqual(mail.from, { address: 'sloburn@example.com', name: 'sloburn' })
    assert.equal(mail.subject, '[sloburn] checkout-availability · checkout · since 2026-11-21 02:41 UTC')
    assert.equal(Date.parse(mail.date ?? ''), aNotification().at)
    assert.match(
      mail.text ?? '',
      /^🔴 PAGE SEV2 · checkout-availability · eu-west-1\n\n9\.1 % of requests fail — 0\.10 % allowed/,
    )
    assert.match(mail.html ?? '', /<strong>9\.1 % of requests fail<\/strong>/)
  })

  test('says what it is, so that nobody answers it by machine', async (t) => {
    const { mails, receiver } = await started(t)
    await receiver.send(to(), unaborted)
    const [mail] = mails
    assert.equal(headerOf(mail, 'auto-submitted'), 'auto-generated')
    assert.equal(headerOf(mail, 'x-auto-response-suppress'), 'All')
    assert.equal(headerOf(mail, 'list-id'), '<sloburn.example.com>')
    assert.equal(headerOf(mail, 'x-sloburn-alert'), 'checkout-availability')
    assert.equal(headerOf(mail, 'importance'), 'High')
    assert.equal(headerOf(mail, 'x-mailer'), undefined)
  })

  test('of one episode is one thread: same root, same subject', async (t) => {
    const { mails, receiver } = await started(t)
    await receiver.send(to(), unaborted)
    await receiver.send(to(aResolve()), unaborted)
    await receiver.send(to(aNotification({ firedAt: firedAt + 1 })), unaborted)
    const [open, resolve, next] = mails.map(({ mail }) => mail)
    assert.equal(resolve.inReplyTo, open.inReplyTo)
    assert.equal(resolve.references, open.references)
    assert.equal(resolve.subject, `Re: ${open.subject}`)
    assert.notEqual(resolve.messageId, open.messageId)
    assert.notEqual(open.messageId, open.inReplyTo)
    assert.notEqual(next.references, open.references)
  })

  test('goes to the recipient of the delivery, although the config has moved on', async (t) => {
    const { mails, receiver } = await started(t)
    await receiver.send(to(aNotification(), 'former@example.com'), unaborted)
    assert.deepEqual(mails[0].to, ['former@example.com'])
  })

  test('is inert, whatever names and texts hold', async (t) => {
    const { mails, receiver } = await started(t)
    const words = `<script>alert('1')</script>"\r\nBcc: stolen@example.com\r\n\r\n.\r\nMAIL FROM:<x@y>`
    const notification = aNotification({
      slo: words,
      scope: words,
      service: words,
      description: words,
      key: words,
      labels: { [words]: words },
      runbook: 'javascript:alert(1)',
      dashboard: 'https://example.com/"onclick="alert(1)',
    })
    assert.deepEqual(await receiver.send(to(notification), unaborted), { kind: 'delivered' })
    const [{ to: recipients, mail }] = mails
    assert.deepEqual(recipients, ['oncall@example.com'])
    assert.equal(mail.bcc, undefined)
    assert.ok(!mail.headers.some(({ key }) => key === 'bcc' || key === 'mail from'))
    assert.doesNotMatch(mail.html ?? '', /<script|javascript:|onclick="/)
  })

  test('loads nothing from elsewhere', () => {
    const { html } = emailMessage(to(), options)
    assert.doesNotMatch(html, /<link|<script|url\(|@import|<img src="(?!cid:)/)
  })
})

describe('the connection', () => {
  test('logs in with user and password', async (t) => {
    const { mails, receiver } = await started(t, {}, { login: { username: 'sloburn', password: secret('p4ss') } })
    assert.equal((await receiver.send(to(), unaborted)).kind, 'delivered')
    assert.equal(mails[0].user, 'sloburn')
  })

  test('is not used without TLS when TLS was asked for', async (t) => {
    const { mails, receiver } = await started(t, { disabledCommands: ['STARTTLS'] }, { tls: 'starttls' })
    const outcome = await receiver.send(to(), unaborted)
    assert.deepEqual(outcome, { kind: 'rejected', reason: 'SMTP: 500 Error: command not recognized' })
    assert.equal(mails.length, 0)
  })

  for (const tls of ['starttls', 'implicit'] as const) {
    test(`is not used with a certificate that nobody vouches for: ${tls}`, async (t) => {
      const { mails, receiver } = await started(t, { secure: tls === 'implicit' }, { tls })
      const outcome = await receiver.send(to(), unaborted)
      assert.equal(outcome.kind, 'retry', JSON.stringify(outcome))
      assert.equal(mails.length, 0)
    })
  }

  test('that is never greeted ends with the attempt, and nothing was sent', async (t) => {
    const greeted = Promise.withResolvers<void>()
    const { receiver } = await started(t, { onConnect: () => greeted.resolve() })
    const control = new AbortController()
    const outcome = receiver.send(to(), control.signal)
    await greeted.promise
    control.abort(new Error('no answer within 30s'))
    assert.deepEqual(await outcome, { kind: 'retry', reason: 'no answer within 30s' })
  })
})

test('each recipient gets a delivery of its own', () => {
  const receiver = emailReceiver('oncall', { ...settings(25), to: ['a@example.com', 'b@example.com'] }, receiverContext)
  assert.deepEqual(receiver.recipients, ['a@example.com', 'b@example.com'])
})

function settings(port: number, changes: Partial<EmailConfig> = {}): EmailConfig {
  return {
    host: '127.0.0.1',
    port,
    tls: 'none',
    login: undefined,
    from: 'sloburn@example.com',
    to: ['oncall@example.com'],
    ...changes,
  }
}

async function started(
  t: TestContext,
  server: SMTPServerOptions = {},
  changes: Partial<EmailConfig> = {},
): Promise<Mailbox & { readonly receiver: Receiver }> {
  const box = await mailbox(t, server)
  return { ...box, receiver: emailReceiver('oncall', settings(box.port, changes), receiverContext) }
}

function to(notification?: Notification, recipient = 'oncall@example.com'): Delivery {
  return aDelivery(notification, { recipient })
}

function headerOf({ mail }: ReceivedMail, name: string): string | undefined {
  return mail.headers.find(({ key }) => key === name)?.value
}
