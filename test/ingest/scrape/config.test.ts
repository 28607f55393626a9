import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { secret } from '../../../src/core/model/secret.ts'
import { type ScrapeDocument, scrapeConfig, scrapeSchema } from '../../../src/ingest/scrape/config.ts'

const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile<ScrapeDocument>(scrapeSchema)

function read(document: unknown) {
  assert.ok(validate(document), JSON.stringify(validate.errors))
  const reports: [string, string][] = []
  const config = scrapeConfig(document, {
    secret: () => secret(''),
    report: (path, message) => void reports.push([path, message]),
  })
  return { config, reports }
}

test('fills in interval, timeout and the instance of each target', () => {
  const targets = ['http://127.0.0.1:9100/metrics', 'https://shop.example/metrics', 'http://[::1]:1/', 'host:9100']
  const { config, reports } = read({ targets })
  const labels = new Map()
  assert.deepEqual(config.targets, [
    { url: 'http://127.0.0.1:9100/metrics', instance: '127.0.0.1:9100', labels },
    { url: 'https://shop.example/metrics', instance: 'shop.example:443', labels },
    { url: 'http://[::1]:1/', instance: '[::1]:1', labels },
    { url: 'http://host:9100/metrics', instance: 'host:9100', labels },
  ])
  assert.deepEqual([config.intervalMs, config.timeoutMs, config.refreshMs], [15_000, 10_000, 30_000])
  assert.deepEqual([config.honorTimestamps, config.honorLabels, config.followRedirects], [true, false, true])
  assert.deepEqual(reports, [])
})

test('gives groups a scheme, path, parameters and labels of their own', () => {
  const { config, reports } = read({
    labels: { env: 'prod', tier: 'web' },
    params: { match: ['a', 'b'] },
    groups: [
      { targets: ['x:1'], scheme: 'https', path: '/federate', labels: { tier: 'db' } },
      { targets: ['x:1'], params: { 'name[]': 'c' } },
    ],
  })
  assert.deepEqual(reports, [])
  assert.deepEqual(config.targets, [
    {
      url: 'https://x:1/federate?match=a&match=b',
      instance: 'x:1',
      labels: new Map([
        ['env', 'prod'],
        ['tier', 'db'],
      ]),
    },
    {
      url: 'http://x:1/metrics?name%5B%5D=c',
      instance: 'x:1',
      labels: new Map([
        ['env', 'prod'],
        ['tier', 'web'],
      ]),
    },
  ])
})

test('reads files and DNS as places to look for targets', () => {
  const { config, reports } = read({
    files: ['t/*.yaml'],
    dns: [{ names: ['_m._tcp.a'] }, { names: ['a'], type: 'A', port: 9 }],
  })
  assert.deepEqual(config.files, ['t/*.yaml'])
  assert.deepEqual(config.dns, [
    { type: 'SRV', names: ['_m._tcp.a'] },
    { type: 'A', names: ['a'], port: 9 },
  ])
  assert.deepEqual(reports, [])
})

test('lets the timeout follow a short interval', () => {
  assert.equal(read({ targets: ['http://a/'], interval: '1s' }).config.timeoutMs, 1_000)
})

/** What stands under `scrape:`, and where and how it is reported. */
const reported: readonly (readonly [object, string, RegExp])[] = [
  [{ targets: ['http://a/'], interval: '15' }, '/interval', /"15" is not a duration/],
  [{ targets: ['http://a/'], interval: '0' }, '/interval', /not a duration of 100ms or more/],
  [{ targets: ['http://a/'], interval: '5s', timeout: '6s' }, '/timeout', /longer than the interval/],
  [{ targets: ['http://a/', 'http://'] }, '/targets/1', /not a URL/],
  [{ targets: ['http://me:pw@a/'] }, '/targets/0', /password in a URL/],
  [{ targets: ['http://a/x', 'http://a:80/y'] }, '/targets/1', /second target at a:80/],
  [{}, '', /nothing to scrape/],
  [{ targets: ['ftp://a/'] }, '/targets/0', /ftp: is not scraped/],
  [{ targets: ['a:1/metrics'] }, '/targets/0', /path without a scheme/],
  [{ dns: [{ names: ['a'], type: 'A' }] }, '/dns/0', /names no port/],
  [{ dns: [{ names: ['a'], port: 1 }] }, '/dns/0/port', /names the port itself/],
  [{ targets: ['a:1'], labels: { __address__: 'x' } }, '/labels/__address__', /cannot be called __address__/],
  [{ targets: ['a:1'], tls: { cert: 'x' } }, '/tls', /"key" is missing/],
  [
    { targets: ['a:1'], bearerToken: 'x', basicAuth: { username: 'a', password: 'pw' } },
    '/basicAuth',
    /Authorization header already/,
  ],
]

for (const [scrape, path, message] of reported) {
  test(`reports ${path} of ${JSON.stringify(scrape)}`, () => {
    const { reports } = read(scrape)
    assert.equal(reports.length, 1)
    assert.equal(reports[0][0], path)
    assert.match(reports[0][1], message)
    assert.doesNotMatch(reports[0][1], /pw/)
  })
}

for (const document of [
  { targets: ['http://a/', 'http://a/'] },
  { files: ['x.txt'] },
  { groups: [{ labels: {} }] },
  { target: 'http://a/' },
]) {
  test(`the schema refuses ${JSON.stringify(document)}`, () => assert.equal(validate(document), false))
}
