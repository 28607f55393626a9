import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { decompressedBodyBytesMax } from '../../src/core/model/limits.ts'
import { answerWith, httpFarSide } from '../support/delivery-http-server.ts'
import { runningApp, sendTraffic } from '../support/running-app.ts'
import { eventually } from '../support/started-process.ts'

/** A config with one webhook; more of it where a test says so. */
function aConfig(hook: string, more = ''): string {
  return `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 1s }
sources: [{ name: otel, otlp: {} }]
receivers: [{ name: oncall, webhook: { url: '${hook}' } }]
routes: [{ receivers: [oncall] }]
incidents: { resolveAfter: 1s }
store: { sqlite: { path: sloburn.db } }
${more}`
}

async function burns(t: TestContext, more?: string) {
  const far = await httpFarSide(t)
  const app = await runningApp(t, aConfig(far.url, more))
  return { far, app, paged: () => eventually(async () => far.requests[0], 'the page') }
}

test('30. a reload of a config or of rules that are wrong: the old ones stay in force and page, and the metric says so', async (t) => {
  const { far, app, paged } = await burns(t)
  app.write('rules.yaml', 'apiVersion: sloburn/v1\nkind: SLO\nmetadata: { name: shop }\nspec: { objective: 200 }\n')
  assert.ok((await app.reload()).some(({ severity }) => severity === 'error'))
  app.write('sloburn.yaml', aConfig(far.url, 'nonsense: true\n'))
  assert.ok((await app.reload()).some(({ severity }) => severity === 'error'))
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  assert.match(metrics, /^sloburn_config_last_reload_successful 0$/m)
  assert.match(metrics, /^sloburn_config_reloads_total\{outcome="failed"\} 2$/m)
  assert.ok(app.lines.some((line) => line.includes('"level":"error"')))
  await sendTraffic(app.url, 50, 20)
  assert.match((await paged()).body, /"slo":"shop"/)
})

test('32. a reload while a page is under way does not wait for it: the attempt comes to its end, and nothing is sent twice', async (t) => {
  const { far, app, paged } = await burns(t)
  const answer = Promise.withResolvers<void>()
  far.react((request, response) => void answer.promise.then(() => answerWith(200)(request, response)))
  await sendTraffic(app.url, 50, 20)
  await paged()
  assert.deepEqual(await app.reload(), [])
  answer.resolve()
  const delivered = await eventually(async () => {
    const [incident] = (await get<Incidents>(app.url, 'incidents')).incidents
    const { deliveries } = await get<Timeline>(app.url, `incidents/${encodeURIComponent(incident.id)}`)
    return deliveries.every(({ status }) => status === 'delivered') ? deliveries : undefined
  }, 'the delivery')
  assert.equal(delivered[0].attempts.length, 1)
  assert.equal(far.requests.length, 1)
})

test('70. tokens, keys and addresses with passwords are in no log line, metric, page or answer of the API, whatever fails', async (t) => {
  const secrets = ['R0UTING', 'xoxb-T0KEN', 'M41LPASS', 'H00KPATH', 'B4S1CPASS', 'S1GNKEY', 'AP1TOKEN-0123456789']
  secrets.push('H34DER', 'AMT0KEN', 'SL4CKSIGN', 'PDH00K')
  const env = {
    ROUTING: 'R0UTING',
    SLACK: 'xoxb-T0KEN',
    MAIL: 'M41LPASS',
    HOOK: 'http://user:B4S1CPASS@127.0.0.1:1/H00KPATH',
    SIGN: 'S1GNKEY',
    API: 'AP1TOKEN-0123456789',
    HEADER: 'H34DER',
    AM: 'AMT0KEN',
    SLACK_SIGN: 'SL4CKSIGN',
    PD_HOOK: 'PDH00K',
  }
  const config = `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 1s }
sources: [{ name: otel, otlp: {} }]
receivers:
  - { name: hook, webhook: { url: { env: HOOK }, secret: { env: SIGN }, headers: { X-Key: { env: HEADER } } } }
  - { name: duty, pagerduty: { routingKey: { env: ROUTING }, url: 'http://127.0.0.1:1/v2/enqueue', webhookSecret: { env: PD_HOOK } } }
  - { name: chat, slack: { token: { env: SLACK }, channel: C1, apiUrl: 'http://127.0.0.1:1/', signingSecret: { env: SLACK_SIGN } } }
  - { name: am, alertmanager: { urls: ['http://127.0.0.1:1'], token: { env: AM } } }
  - { name: mail, email: { host: 127.0.0.1, port: 1, tls: none, username: u, password: { env: MAIL }, from: a@example.com, to: [b@example.com] } }
routes: [{ receivers: [hook, duty, chat, mail, am] }]
api: { token: { env: API } }
store: { sqlite: { path: sloburn.db } }
log: { level: debug }
`
  const app = await runningApp(t, config, { env })
  await sendTraffic(app.url, 50, 20)
  await eventually(async () => {
    const tried = app.lines.filter((line) => line.includes('delivery will be tried again'))
    return new Set(tried.map((line) => /"receiver":"(\w+)"/.exec(line)?.[1])).size === 5 ? true : undefined
  }, 'every receiver fails')
  const [incident] = (await get<Incidents>(app.url, 'incidents')).incidents
  const paths = ['', 'metrics', 'api/v1/slos', 'api/v1/status', 'api/v1/incidents', 'api/v1/alerts']
  const seen = [...app.lines]
  for (const path of [...paths, `api/v1/incidents/${encodeURIComponent(incident.id)}`]) {
    seen.push(await (await fetch(`${app.url}/${path}`)).text())
  }
  // What is wrong with a config is said without the values in it.
  app.write('sloburn.yaml', config.replace('channel: C1', 'channel: 7').replace('{ env: ROUTING }', '{ env: NOWHERE }'))
  seen.push(JSON.stringify(await app.reload()))
  for (const word of secrets) assert.ok(!seen.some((text) => text.includes(word)), `${word} was shown`)
})

