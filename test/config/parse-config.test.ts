import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Config } from '../../src/config/config.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import type { SecretStore } from '../../src/config/part-reading.ts'
import { usualReports } from '../../src/config/parts/reports.ts'
import { standardIncidentPolicy } from '../../src/core/incidents/incident-policy.ts'
import { usualDashboards } from '../../src/core/model/dashboard-settings.ts'
import { formatProblem } from '../../src/core/model/problem.ts'
import { minuteMs, secondMs } from '../../src/core/model/units.ts'

const noSecrets: SecretStore = { read: () => ({ reason: 'there are no secrets here' }) }

test('fills in every default of the smallest config', () => {
  assert.deepEqual(sound('rules: [rules/]'), {
    rules: ['etc/rules/'],
    listen: { http: { host: '127.0.0.1', port: 9712 }, otlpGrpc: undefined, otlpHttp: undefined },
    evaluation: { intervalMs: 15 * secondMs, delayMs: 15 * secondMs },
    sources: [],
    receivers: [],
    routes: [],
    incidents: standardIncidentPolicy,
    delivery: { allowInternal: [] },
    fallback: undefined,
    heartbeat: undefined,
    api: { token: undefined },
    reports: usualReports,
    dashboards: usualDashboards,
    exports: [],
    store: { kind: 'sqlite', path: 'etc/data/sloburn.db' },
    checkpoint: { intervalMs: 30 * secondMs },
    log: { level: 'info', format: 'json' },
    externalUrl: undefined,
  })
})

test('reads everything that can be set', () => {
  const config = sound(`
rules: [rules/, /etc/slos/shop.yaml]
listen: { http: ':8080' }
evaluation: { interval: 10s, delay: 0s }
sources:
  - { name: eu, region: eu-west-1, scrape: { targets: ['http://127.0.0.1:9100/metrics'], interval: 5s } }
  - { name: push, remoteWrite: {} }
receivers:
  - { name: oncall, webhook: { url: 'http://127.0.0.1:9000/hook' } }
routes:
  - { match: { severity: page }, receivers: [oncall] }
  - { receivers: [oncall] }
store: { sqlite: { path: /var/lib/sloburn.db } }
checkpoint: { interval: 1m }
log: { level: debug, format: text }
externalUrl: https://slo.example.com/
`)
  assert.deepEqual(config.rules, ['etc/rules/', '/etc/slos/shop.yaml'])
  assert.deepEqual(config.listen.http, { host: '0.0.0.0', port: 8080 })
  assert.deepEqual(config.evaluation, { intervalMs: 10 * secondMs, delayMs: 0 })
  assert.deepEqual(
    config.sources.map(({ name, region, kind }) => [name, region, kind]),
    [
      ['eu', 'eu-west-1', 'scrape'],
      ['push', undefined, 'remoteWrite'],
    ],
  )
  assert.deepEqual(
    config.receivers.map(({ name, kind }) => [name, kind]),
    [['oncall', 'webhook']],
  )
  assert.deepEqual(config.routes, [
    { match: { severity: 'page' }, receivers: ['oncall'] },
    { match: {}, receivers: ['oncall'] },
  ])
  assert.deepEqual(config.store, { kind: 'sqlite', path: '/var/lib/sloburn.db' })
  assert.equal(config.checkpoint.intervalMs, minuteMs)
  assert.deepEqual(config.log, { level: 'debug', format: 'text' })
  assert.equal(config.externalUrl, 'https://slo.example.com/')
})

const addresses: readonly (readonly [string, string, number])[] = [
  ['127.0.0.1:0', '127.0.0.1', 0],
  ['localhost:9712', 'localhost', 9712],
  ['[::1]:9712', '::1', 9712],
  [':9712', '0.0.0.0', 9712],
]
for (const [text, host, port] of addresses) {
  test(`listens on ${host}, port ${port}, for "${text}"`, () => {
    assert.deepEqual(sound(`rules: [r]\nlisten: { http: '${text}' }`).listen.http, { host, port })
  })
}

