import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import { secret } from '../../src/core/model/secret.ts'
import { otlpHttpPath } from '../../src/ingest/otlp/http-route.ts'
import type { HttpRoute } from '../../src/ports/http-route.ts'
import { engineRoutes, serving } from './running-server.ts'
import { anIncident, aView, inTrouble } from './status-fixture.ts'

interface Operation {
  readonly tags: readonly string[]
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly content?: Readonly<Record<string, unknown>> }>
  >
}

const description: { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } = parse(
  readFileSync(new URL('../../docs/openapi.yaml', import.meta.url), 'utf8'),
)
const ajv = new Ajv2020({ allErrors: true, strict: false })
ajv.addSchema(description, 'api')

const problem = {
  code: 'YAML_SYNTAX',
  severity: 'error',
  at: { file: 'a.yaml', line: 1, column: 2 },
  message: 'bad',
} as const

const anExclusion = { from: 1, to: 2, author: 'ada', reason: 'load test' }

const needsToken = () => ({ token: secret('a-token-of-sixteen'), isLocal: true })
const needsTokenFromAfar = () => ({ token: secret('a-token-of-sixteen'), isLocal: false })
const fromEverywhere = () => ({ token: undefined, isLocal: false })
const ack = {
  path: '/api/v1/incidents/{id}/ack',
  method: 'post',
  asked: '/api/v1/incidents/4b825dc642cb6eb9a060/ack',
} as const
const callback = {
  path: '/api/v1/receivers/{name}/callback',
  method: 'post',
  asked: '/api/v1/receivers/phone/callback',
} as const
const aNewSilence = { matchers: ['slo="checkout"'], duration: '2h', createdBy: 'ana', comment: 'migration' }

/** What each answer that is described takes to be seen. */
const requests: readonly {
  readonly path: string
  readonly asked?: string
  readonly method?: string
  /** Sent as JSON. */
  readonly body?: unknown
  readonly status: number
  readonly routes?: readonly HttpRoute[]
}[] = [
  { path: '/', status: 200 },
  { path: '/ui/{file}', asked: '/ui/style.css', status: 200 },
  { path: '/ui/{file}', asked: '/ui/main.ts', status: 200 },
  { path: '/ui/{file}', asked: '/ui/nothing.js', status: 404 },
  { path: '/api/v1/overview', status: 200 },
  { path: '/api/v1/overview', asked: '/api/v1/overview?since=x.1', status: 200 },
  { path: '/api/v1/history', asked: '/api/v1/history?slo=checkout-availability&range=1h', status: 200 },
  { path: '/api/v1/history', asked: '/api/v1/history', status: 400 },
  { path: '/api/v1/history', asked: '/api/v1/history?slo=checkout-availability&range=long', status: 400 },
  { path: '/api/v1/history', asked: '/api/v1/history?slo=checkout-availability&scope=mars', status: 404 },
  { path: '/api/v1/trends', asked: '/api/v1/trends?slo=checkout-availability&slo=nothing', status: 200 },
  { path: '/api/v1/trends', status: 400 },
  { path: '/api/v1/oncall', status: 200 },
  { path: '/api/v1/oncall', asked: '/api/v1/oncall?days=0', status: 400 },
  { path: '/api/v1/slos', status: 200 },
  { path: '/api/v1/slos/{name}', asked: '/api/v1/slos/checkout-availability', status: 200 },
  { path: '/api/v1/slos/{name}', asked: '/api/v1/slos/nothing', status: 404 },
  { path: '/api/v1/slos/{name}/definition', asked: '/api/v1/slos/checkout-availability/definition', status: 200 },
  { path: '/api/v1/slos/{name}/definition', asked: '/api/v1/slos/nothing/definition', status: 404 },
  { path: '/api/v1/alerts', asked: '/api/v1/alerts?all=1', status: 200 },
  { path: '/api/v1/alerts', asked: '/api/v1/alerts?limit=many', status: 400 },
  { path: '/api/v1/sources', status: 200 },
  { path: '/api/v1/status', status: 200 },
  { path: '/api/v1/status', status: 200, routes: engineRoutes({ view: { ...aView(), ...inTrouble } }) },
  { path: '/api/v1/exclusions', asked: '/api/v1/exclusions?all=1', status: 200 },
  { path: '/api/v1/exclusions', asked: '/api/v1/exclusions?all=yes', status: 400 },
  { path: '/api/v1/exclusions', asked: '/api/v1/exclusions?from=1795000000&to=1796000000', status: 200 },
  { path: '/api/v1/exclusions', asked: '/api/v1/exclusions?from=0&to=2026-01-01T00:00:00Z', status: 400 },
  { path: '/api/v1/exclusions', method: 'post', body: anExclusion, status: 201 },
  { path: '/api/v1/exclusions', method: 'post', body: { ...anExclusion, reason: 'too many' }, status: 400 },
  { path: '/api/v1/exclusions/{id}', method: 'delete', asked: '/api/v1/exclusions/b?author=a&reason=b', status: 200 },
  { path: '/api/v1/exclusions/{id}', method: 'delete', asked: '/api/v1/exclusions/b', status: 400 },
  { path: '/api/v1/exclusions/{id}', method: 'delete', asked: '/api/v1/exclusions/c?author=a&reason=b', status: 404 },
  { path: '/api/v1/incidents', asked: '/api/v1/incidents?state=all&sev=SEV2', status: 200 },
  { path: '/api/v1/incidents', asked: '/api/v1/incidents?state=some', status: 400 },
  { path: '/api/v1/incidents/{id}', asked: '/api/v1/incidents/4b825dc642cb6eb9a060', status: 200 },
  { path: '/api/v1/incidents/{id}', asked: '/api/v1/incidents/nothing', status: 404 },
  { ...ack, body: { by: 'ana' }, status: 200 },
  { ...ack, body: { by: 'ana', for: '2d' }, status: 400 },
  { ...ack, body: { by: 'ana' }, status: 401, routes: engineRoutes({ access: needsToken }) },
  { ...ack, body: { by: 'ana' }, status: 403, routes: engineRoutes({ access: fromEverywhere }) },
  { ...ack, asked: '/api/v1/incidents/nothing/ack', body: { by: 'ana' }, status: 404 },
  { ...callback, body: { event: 1 }, status: 200 },
  { ...callback, body: {}, status: 401 },
  { ...callback, asked: '/api/v1/receivers/nobody/callback', body: {}, status: 404 },
  { path: '/api/v1/silences', asked: '/api/v1/silences?all=1', status: 200 },
  { path: '/api/v1/silences', asked: '/api/v1/silences?all=yes', status: 400 },
  { path: '/api/v1/silences', method: 'post', body: aNewSilence, status: 201 },
  { path: '/api/v1/silences', method: 'post', body: { ...aNewSilence, comment: ' ' }, status: 400 },
  {
    path: '/api/v1/silences',
    method: 'post',
    body: aNewSilence,
    status: 401,
    routes: engineRoutes({ access: needsToken }),
  },
  {
    path: '/api/v1/silences',
    method: 'post',
    body: aNewSilence,
    status: 403,
    routes: engineRoutes({ access: fromEverywhere }),
  },
  { path: '/api/v1/silences', method: 'post', status: 415 },
  { path: '/api/v1/silences/{id}', method: 'delete', asked: '/api/v1/silences/s1?by=ana', status: 200 },
  { path: '/api/v1/silences/{id}', method: 'delete', asked: '/api/v1/silences/s1', status: 400 },
  { path: '/api/v1/silences/{id}', method: 'delete', asked: '/api/v1/silences/nothing?by=ana', status: 404 },
  { path: '/api/v1/annotations', status: 200 },
  { path: '/api/v1/annotations', asked: '/api/v1/annotations?limit=0', status: 400 },
  { path: '/api/v1/annotations', method: 'post', body: { text: '4f2c1a9', createdBy: 'ci' }, status: 201 },
  { path: '/api/v1/annotations', method: 'post', body: { createdBy: 'ci' }, status: 400 },
  { path: '/api/v1/annotations/{id}', method: 'delete', asked: '/api/v1/annotations/a1?by=ana', status: 200 },
  { path: '/api/v1/annotations/{id}', method: 'delete', asked: '/api/v1/annotations/a1', status: 400 },
  { path: '/api/v1/annotations/{id}', method: 'delete', asked: '/api/v1/annotations/nothing?by=ana', status: 404 },
  { path: '/metrics', status: 200 },
  { path: '/-/healthy', status: 200 },
  { path: '/-/ready', status: 200 },
  { path: '/-/ready', status: 503, routes: engineRoutes({ view: aView({ notReady: ['no evaluation yet'] }) }) },
  { path: '/-/reload', method: 'post', status: 200 },
  { path: '/-/reload', method: 'post', status: 401, routes: engineRoutes({ access: needsTokenFromAfar }) },
  { path: '/-/reload', method: 'post', status: 403, routes: engineRoutes({ access: fromEverywhere }) },
  { path: '/-/reload', method: 'post', status: 500, routes: engineRoutes({ reload: async () => [problem] }) },
]

