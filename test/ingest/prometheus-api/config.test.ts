import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Ajv } from 'ajv'
import { secret } from '../../../src/core/model/secret.ts'
import {
  type PrometheusDocument,
  prometheusConfig,
  prometheusSchema,
} from '../../../src/ingest/prometheus-api/config.ts'

const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile<PrometheusDocument>(
  prometheusSchema,
)

function read(document: unknown) {
  assert.ok(validate(document), JSON.stringify(validate.errors))
  const reports: [string, string, string][] = []
  const config = prometheusConfig(document, {
    secret: (source) => secret(typeof source === 'string' ? source : 'from elsewhere'),
    report: (path, message, hint) => void reports.push([path, message, hint]),
  })
  return { config, reports, headers: [...config.headers].map(([name, value]) => [name, value.reveal()]) }
}

test('an address is enough: asked once a minute, for ten seconds at most', () => {
  const { config, reports } = read({ url: 'http://127.0.0.1:9090/' })
  const backfill = {
    reachMs: Number.POSITIVE_INFINITY,
    waitMs: 60_000,
    pauseMs: 100,
    timeoutMs: 60_000,
    concurrency: 1,
  }
  const http = { headers: new Map(), tls: undefined }
  assert.deepEqual(config, {
    url: 'http://127.0.0.1:9090',
    ...http,
    intervalMs: 60_000,
    timeoutMs: 10_000,
    backfill,
    pull: { kind: 'unless-told' },
  })
  assert.deepEqual(reports, [])
})

test('reads everything that can be set, and shows no secret', () => {
  const { config, reports, headers } = read({
    url: 'https://mimir.example/prometheus/',
    headers: { 'X-Api-Key': { env: 'KEY' }, 'X-Plain': 'hush-hush' },
    bearerToken: { file: 'token' },
    tenant: 'hush-team',
    interval: '30s',
    timeout: '5s',
  })
  assert.deepEqual(reports, [])
  assert.equal(config.url, 'https://mimir.example/prometheus')
  assert.deepEqual([config.intervalMs, config.timeoutMs], [30_000, 5_000])
  assert.deepEqual(headers, [
    ['x-api-key', 'from elsewhere'],
    ['x-plain', 'hush-hush'],
    ['authorization', 'Bearer from elsewhere'],
    ['x-scope-orgid', 'hush-team'],
  ])
  assert.doesNotMatch(inspect(config, { depth: 9 }) + JSON.stringify([...config.headers]), /hush|elsewhere/)
})

test('the timeout follows a short interval', () => {
  assert.equal(read({ url: 'http://a', interval: '5s' }).config.timeoutMs, 5_000)
})

const url = 'http://a'
/** What stands under `prometheus:`, and where and how it is reported. */
const reported: readonly (readonly [object, string, RegExp])[] = [
  [{ url: 'http://' }, '/url', /not a URL/],
  [{ url: 'http://me:hush@a' }, '/url', /user name or password/],
  [{ url: 'http://a/?tenant=b' }, '/url', /query or fragment/],
  [{ url: 'http://a/api/v1/query' }, '/url', /goes too far/],
  [{ url, interval: '500ms' }, '/interval', /"500ms" is not a duration of 1s or more/],
  [{ url, interval: 'often' }, '/interval', /not a duration/],
  [{ url, timeout: '0' }, '/timeout', /not a duration/],
  [{ url, interval: '5s', timeout: '6s' }, '/timeout', /longer than the interval/],
  [{ url, headers: { 'X-Key': 'hush\nhush' } }, '/headers/X-Key', /not a header value/],
  [{ url, bearerToken: 'hush\nhush' }, '/bearerToken', /not a header value/],
  [{ url, tenant: 'hüsh' }, '/tenant', /not a header value/],
  [
    { url, bearerToken: 'hush', headers: { Authorization: 'Basic hush' } },
    '/bearerToken',
    /Authorization header already/,
  ],
]
for (const [document, path, message] of reported) {
  test(`reports ${path} of ${JSON.stringify(document)}`, () => {
    const { reports } = read(document)
    assert.deepEqual(
      reports.map(([at]) => at),
      [path],
    )
    assert.match(reports[0][1], message)
    assert.doesNotMatch(reports.flat().join(), /h[uü]sh/)
  })
}

for (const document of [
  {},
  { url: 'ftp://a' },
  { url, token: 'x' },
  { url, headers: { 'a b': 'x' } },
  { url, tenant: '' },
]) {
  test(`the schema refuses ${JSON.stringify(document)}`, () => assert.equal(validate(document), false))
}

function pullOf(pull: boolean | { readonly interval?: string }) {
  return read({ url: 'http://127.0.0.1:9090', pull })
}

test('counters are read as they come when that is asked for, and how often', () => {
  assert.deepEqual(pullOf(true).config.pull, { kind: 'on', intervalMs: undefined })
  assert.deepEqual(pullOf({}).config.pull, { kind: 'on', intervalMs: undefined })
  assert.deepEqual(pullOf(false).config.pull, { kind: 'off' })
  assert.deepEqual(pullOf({ interval: '30s' }).config.pull, { kind: 'on', intervalMs: 30_000 })
  assert.deepEqual(pullOf({ interval: '10ms' }).reports, [
    ['/pull/interval', '"10ms" is not a duration of a second or more', 'for example 15s'],
  ])
})
