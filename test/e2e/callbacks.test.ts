import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { answerWith } from '../support/delivery-http-server.ts'
import { pagerdutyFarSide } from '../support/delivery-pagerduty-server.ts'
import { slackFarSide } from '../support/delivery-slack-server.ts'
import { runningApp, sendTraffic } from '../support/running-app.ts'
import { eventually } from '../support/started-process.ts'

const keys = { routing: 'r0uting', webhook: 'pagerduty-signs', slackToken: 'xoxb-1', signing: 'slack-signs' }

test('whoever acknowledges in PagerDuty has it acknowledged here and in Slack, and all of it can be looked back at', {
  timeout: 60_000,
}, async (t) => {
  const world = await pagedWorld(t)
  const { app, pagerduty, slack, incident, callback } = world
  const event = {
    event: {
      id: randomUUID(),
      event_type: 'incident.acknowledged',
      occurred_at: new Date().toISOString(),
      agent: { summary: 'Ana Torres' },
      data: { incident_key: incident.key },
    },
  }
  const body = JSON.stringify(event)

  const forged = { 'x-pagerduty-signature': `v1=${hmac('another key', body)}` }
  assert.equal((await callback('phone', forged, body)).status, 401)
  assert.equal((await callback('phone', {}, body)).status, 401)
  assert.equal((await look(app.url, incident.id)).incident.acknowledgement, null, 'what is not signed does nothing')

  const signed = { 'x-pagerduty-signature': `v1=${hmac(keys.webhook, body)}` }
  const taken = await callback('phone', signed, body)
  assert.deepEqual([taken.status, taken.data], [200, { acknowledged: true }])
  assert.equal((await callback('phone', signed, body)).status, 401, 'the same again is refused')

  const { incident: acknowledged } = await look(app.url, incident.id)
  assert.equal(acknowledged.acknowledgement?.by, 'Ana Torres (PagerDuty)')
  await eventually(async () => (hasButton(slack.messages[0].blocks) ? undefined : true), 'Slack shows no button')
  assert.match(JSON.stringify(slack.messages[0].blocks), /Ana Torres \(PagerDuty\), until/)

  const timeline = await eventually(async () => {
    const found = await look(app.url, incident.id)
    return found.deliveries.every(({ settledAt }) => settledAt !== null) ? found : undefined
  }, 'everything is settled')
  const kinds = timeline.events.map(({ kind }) => kind)
  for (const kind of ['opened', 'told', 'acknowledged'])
    assert.ok(kinds.includes(kind), `${kind} is in ${kinds.join(', ')}`)
  assert.deepEqual(
    timeline.events.map(({ sequence }) => sequence),
    timeline.events.map((_, index) => index + 1),
    'no decision is missing',
  )
  const first = timeline.deliveries.find(({ receiver }) => receiver === 'phone')
  assert.deepEqual(
    first?.attempts.map(({ outcome }) => outcome),
    ['retry', 'delivered'],
    'the attempt that failed is kept as well',
  )
  assert.ok(timeline.burnRates.some(({ burnRate, window }) => window === '5s' && burnRate !== null && burnRate > 14.4))
  assert.deepEqual([pagerduty.violations, slack.violations], [[], []])
})

