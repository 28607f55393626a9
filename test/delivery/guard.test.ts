import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { describe, test } from 'node:test'
import { secret } from '../../src/core/model/secret.ts'
import { allowInternalProblem } from '../../src/delivery/config.ts'
import { type ResolveName, targetGuard } from '../../src/delivery/guard.ts'
import { isInternalAddress, isLinkLocalAddress } from '../../src/delivery/internal-address.ts'
import { emailReceiver } from '../../src/delivery/receivers/email/send.ts'
import { webhookReceiver } from '../../src/delivery/receivers/webhook/send.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { answerWith, httpFarSide } from '../support/delivery-http-server.ts'
import { aDelivery } from '../support/delivery-messages.ts'

const unaborted = new AbortController().signal
const forbidden = {
  kind: 'retry',
  reason: 'refused: an internal address that delivery.allowInternal does not list',
}

describe('internal addresses (fault 71)', () => {
  const internal = [
    '127.0.0.1',
    '127.1.2.3',
    '0.0.0.0',
    '10.255.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'no address',
  ]
  for (const address of internal) test(`${address} is one`, () => assert.ok(isInternalAddress(address)))
  for (const address of ['1.1.1.1', '172.32.0.1', '100.128.0.1', '::ffff:8.8.8.8', '2606:4700::1111'])
    test(`${address} is none`, () => assert.ok(!isInternalAddress(address)))
  test('those at which clouds hand out credentials are known', () => {
    assert.deepEqual(
      ['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '10.0.0.1'].map(
        isLinkLocalAddress,
      ),
      [true, true, true, true, false],
    )
  })
})

describe('what the config writes out', () => {
  const { refusalOf } = targetGuard([])
  test('is meant: loopback, private addresses and localhost', () => {
    for (const host of ['127.0.0.1', '[::1]', '10.1.2.3', 'localhost', 'hooks.example.com'])
      assert.equal(refusalOf(host), undefined, host)
  })
  test('is refused where clouds hand out credentials, however it is written', () => {
    const written = [
      'http://169.254.169.254',
      'http://2852039166',
      'http://0xa9fea9fe',
      'http://[::ffff:169.254.169.254]',
    ]
    for (const url of written) assert.match(refusalOf(new URL(url).hostname) ?? '', /internal address/, url)
  })
  test('is taken there when it is listed', () => {
    assert.equal(targetGuard(['169.254.169.254']).refusalOf('169.254.169.254'), undefined)
  })
})

describe('a name', () => {
  test('that leads to this machine is refused at connect time, and nothing is sent', async (t) => {
    const http = await httpFarSide(t)
    const outcome = await webhookTo(http.url, targetGuard([], resolving(['127.0.0.1']))).send(aDelivery(), unaborted)
    assert.deepEqual(outcome, forbidden)
    assert.equal(http.requests.length, 0)
  })

  test('with one good address and one bad is refused: that is how a name is rebound', async (t) => {
    const http = await httpFarSide(t)
    const guard = targetGuard([], resolving(['1.1.1.1', '127.0.0.1']))
    assert.deepEqual(await webhookTo(http.url, guard).send(aDelivery(), unaborted), forbidden)
  })

  test('is judged anew at every connection, whatever it led to before', async (t) => {
    const http = await httpFarSide(t, answerWith(200, { connection: 'close' }))
    const answers = ['127.0.0.1', '127.0.0.2']
    const guard = targetGuard(['127.0.0.1'], (_name, _options, done) => {
      done(null, [{ address: answers.shift() ?? '', family: 4 }])
    })
    const receiver = webhookTo(http.url, guard)
    assert.equal((await receiver.send(aDelivery(), unaborted)).kind, 'delivered')
    assert.deepEqual(await receiver.send(aDelivery(), unaborted), forbidden)
    assert.equal(http.requests.length, 1)
  })

  for (const entry of ['Hooks.Example.com', '127.0.0.1', '127.0.0.0/8'])
    test(`is let through where ${entry} is listed`, async (t) => {
      const http = await httpFarSide(t)
      const guard = targetGuard([entry], resolving(['127.0.0.1']))
      assert.equal((await webhookTo(http.url, guard).send(aDelivery(), unaborted)).kind, 'delivered')
    })

  test('of a mail server is judged in the same way', async () => {
    const guard = targetGuard([], resolving(['127.0.0.1']))
    const settings = {
      host: 'smtp.example.com',
      port: 25,
      tls: 'none',
      login: undefined,
      from: 'a@example.com',
      to: ['b@example.com'],
    } as const
    const receiver = emailReceiver('mail', settings, { ...receiverContext, guard })
    assert.deepEqual(await receiver.send(aDelivery(undefined, { recipient: 'b@example.com' }), unaborted), forbidden)
  })

  test('would reach this machine without the guard', async (t) => {
    const http = await httpFarSide(t)
    const { lookup } = targetGuard(['127.0.0.1'], resolving(['127.0.0.1']))
    const open = { lookup, refusalOf: () => undefined, refusalOfConnection: () => undefined }
    assert.equal((await webhookTo(http.url, open).send(aDelivery(), unaborted)).kind, 'delivered')
  })

  test('whose address was swapped behind the lookup is caught by the open connection', async (t) => {
    const http = await httpFarSide(t)
    const blind = targetGuard(['127.0.0.1'], resolving(['127.0.0.1'])).lookup
    const guard = { ...targetGuard([]), lookup: blind }
    assert.deepEqual(await webhookTo(http.url, guard).send(aDelivery(), unaborted), forbidden)
    assert.equal(http.requests.length, 0)
  })
})

test('what is no host, address or network is found in the config', () => {
  const sound = ['am.internal', '10.0.0.0/8', 'fd00::/8', '10.1.2.3']
  assert.deepEqual(
    sound.map(allowInternalProblem),
    sound.map(() => undefined),
  )
  for (const entry of ['10.0.0.0/33', 'a/8', 'http://x', '10.0.0.0/8/8', 'a b'])
    assert.notEqual(allowInternalProblem(entry), undefined, entry)
})

function resolving(addresses: readonly string[]): ResolveName {
  const found: LookupAddress[] = addresses.map((address) => ({ address, family: 4 }))
  return (_name, _options, done) => done(null, found)
}

function webhookTo(url: string, guard: typeof receiverContext.guard) {
  const named = url.replace('127.0.0.1', 'hooks.example.com')
  const settings = { url: secret(named), signingKey: undefined, headers: new Map() }
  return webhookReceiver('hook', settings, { ...receiverContext, guard })
}
