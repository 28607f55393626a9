import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secret } from '../../src/core/model/secret.ts'
import { type ResolveName, targetGuard } from '../../src/delivery/guard.ts'
import { webhookReceiver } from '../../src/delivery/receivers/webhook/send.ts'
import { parseTemplate, TemplateError } from '../../src/delivery/text/template.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { answerWith, httpFarSide } from '../support/delivery-http-server.ts'
import { aDelivery } from '../support/delivery-messages.ts'

const unaborted = new AbortController().signal

function webhookTo(url: string, guard = targetGuard([])) {
  const settings = { url: secret(url), signingKey: undefined, headers: new Map<string, never>() }
  return webhookReceiver('oncall', settings, { ...receiverContext, guard })
}

for (const url of [
  'http://169.254.169.254/latest/meta-data',
  'http://2852039166/latest/meta-data',
  'http://0xa9fea9fe/',
  'http://0251.0376.0251.0376/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[fd00:ec2::254]/',
]) {
  test(`71. a webhook to ${url}, where clouds hand out credentials: refused before anything is sent`, async () => {
    const outcome = await webhookTo(url).send(aDelivery(), unaborted)
    assert.ok(outcome.kind === 'retry' || outcome.kind === 'rejected')
    assert.match(outcome.reason, /refused/)
  })
}

/** What a name leads to. */
function leadingTo(...addresses: readonly string[]): ResolveName {
  return (_name, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    )
}

test('71. a name that leads inside, at once or when it is asked for the second time: refused at connect time', async (t) => {
  const inside = await httpFarSide(t)
  const { port } = new URL(inside.url)
  for (const resolve of [leadingTo('127.0.0.1'), leadingTo('1.1.1.1', '127.0.0.1')]) {
    const outcome = await webhookTo(`http://hooks.example.com:${port}/`, targetGuard([], resolve)).send(
      aDelivery(),
      unaborted,
    )
    assert.equal(outcome.kind, 'retry')
  }
  assert.equal(inside.requests.length, 0)
  const allowed = targetGuard(['hooks.example.com'], leadingTo('127.0.0.1'))
  assert.equal(
    (await webhookTo(`http://hooks.example.com:${port}/`, allowed).send(aDelivery(), unaborted)).kind,
    'delivered',
  )
})

test('71. a redirect to the inside is not followed', async (t) => {
  const inside = await httpFarSide(t)
  const far = await httpFarSide(t, answerWith(302, { location: inside.url }))
  assert.equal((await webhookTo(far.url).send(aDelivery(), unaborted)).kind, 'rejected')
  assert.equal(inside.requests.length, 0)
})

test('72. a template reaches its values alone: no file, no environment, no code, no loop', () => {
  process.env['SLOBURN_FAULT_72'] = 'leaked'
  const view = { slo: 'checkout', labels: { team: 'payments' } }
  for (const text of [
    '{{process.env.SLOBURN_FAULT_72}}',
    '{{constructor.constructor}}',
    '{{labels.__proto__}}',
    '{{slo.constructor}}',
    '{{#each slo}}x{{/each}}',
    '{{range .}}x{{end}}',
    '{{include "/etc/passwd"}}',
    `{{slo | ${'('.repeat(50)}}}`,
  ]) {
    assert.throws(() => parseTemplate(text).render(view), TemplateError, text)
  }
  delete process.env['SLOBURN_FAULT_72']
})

test('72. a template of the greatest length, made to backtrack, is read in no time and bounded in what it becomes', () => {
  const startedAt = performance.now()
  for (const unit of ['{{', '{{ slo | ', '}}', '{{slo}}', '{ {', 'a'.repeat(50)]) {
    const text = unit.repeat(Math.floor(4_000 / unit.length))
    try {
      assert.ok(parseTemplate(text).render({ slo: 'x'.repeat(1_000) }).length <= 8_000)
    } catch (error) {
      assert.ok(error instanceof TemplateError)
    }
  }
  assert.ok(performance.now() - startedAt < 2_000)
})
