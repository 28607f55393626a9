import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'
import { describe, test } from 'node:test'
import { secret } from '../../src/core/model/secret.ts'
import type { WebhookConfig } from '../../src/delivery/receivers/webhook/config.ts'
import { incidentMessage, webhookMessage } from '../../src/delivery/receivers/webhook/message.ts'
import { webhookReceiver } from '../../src/delivery/receivers/webhook/send.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import { alertmanagerMissing, startAlertmanager } from '../support/delivery-alertmanager.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { answerWith, httpFarSide } from '../support/delivery-http-server.ts'
import { aDelivery, aNotification, aResolve, firedAt } from '../support/delivery-messages.ts'
import { storeFolder } from '../support/store-folder.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const unaborted = new AbortController().signal
const options = {
  receiver: 'oncall',
  externalUrl: 'https://sloburn.example.com/',
  words: receiverContext.words,
}

function webhook(url: string, changes: Partial<WebhookConfig> = {}): Receiver {
  const settings = { url: secret(url), signingKey: undefined, headers: new Map(), ...changes }
  return webhookReceiver('oncall', settings, {
    ...receiverContext,
    clock: new VirtualClock(firedAt + 700),
    externalUrl: options.externalUrl,
  })
}

test('an open is sent as it stands in the golden file', (t) => {
  t.assert.fileSnapshot(webhookMessage(aDelivery(), options), 'test/golden/delivery/webhook-firing.json')
})

test('a resolve is sent as it stands in the golden file', (t) => {
  t.assert.fileSnapshot(webhookMessage(aDelivery(aResolve()), options), 'test/golden/delivery/webhook-resolved.json')
})

describe('the payload', () => {
  test('keeps its identity from open to resolve', () => {
    const [open, resolve] = [aNotification(), aResolve()].map((message) => incidentMessage(message, options))
    assert.equal(open.groupKey, resolve.groupKey)
    assert.equal(open.alerts[0].fingerprint, resolve.alerts[0].fingerprint)
    assert.deepEqual(open.commonLabels, resolve.commonLabels)
  })

  test('lets no label of a user stand for one of ours', () => {
    const { labels } = incidentMessage(aNotification({ labels: { slo: 'forged', tier: '1', empty: '' } }), options)
      .alerts[0]
    assert.equal(labels['slo'], 'checkout-availability')
    assert.equal(labels['tier'], '1')
    assert.ok(!('empty' in labels))
  })

  test('tells null for what is not known', () => {
    const blind = { bad: 0, total: 0, errorRatio: null, burnRate: null }
    const budget = { bad: 0, total: 0, remaining: null, timeToExhaustionMs: null }
    const { slo } = incidentMessage(aNotification({ short: blind, budget }), options)
    assert.equal(slo.rule.short.burnRate, null)
    assert.equal(slo.budget.remaining, null)
    assert.equal(slo.budget.secondsToExhaustion, null)
    assert.equal(slo.resolvedAt, null)
  })
})

describe('a request', () => {
  test('carries the delivery id as its idempotency key', async (t) => {
    const far = await httpFarSide(t)
    await webhook(`${far.url}/hook?team=a`).send(aDelivery(), unaborted)
    const [{ path, headers, body }] = far.requests
    assert.equal(path, '/hook?team=a')
    assert.equal(headers['idempotency-key'], aDelivery().id)
    assert.equal(headers['content-type'], 'application/json')
    assert.equal(headers['user-agent'], 'sloburn')
    assert.equal(headers['x-sloburn-signature'], undefined)
    assert.equal(JSON.parse(body).version, '4')
  })

  test('is signed over timestamp and body when there is a secret', async (t) => {
    const far = await httpFarSide(t)
    await webhook(far.url, { signingKey: secret('k3y') }).send(aDelivery(), unaborted)
    const [{ headers, body }] = far.requests
    const timestamp = firedAt / 1_000
    const expected = createHmac('sha256', 'k3y').update(`${timestamp}.${body}`).digest('hex')
    assert.equal(headers['x-sloburn-signature'], `t=${timestamp},v1=${expected}`)
  })

  test('takes user and password out of the address', async (t) => {
    const far = await httpFarSide(t)
    await webhook(far.url.replace('http://', 'http://a%40b:p%3Aw@')).send(aDelivery(), unaborted)
    const { authorization } = far.requests[0].headers
    assert.equal(authorization, `Basic ${Buffer.from('a@b:p:w').toString('base64')}`)
  })

  test('carries configured headers, but not in place of ours', async (t) => {
    const far = await httpFarSide(t)
    const headers = new Map([
      ['Authorization', secret('Bearer x')],
      ['Idempotency-Key', secret('forged')],
    ])
    await webhook(far.url, { headers }).send(aDelivery(), unaborted)
    assert.equal(far.requests[0].headers.authorization, 'Bearer x')
    assert.equal(far.requests[0].headers['idempotency-key'], aDelivery().id)
  })

  test('does not follow a redirect', async (t) => {
    const elsewhere = await httpFarSide(t)
    const far = await httpFarSide(t, answerWith(307, { location: elsewhere.url }))
    const outcome = await webhook(far.url).send(aDelivery(), unaborted)
    assert.deepEqual(outcome, { kind: 'rejected', reason: 'HTTP 307: redirects are not followed' })
    assert.equal(elsewhere.requests.length, 0)
  })
})