test('whoever presses the button in Slack has it acknowledged here and in PagerDuty', {
  timeout: 60_000,
}, async (t) => {
  const { app, pagerduty, incident, slack, callback } = await pagedWorld(t)
  assert.ok(hasButton(slack.messages[0].blocks))
  const payload = {
    type: 'block_actions',
    user: { id: 'U0BO', name: 'bo' },
    actions: [{ action_id: 'acknowledge', value: incident.id }],
  }
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  const stamped = (at: number, key = keys.signing) => {
    const stamp = String(Math.floor(at / 1_000))
    return { 'x-slack-request-timestamp': stamp, 'x-slack-signature': `v0=${hmac(key, `v0:${stamp}:${body}`)}` }
  }

  assert.equal((await callback('chat', stamped(Date.now(), 'another key'), body)).status, 401)
  assert.equal((await callback('chat', stamped(Date.now() - 600_000), body)).status, 401, 'an old one is refused')
  assert.equal((await look(app.url, incident.id)).incident.acknowledgement, null)

  const now = Date.now()
  assert.deepEqual((await callback('chat', stamped(now), body)).data, { acknowledged: true })
  assert.equal((await callback('chat', stamped(now), body)).status, 401, 'the same again is refused')
  assert.equal((await look(app.url, incident.id)).incident.acknowledgement?.by, 'bo (Slack)')
  await eventually(
    async () => (pagerduty.events.some(({ action }) => action === 'acknowledge') ? true : undefined),
    'PagerDuty hears of it',
  )
  assert.deepEqual(pagerduty.opened, [incident.key], 'and has one incident')
})

test('a callback for a receiver that expects none is not found', { timeout: 60_000 }, async (t) => {
  const { callback } = await pagedWorld(t)
  assert.equal((await callback('nobody', {}, '{}')).status, 404)
})

/** An engine that has paged PagerDuty, at the second attempt, and Slack. */
async function pagedWorld(t: TestContext) {
  const pagerduty = await pagerdutyFarSide(t, keys.routing)
  const slack = await slackFarSide(t, keys.slackToken)
  pagerduty.http.react(answerWith(500))
  const app = await runningApp(
    t,
    `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 0s }
sources: [{ name: otel, otlp: {} }]
incidents: { updateEvery: 1s }
receivers:
  - { name: phone, pagerduty: { routingKey: ${keys.routing}, url: '${pagerduty.http.url}/v2/enqueue', webhookSecret: ${keys.webhook} } }
  - { name: chat, slack: { token: ${keys.slackToken}, channel: '#incidents', signingSecret: ${keys.signing}, apiUrl: '${slack.http.url}/api/' } }
routes: [{ receivers: [phone, chat] }]
store: { sqlite: { path: sloburn.db } }
`,
  )
  await sendTraffic(app.url, 50, 20)
  await eventually(async () => (pagerduty.http.requests.length > 0 ? true : undefined), 'PagerDuty is called')
  pagerduty.http.react(pagerduty.work)
  await eventually(async () => (pagerduty.opened.length > 0 ? true : undefined), 'PagerDuty has an incident')
  await eventually(async () => (slack.messages.length > 0 ? true : undefined), 'Slack has a message')
  const { data } = await get<{ data: { incidents: { id: string; key: string }[] } }>(`${app.url}/api/v1/incidents`)
  const [incident] = data.incidents
  const callback = async (receiver: string, headers: Readonly<Record<string, string>>, body: string) => {
    const response = await fetch(`${app.url}/api/v1/receivers/${receiver}/callback`, { method: 'POST', headers, body })
    const answer: { data?: unknown } = await response.json()
    return { status: response.status, data: answer.data }
  }
  return { app, pagerduty, slack, incident, callback }
}

interface Timeline {
  readonly incident: { readonly acknowledgement: { readonly by: string } | null }
  readonly events: readonly { readonly sequence: number; readonly kind: string }[]
  readonly deliveries: readonly {
    readonly receiver: string
    readonly settledAt: number | null
    readonly attempts: readonly { readonly outcome: string | null }[]
  }[]
  readonly burnRates: readonly { readonly window: string; readonly burnRate: number | null }[]
}

async function look(url: string, id: string): Promise<Timeline> {
  return (await get<{ data: Timeline }>(`${url}/api/v1/incidents/${id}`)).data
}

async function get<T>(url: string): Promise<T> {
  const answer: T = await (await fetch(url)).json()
  return answer
}

function hasButton(blocks: unknown): boolean {
  return JSON.stringify(blocks).includes('"action_id":"acknowledge"')
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}
