import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import type { ConfigReading } from '../../src/core/model/config-reading.ts'
import { secret } from '../../src/core/model/secret.ts'
import { type SourceDocument, sourceConfig, sourceSchema } from '../../src/ingest/config.ts'

const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile<SourceDocument>(sourceSchema)

function reading(): ConfigReading & { readonly reports: [string, string][] } {
  const reports: [string, string][] = []
  return {
    reports,
    secret: () => secret(''),
    report: (path, message) => void reports.push([path, message]),
  }
}

function read(document: unknown) {
  assert.ok(validate(document), JSON.stringify(validate.errors))
  const notes = reading()
  return { config: sourceConfig(document, notes), reports: notes.reports }
}

test('fills in interval, timeout and the instance of each target', () => {
  const targets = ['http://127.0.0.1:9100/metrics', 'https://shop.example/metrics', 'http://[::1]:1/']
  assert.deepEqual(read({ name: 'eu', region: 'eu-west-1', scrape: { targets } }), {
    config: {
      kind: 'scrape',
      name: 'eu',
      region: 'eu-west-1',
      settings: {
        targets: [
          { url: 'http://127.0.0.1:9100/metrics', instance: '127.0.0.1:9100' },
          { url: 'https://shop.example/metrics', instance: 'shop.example:443' },
          { url: 'http://[::1]:1/', instance: '[::1]:1' },
        ],
        intervalMs: 15_000,
        timeoutMs: 10_000,
      },
    },
    reports: [],
  })
})

test('lets the timeout follow a short interval', () => {
  const { config } = read({ name: 'a', scrape: { targets: ['http://a/'], interval: '1s' } })
  assert.ok(config.kind === 'scrape')
  assert.equal(config.settings.timeoutMs, 1_000)
})

test('reads a remote-write source', () => {
  assert.deepEqual(read({ name: 'push', remoteWrite: {} }).config, {
    kind: 'remoteWrite',
    name: 'push',
    region: undefined,
    settings: {},
  })
})

/** What stands under `scrape:`, and where and how it is reported. */
const reported: readonly (readonly [object, string, RegExp])[] = [
  [{ targets: ['http://a/'], interval: '15' }, '/scrape/interval', /"15" is not a duration/],
  [{ targets: ['http://a/'], interval: '0' }, '/scrape/interval', /not a duration of 100ms or more/],
  [{ targets: ['http://a/'], interval: '5s', timeout: '6s' }, '/scrape/timeout', /longer than the interval/],
  [{ targets: ['http://a/', 'http://'] }, '/scrape/targets/1', /not a URL/],
  [{ targets: ['http://me:pw@a/'] }, '/scrape/targets/0', /password in a URL/],
  [{ targets: ['http://a/x', 'http://a:80/y'] }, '/scrape/targets/1', /second target at a:80/],
]

for (const [scrape, path, message] of reported) {
  test(`reports ${path} of ${JSON.stringify(scrape)}`, () => {
    const { reports } = read({ name: 'a', scrape })
    assert.equal(reports.length, 1)
    assert.equal(reports[0][0], path)
    assert.match(reports[0][1], message)
    assert.doesNotMatch(reports[0][1], /pw/)
  })
}

for (const document of [
  { name: 'a' },
  { name: 'a', scrape: { targets: ['http://a/'] }, remoteWrite: {} },
  { name: 'a', scrape: { targets: [] } },
  { name: 'a', scrape: { targets: ['http://a/', 'http://a/'] } },
  { name: 'a', scrape: { targets: ['ftp://a/'] } },
  { name: 'a', scrape: { target: 'http://a/' } },
  { name: 'a', remoteWrite: { path: '/x' } },
  { name: 'a', kafka: {} },
  { remoteWrite: {} },
]) {
  test(`the schema refuses ${JSON.stringify(document)}`, () => {
    assert.equal(validate(document), false)
  })
}