describe('an answer', () => {
  test('that took the message stands, although its body breaks off', async (t) => {
    const far = await httpFarSide(t, (_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('x', () => response.socket?.destroy())
    })
    assert.deepEqual(await webhook(far.url).send(aDelivery(), unaborted), { kind: 'delivered' })
  })

  test('that took the message stands, although its body never ends', async (t) => {
    const far = await httpFarSide(t, (_, response) => {
      response.writeHead(200)
      response.write('x')
    })
    const control = new AbortController()
    const headArrived = new Promise((resolve) => {
      const onSocket = (message: unknown): void => {
        if (typeof message !== 'object' || message === null || !('socket' in message)) return
        if (message.socket instanceof Socket) message.socket.once('data', resolve)
      }
      subscribe('net.client.socket', onSocket)
      t.after(() => void unsubscribe('net.client.socket', onSocket))
    })
    const outcome = webhook(far.url).send(aDelivery(), control.signal)
    await headArrived
    control.abort(new Error('no answer within 10s'))
    assert.deepEqual(await outcome, { kind: 'delivered' })
  })

  test('of endless length is not read to its end', async (t) => {
    let written = 0
    const far = await httpFarSide(t, (_, response) => {
      response.writeHead(200)
      const flood = (): void => {
        while (!response.destroyed && written < 1e9) {
          written += 65_536
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', flood)
        }
      }
      flood()
    })
    assert.deepEqual(await webhook(far.url).send(aDelivery(), unaborted), { kind: 'delivered' })
    assert.ok(written < 100e6, `${written} bytes were taken`)
  })
})

test('Alertmanager makes the same alert of the same labels', { skip: alertmanagerMissing }, async (t) => {
  const far = await httpFarSide(t)
  const alertmanager = await startAlertmanager(t, storeFolder(t), far.url)
  const labels = { team: 'päyments', odd: '"\\\n\u{1f525}' }
  // Alertmanager judges by its own clock what is over.
  const anHourAgo = Math.floor(Date.now() / 1_000) * 1_000 - 3_600_000
  const times = { firedAt: anHourAgo, at: anHourAgo }
  for (const notification of [
    aNotification({ labels, ...times }),
    aResolve({ labels, ...times, resolvedAt: anHourAgo + 60_000 }),
  ]) {
    const ours = webhookMessage(aDelivery(notification), options)
    const { startsAt, endsAt, generatorURL, annotations } = ours.alerts[0]
    const alert = { labels: ours.alerts[0].labels, annotations, startsAt, generatorURL }
    const arrived = far.nextRequest()
    const posted = await fetch(`${alertmanager}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([notification.status === 'firing' ? alert : { ...alert, endsAt }]),
    })
    assert.equal(posted.status, 200)
    const theirs = JSON.parse((await arrived).body)
    const [theirAlert] = theirs.alerts
    assert.deepEqual(
      { ...theirAlert, startsAt: Date.parse(theirAlert.startsAt), endsAt: Date.parse(theirAlert.endsAt) },
      {
        ...ours.alerts[0],
        startsAt: Date.parse(startsAt),
        endsAt: Date.parse(endsAt),
      },
    )
    assert.deepEqual(theirs.commonLabels, ours.commonLabels)
    assert.deepEqual(theirs.commonAnnotations, ours.commonAnnotations)
    for (const key of Object.keys(theirs)) assert.ok(key in ours, `${key} is missing in our payload`)
  }
})