/** Every mistake, what stands in the file, and what the person who made it is told. */
const mistakes: readonly (readonly [string, string, string])[] = [
  ['an empty file', '', 'sloburn.yaml:1:1: WRONG_TYPE the engine config must be a mapping, not empty'],
  ['no rules', 'log: {}', 'sloburn.yaml:1:1: MISSING_KEY "rules" is missing in the engine config'],
  [
    'broken YAML',
    'rules: [a',
    'sloburn.yaml:1:10: YAML_SYNTAX a [ or { before this is not closed, or what it holds is not indented',
  ],
  [
    'a second document',
    'rules: [a]\n---\nrules: [b]',
    'sloburn.yaml:3:1: YAML_SYNTAX the engine config is one document; another begins here',
  ],
  [
    'a key twice',
    'rules: [a]\nrules: [b]',
    'sloburn.yaml:2:1: YAML_DUPLICATE_KEY this key stands in the mapping already\n    hint: keep one of the two',
  ],
  [
    'an unknown key',
    'rules: [a]\nsorces: []',
    'sloburn.yaml:2:1: UNKNOWN_KEY unknown key "sorces" in the engine config\n    hint: did you mean "sources"?',
  ],
  [
    'an unknown key inside a source',
    sources('{ name: a, scrape: { targets: [http://a/], intervall: 1s } }'),
    'sloburn.yaml:3:48: UNKNOWN_KEY unknown key "intervall" in sources[0].scrape\n    hint: did you mean "interval"?',
  ],
  [
    'a source of two kinds',
    sources('{ name: a, remoteWrite: {}, scrape: { targets: [http://a/] } }'),
    'sloburn.yaml:3:5: CONFIG_KIND sources[0] must be of exactly one kind: scrape, remoteWrite, prometheus, otlp; it is of scrape and remoteWrite',
  ],
  [
    'a source of no kind',
    sources('{ name: a }'),
    'sloburn.yaml:3:5: CONFIG_KIND sources[0] must be of exactly one kind: scrape, remoteWrite, prometheus, otlp; it is of none',
  ],
  [
    'two sources of one name',
    sources('{ name: a, remoteWrite: {} }', '{ name: a, remoteWrite: {} }'),
    'sloburn.yaml:4:13: CONFIG_DUPLICATE_NAME "a" is the name of an entry before this one',
  ],
  [
    'a region called global',
    sources('{ name: a, region: global, remoteWrite: {} }'),
    'sloburn.yaml:3:24: WRONG_VALUE a region cannot be called "global": that is all regions together',
  ],
  [
    'a target that is no URL',
    sources("{ name: a, scrape: { targets: ['http://['] } }"),
    'sloburn.yaml:3:36: CONFIG_VALUE not a URL\n    hint: use e.g. http://127.0.0.1:9100/metrics',
  ],
  [
    'an address for OTLP without a port',
    'rules: [a]\nlisten: { otlpGrpc: localhost }',
    'sloburn.yaml:2:21: CONFIG_ADDRESS listen.otlpGrpc is not an address to listen on\n    hint: for example 127.0.0.1:4317, or :4317 for all interfaces',
  ],
  [
    'an attribute that is listed twice',
    sources('{ name: a, otlp: { resourceAttributes: [k8s.pod.name, k8s.pod.name] } }'),
    'sloburn.yaml:3:59: WRONG_VALUE sources[0].otlp.resourceAttributes[1] stands in the list already\n    hint: Attributes of resources that become labels of their series, such as k8s.namespace.name. job, instance, region, zone, service and environment always do.',
  ],
  [
    'PostgreSQL',
    'rules: [a]\nstore: { postgres: { url: x } }',
    'sloburn.yaml:2:10: NOT_SUPPORTED_YET store.postgres is not supported yet\n    hint: use sqlite: { path: data/sloburn.db }',
  ],
  [
    'an address without a port',
    'rules: [a]\nlisten: { http: localhost }',
    'sloburn.yaml:2:17: CONFIG_ADDRESS listen.http is not an address to listen on\n    hint: for example 127.0.0.1:9712, or :9712 for all interfaces',
  ],
  [
    'a port above 65535',
    'rules: [a]\nlisten: { http: a:65536 }',
    'sloburn.yaml:2:17: CONFIG_ADDRESS listen.http is not an address to listen on\n    hint: for example 127.0.0.1:9712, or :9712 for all interfaces',
  ],
  [
    'a number for a duration',
    'rules: [a]\nevaluation: { interval: 15 }',
    'sloburn.yaml:2:25: WRONG_TYPE evaluation.interval must be text, not 15\n    hint: a duration such as 15s',
  ],
  [
    'a word for a duration',
    'rules: [a]\nevaluation: { interval: often }',
    'sloburn.yaml:2:25: CONFIG_DURATION evaluation.interval is not a duration\n    hint: for example 15s',
  ],
  [
    'a delay that outlasts the data',
    'rules: [a]\nevaluation: { delay: 1h }',
    'sloburn.yaml:2:22: CONFIG_DURATION evaluation.delay must be from 0s to 5m\n    hint: for example 15s',
  ],
  [
    'a route to nobody known',
    'rules: [a]\nreceivers: [{ name: oncall, webhook: { url: http://a/ } }]\nroutes: [{ receivers: [oncal, oncall] }]',
    'sloburn.yaml:3:24: CONFIG_UNKNOWN_RECEIVER there is no receiver "oncal"\n    hint: did you mean "oncall"?',
  ],
  [
    'a label value that is a number',
    'rules: [a]\nreceivers: [{ name: a, webhook: { url: http://a/ } }]\nroutes: [{ match: { tier: 1 }, receivers: [a] }]',
    'sloburn.yaml:3:27: WRONG_TYPE routes[0].match.tier must be text, not 1\n    hint: put it in quotes: "1"',
  ],
  [
    'a misspelt form of a secret',
    receiver('slack: { token: { evn: X }, channel: a }'),
    'sloburn.yaml:2:45: WRONG_VALUE receivers[0].slack.token must be text, { env: … } or { file: … }',
  ],
  [
    'a secret that is not there',
    receiver('slack: { token: { env: X }, channel: a }'),
    'sloburn.yaml:2:45: CONFIG_SECRET there are no secrets here',
  ],
  [
    'a log level of another program',
    'rules: [a]\nlog: { level: warning }',
    'sloburn.yaml:2:15: WRONG_VALUE log.level must be debug, info, warn or error, not "warning"',
  ],
  [
    'an external URL without protocol',
    'rules: [a]\nexternalUrl: slo.example.com',
    'sloburn.yaml:2:14: CONFIG_URL externalUrl is not an http or https URL\n    hint: for example https://slo.example.com/',
  ],
]
for (const [what, text, told] of mistakes) {
  test(`refuses ${what}, and says where and what to do`, () => {
    const { config, problems } = parseConfig(text, 'sloburn.yaml', noSecrets)
    assert.deepEqual(problems.map(formatProblem), [told])
    assert.equal(config, undefined)
  })
}