for (const {
  path,
  asked = path,
  method = 'get',
  body: sent,
  status,
  routes = engineRoutes({ view: anIncident() }),
} of requests) {
  test(`answers ${method} ${asked} with ${status} as docs/openapi.yaml describes it`, async (t) => {
    const json = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(sent) }
    const answer = await fetch((await serving(t, routes)) + asked, sent === undefined ? { method } : json)

    assert.equal(answer.status, status)
    const type = String(answer.headers.get('content-type')).split(';')[0]
    const response = description.paths[path][method].responses[status]
    const at = response.$ref ?? pointer('paths', path, method, 'responses', String(status))
    const body: unknown = type === 'application/json' ? await answer.json() : await answer.text()
    const validate = ajv.compile({ $ref: `api${at}${pointer('content', type, 'schema').slice(1)}` })
    assert.ok(validate(body), ajv.errorsText(validate.errors))
  })
}

test('describes every route of the engine, and no other', () => {
  const served = engineRoutes().map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  const described = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => !tags.includes('ingest'))
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  )
  assert.deepEqual(described.sort(), served.toSorted())
})

test('describes the ways in for samples', () => {
  const ways = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { tags }]) => (tags.includes('ingest') ? [`${method} ${path}`] : [])),
  )
  assert.deepEqual(ways, ['post /api/v1/write', `post ${otlpHttpPath}`])
})

test('sees every answer that is described', () => {
  const described = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => !tags.includes('ingest'))
      .flatMap(([method, { responses }]) => Object.keys(responses).map((status) => `${method} ${path} ${status}`)),
  )
  const seen = requests.map(({ method = 'get', path, status }) => `${method} ${path} ${status}`)
  assert.deepEqual([...new Set(seen)].sort(), described.sort())
})

function pointer(...keys: readonly string[]): string {
  return `#${keys.map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`
}
