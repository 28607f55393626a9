import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { secret } from '../../src/core/model/secret.ts'
import { minuteMs } from '../../src/core/model/units.ts'
import { pagerdutyCallback } from '../../src/delivery/receivers/pagerduty/callback.ts'
import { dedupKey, pagerdutyEvent } from '../../src/delivery/receivers/pagerduty/message.ts'
import { pagerdutyReceiver } from '../../src/delivery/receivers/pagerduty/send.ts'
import type { CallbackReading } from '../../src/ports/receiver-callback.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { aDelivery, aNotification, aResolve, firedAt } from '../support/delivery-messages.ts'
import { pagerdutyFarSide } from '../support/delivery-pagerduty-server.ts'

const unaborted = new AbortController().signal

test('an incident is one incident there, whatever becomes of it', async (t) => {
  const pagerduty = await pagerdutyFarSide(t, 'key')
  const settings = { routingKey: secret('key'), url: `${pagerduty.http.url}/v2/enqueue`, webhookSecret: undefined }
  const receiver = pagerdutyReceiver('pd', settings, receiverContext)
  const messages = [
    aNotification(),
    aNotification({ change: 'escalated', revision: 2, sev: 'SEV1' }),
    aNotification({ change: 'acknowledged', wakes: false, revision: 3 }),
    aResolve({ revision: 4 }),
  ]
  for (const message of messages) {
    assert.deepEqual(await receiver.send(aDelivery(message), unaborted), { kind: 'delivered' })
  }
  assert.deepEqual(
    pagerduty.events.map(({ action }) => action),
    ['trigger', 'trigger', 'acknowledge', 'resolve'],
  )
  assert.deepEqual([pagerduty.opened, [...pagerduty.open], pagerduty.violations], [['checkout-availability'], [], []])
})

describe('an event', () => {
  test('loses its details when it is too large, and keeps its summary (fault 67)', () => {
    const words = { ...receiverContext.words(aNotification()), facts: [] }
    const long = { ...words, verdict: { failing: '\u{1f525}'.repeat(5_000), allowed: '' } }
    const labels = { team: 'x'.repeat(1_000_000) }
    const event = pagerdutyEvent(aDelivery(aNotification({ labels })), { externalUrl: '', words: () => long })
    assert.ok(Buffer.byteLength(JSON.stringify(event)) < 512_000)
    assert.match(JSON.stringify(event), /PAGE SEV2/)
  })

  test('says what the SLO is about, where somebody wrote that down', () => {
    const [told, silent] = ['Orders are paid.', ''].map((description) => {
      const event = pagerdutyEvent(aDelivery(aNotification({ description })), receiverContext)
      return JSON.stringify(event.payload?.['custom_details'])
    })
    assert.match(told, /"description":"Orders are paid\."/)
    assert.doesNotMatch(silent, /"description"/)
  })

  test('has the key as it is where PagerDuty takes it, and else a digest', () => {
    assert.equal(dedupKey('checkout'), 'checkout')
    assert.match(dedupKey('prüfung'), /^[0-9a-f]{64}$/)
    assert.match(dedupKey('x'.repeat(256)), /^[0-9a-f]{64}$/)
  })
})

describe('what PagerDuty posts (fault 73)', () => {
  const now = firedAt + 5 * minuteMs
  const acknowledged = {
    event: {
      id: '01ABC',
      event_type: 'incident.acknowledged',
      occurred_at: new Date(now - minuteMs).toISOString(),
      agent: { summary: 'Ana Ng' },
      data: { incident_key: 'checkout-availability' },
    },
  }

  test('acknowledges the incident of that key when it is signed', () => {
    const reading = read(JSON.stringify(acknowledged), { now })
    assert.ok(reading.kind === 'acknowledge')
    assert.equal(reading.by, 'Ana Ng (PagerDuty)')
    assert.ok('isOfKey' in reading.incident && reading.incident.isOfKey('checkout-availability'))
  })

  test('is taken while a secret is being changed: one of several signatures is enough', () => {
    const body = JSON.stringify(acknowledged)
    const header = `v1=${'0'.repeat(64)}, v1=${hmac(body, 'wh00k')}`
    assert.equal(read(body, { now, header }).kind, 'acknowledge')
  })

  const refused: readonly (readonly [string, Parameters<typeof read>[1]])[] = [
    ['signed with another secret', { now, key: 'other' }],
    ['not signed', { now, header: '' }],
    ['signed as another version', { now, header: `v0=${hmac(JSON.stringify(acknowledged), 'wh00k')}` }],
    ['six minutes old', { now: now + 6 * minuteMs }],
    ['from the future', { now: now - 7 * minuteMs }],
  ]
  for (const [what, options] of refused) {
    test(`is refused when it is ${what}`, () => {
      assert.equal(read(JSON.stringify(acknowledged), options).kind, 'refused')
    })
  }

  test('is refused when it comes again', () => {
    const callback = pagerdutyCallback(secret('wh00k'))
    const body = JSON.stringify(acknowledged)
    const request = { headers: { 'x-pagerduty-signature': `v1=${hmac(body, 'wh00k')}` }, body: Buffer.from(body), now }
    assert.equal(callback(request).kind, 'acknowledge')
    assert.deepEqual(callback(request), { kind: 'refused', reason: 'it came before' })
  })

  test('is of no interest when it is anything else', () => {
    const other = { event: { ...acknowledged.event, event_type: 'incident.resolved' } }
    for (const body of [JSON.stringify(other), '{}', 'no JSON', '{"event":{"__proto__":{"id":"x"}}}'])
      assert.equal(read(body, { now }).kind, 'nothing', body)
  })
})

function read(
  body: string,
  { now, key = 'wh00k', header = `v1=${hmac(body, key)}` }: { now: number; key?: string; header?: string },
): CallbackReading {
  const headers = { 'x-pagerduty-signature': header }
  return pagerdutyCallback(secret('wh00k'))({ headers, body: Buffer.from(body), now })
}

function hmac(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}