test('reports all mistakes at once, in the order of the file', () => {
  const text = `rules: []
listen: { http: nowhere }
evaluation: { interval: 1h }
sources: [{ name: a }, { name: b, remoteWrite: {}, regoin: x }]
receivers: [{ name: c, email: { host: h } }]
routes: [{ receivers: [d] }]
store: { sqlite: { paht: x } }
`
  const { problems } = parseConfig(text, 'f', noSecrets)
  assert.deepEqual(
    problems.map(({ code, at }) => [at.line, code]),
    [
      [1, 'WRONG_VALUE'],
      [2, 'CONFIG_ADDRESS'],
      [3, 'CONFIG_DURATION'],
      [4, 'CONFIG_KIND'],
      [4, 'UNKNOWN_KEY'],
      [5, 'CONFIG_UNUSED_RECEIVER'],
      [5, 'MISSING_KEY'],
      [5, 'MISSING_KEY'],
      [6, 'CONFIG_UNKNOWN_RECEIVER'],
      [7, 'UNKNOWN_KEY'],
    ],
  )
})

test('warns of a receiver that no route names, and works nevertheless', () => {
  const { config, problems } = parseConfig(
    'rules: [a]\nreceivers: [{ name: oncall, webhook: { url: http://a/ } }]',
    'f',
    noSecrets,
  )
  assert.deepEqual(
    problems.map(({ code, severity }) => [code, severity]),
    [['CONFIG_UNUSED_RECEIVER', 'warning']],
  )
  assert.equal(config?.receivers.length, 1)
})

test('never throws, whatever the file holds', () => {
  const texts = [
    '[',
    '\t',
    '*a',
    '!foo x',
    '- a',
    '5',
    '"',
    '{'.repeat(50_000),
    'rules: &a [*a]',
    '[1]: 2',
    '\u0000',
    'sources: [null, 1, [], {name: {}}]',
    'sources: {}',
    'routes: [[]]',
    'receivers: [5]',
    '__proto__: 1',
  ]
  for (const text of texts) {
    const { config, problems } = parseConfig(text, 'f', noSecrets)
    assert.equal(config, undefined, text.slice(0, 20))
    assert.ok(problems.length > 0, text.slice(0, 20))
  }
})

test('repeats no text of the file that may be a secret', () => {
  const { problems } = parseConfig(
    receiver('slack: { token: [xoxb-1], channel: { a: xoxb-2 } }, webhook: xoxb-3'),
    'f',
    noSecrets,
  )
  assert.ok(problems.length > 0)
  assert.doesNotMatch(problems.map(formatProblem).join('\n'), /xoxb/)
})

function sound(text: string): Config {
  const { config, problems } = parseConfig(text, 'etc/sloburn.yaml', noSecrets)
  assert.deepEqual(problems, [])
  assert.ok(config)
  return config
}

function sources(...entries: readonly string[]): string {
  return ['rules: [a]', 'sources:', ...entries.map((entry) => `  - ${entry}`)].join('\n')
}

function receiver(kind: string): string {
  return `rules: [a]\nreceivers: [{ name: oncall, ${kind} }]\nroutes: [{ receivers: [oncall] }]`
}
