import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Delivery } from '../../src/core/model/delivery.ts'
import type { Notification } from '../../src/core/model/notification.ts'
import { minuteMs } from '../../src/core/model/units.ts'
import { alertmanagerReceiver } from '../../src/delivery/receivers/alertmanager/send.ts'
import { alertmanagerMissing, startAlertmanager } from '../support/delivery-alertmanager.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { answerWith, httpFarSide } from '../support/delivery-http-server.ts'
import { aDelivery, aNotification, aResolve } from '../support/delivery-messages.ts'
import { storeFolder } from '../support/store-folder.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const unaborted = new AbortController().signal

describe('an Alertmanager', () => {
  test('is told at every replica, each on its own', () => {
    const receiver = receiverAt(['http://a:1', 'http://b:1'])
    assert.deepEqual(receiver.recipients, ['http://a:1', 'http://b:1'])
    assert.equal(receiver.refreshEveryMs, 3 * minuteMs)
  })

  test('that refuses a batch is given each alert alone (R12)', async (t) => {
    const http = await httpFarSide(t, (request, response) => {
      const alerts: { labels: { region: string } }[] = JSON.parse(request.body)
      const isBad = alerts.some(({ labels }) => labels.region === 'bad')
      answerWith(isBad ? 400 : 200)(request, response)
    })
    const alert = { slo: 'checkout', severity: 'page', firedAt: 1, resolvedAt: null, hushedBy: null } as const
    const mixed = aNotification({ alerts: ['good', 'bad'].map((scope) => ({ ...alert, scope })) })
    assert.deepEqual(await receiverAt([http.url]).send(to(http.url, mixed), unaborted), { kind: 'delivered' })
    assert.equal(http.requests.length, 3)
    const bad = aNotification({ alerts: ['bad', 'bad'].map((scope) => ({ ...alert, scope })) })
    const outcome = await receiverAt([http.url]).send(to(http.url, bad), unaborted)
    assert.deepEqual(outcome, { kind: 'rejected', reason: 'HTTP 400 for each of 2 alerts' })
  })
})

test('Debian’s Alertmanager holds the alert until it is over', { skip: alertmanagerMissing }, async (t) => {
  const hook = await httpFarSide(t)
  const url = await startAlertmanager(t, storeFolder(t), hook.url)
  const now = Date.now()
  const receiver = receiverAt([url], new VirtualClock(now))
  const firedAt = now - 10 * minuteMs
  const alert = { slo: 'checkout-availability', scope: 'eu-west-1', severity: 'page', hushedBy: null } as const
  const open = aNotification({
    firedAt,
    at: now,
    alerts: [{ ...alert, firedAt, resolvedAt: null }],
    labels: { 'team.name': 'ü' },
  })
  const told = hook.nextRequest()
  assert.deepEqual(await receiver.send(to(url, open), unaborted), { kind: 'delivered' })
  const firing: { status: string; groupLabels: Record<string, string> } = JSON.parse((await told).body)
  assert.equal(firing.status, 'firing')
  assert.equal(firing.groupLabels['team_name'], 'ü')
  const [held] = await alertsAt(url)
  assert.equal(Date.parse(held.endsAt), now + 15 * minuteMs)
  assert.equal(Date.parse(held.startsAt), firedAt)

  const ended = hook.nextRequest()
  const end = aResolve({
    ...open,
    status: 'resolved',
    resolvedAt: now,
    alerts: [{ ...alert, firedAt, resolvedAt: now }],
  })
  assert.deepEqual(await receiver.send(to(url, end), unaborted), { kind: 'delivered' })
  const resolved: { status: string } = JSON.parse((await ended).body)
  assert.equal(resolved.status, 'resolved')
  assert.deepEqual(await alertsAt(url), [])
})

async function alertsAt(url: string): Promise<readonly { readonly startsAt: string; readonly endsAt: string }[]> {
  const answer: { startsAt: string; endsAt: string }[] = JSON.parse(await (await fetch(`${url}/api/v2/alerts`)).text())
  return answer
}

function receiverAt(urls: readonly string[], clock = new VirtualClock(aNotification().at)) {
  const settings = { urls, resolveTimeoutMs: 15 * minuteMs, login: undefined, token: undefined }
  return alertmanagerReceiver('am', settings, { ...receiverContext, clock })
}

function to(recipient: string, notification: Notification): Delivery {
  return aDelivery(notification, { recipient })
}