test('74. a bomb of gzip, JSON without an end and ten thousand brackets are refused within limits, and what is good is taken', async (t) => {
  const { app, paged } = await burns(t)
  const post = async (body: Uint8Array<ArrayBuffer> | string, headers: Readonly<Record<string, string>>) =>
    (await fetch(`${app.url}/v1/metrics`, { method: 'POST', headers, body })).status
  const json = { 'content-type': 'application/json' }
  const bomb = Uint8Array.from(gzipSync(Buffer.alloc(decompressedBodyBytesMax + 1, ' ')))
  assert.ok(bomb.length < 1_000_000, 'it is small on the wire')
  const before = process.memoryUsage().rss
  for (let round = 0; round < 5; round++) {
    assert.equal(await post(bomb, { ...json, 'content-encoding': 'gzip' }), 413)
    assert.equal(await post(bomb, { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' }), 413)
  }
  assert.ok([400, 413].includes(await post(`{"resourceMetrics":${'['.repeat(10_000)}`, json)))
  assert.ok([400, 413].includes(await post('{"resourceMetrics":[', json)))
  const grownBytes = process.memoryUsage().rss - before
  assert.ok(grownBytes < 6 * decompressedBodyBytesMax, `${grownBytes} bytes`)
  await sendTraffic(app.url, 50, 20)
  await paged()
})

const asked: readonly (readonly [string, string, object])[] = [
  ['POST', 'api/v1/silences', { matchers: ['slo="shop"'], duration: '2h', createdBy: 'eve', comment: 'x' }],
  ['POST', 'api/v1/incidents/some/ack', { by: 'eve' }],
  ['POST', 'api/v1/annotations', { kind: 'deploy', text: 'x', createdBy: 'eve' }],
  [
    'POST',
    'api/v1/exclusions',
    { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', author: 'eve', reason: 'x' },
  ],
  ['DELETE', 'api/v1/silences/some?by=eve', {}],
]

test('75. writes without the token are refused and written down; with it they are taken', async (t) => {
  const { app } = await burns(t, `api: { token: a-token-of-sixteen }\n`)
  for (const [method, path, body] of asked) {
    for (const authorization of [undefined, 'Bearer wrong', 'Basic YTpi']) {
      assert.equal(await write(app.url, method, path, body, authorization), 401, `${method} ${path}`)
    }
  }
  const [[method, path, body]] = asked
  assert.equal((await get<Silences>(app.url, 'silences')).silences.length, 0)
  assert.equal(await write(app.url, method, path, body, 'Bearer a-token-of-sixteen'), 201)
  const refused = app.lines.filter((line) => line.includes('"msg":"write refused"'))
  assert.equal(refused.length, 3 * asked.length)
  assert.match(refused[0], /"path":"\/api\/v1\/silences"/)
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  assert.match(metrics, new RegExp(`^sloburn_refused_writes_total\\{status="401"\\} ${3 * asked.length}$`, 'm'))
})

for (const [what, more, headers, reload, silence] of [
  ['without a token: nobody may write, and nobody may reload', '', {}, 403, 403],
  ['with a token, by somebody without it', 'api: { token: a-token-of-sixteen }\n', {}, 401, 401],
  [
    'with a token, by somebody who has it',
    'api: { token: a-token-of-sixteen }\n',
    { authorization: 'Bearer a-token-of-sixteen' },
    200,
    201,
  ],
] as const) {
  test(`75. listening beyond this machine ${what}`, async (t) => {
    const far = await httpFarSide(t)
    // Any other name of an address may be one of the network. This one leads to this machine, so that the test stays here.
    const app = await runningApp(t, aConfig(far.url, more).replace('http: 127.0.0.1:0', 'http: 127.1:0'))
    const { url } = app
    const { authorization }: { authorization?: string } = headers
    assert.equal(await write(url, 'POST', '-/reload', {}, authorization), reload)
    const [[method, path, body]] = asked
    assert.equal(await write(url, method, path, body, authorization), silence)
    // Reading is not writing, and senders of samples have credentials of their own.
    assert.equal((await fetch(`${url}/api/v1/slos`)).status, 200)
    await sendTraffic(url, 0, 1)
    assert.equal(
      app.lines.some((line) => line.includes('listens beyond this machine without api.token')),
      more === '',
    )
  })
}

test('75. on this machine alone /-/reload needs no token, since whoever is there may send SIGHUP as well', async (t) => {
  const { app } = await burns(t, `api: { token: a-token-of-sixteen }\n`)
  assert.equal(await write(app.url, 'POST', '-/reload', {}, undefined), 200)
})

async function write(url: string, method: string, path: string, body: object, authorization: string | undefined) {
  const headers = { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) }
  const given = method === 'DELETE' ? {} : { body: JSON.stringify(body) }
  const response = await fetch(`${url}/${path}`, { method, headers, ...given })
  await response.text()
  return response.status
}

interface Incidents {
  readonly incidents: readonly { readonly id: string }[]
}

interface Timeline {
  readonly deliveries: readonly { readonly status: string; readonly attempts: readonly unknown[] }[]
}

interface Silences {
  readonly silences: readonly unknown[]
}

async function get<T>(url: string, path: string): Promise<T> {
  const { data }: { data: T } = await (await fetch(`${url}/api/v1/${path}`)).json()
  return data
}
