import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import type { HttpRoute } from '../../src/ports/http-route.ts'
import { engineRoutes, serving } from './running-server.ts'
import { anIncident, aView } from './status-fixture.ts'

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

/** What each answer that is described takes to be seen. */
const requests: readonly {
  readonly path: string
  readonly asked?: string
  readonly method?: string
  readonly status: number
  readonly routes?: readonly HttpRoute[]
}[] = [
  { path: '/', status: 200 },
  { path: '/api/v1/slos', status: 200 },
  { path: '/api/v1/slos/{name}', asked: '/api/v1/slos/checkout-availability', status: 200 },
  { path: '/api/v1/slos/{name}', asked: '/api/v1/slos/nothing', status: 404 },
  { path: '/api/v1/alerts', asked: '/api/v1/alerts?all=1', status: 200 },
  { path: '/api/v1/alerts', asked: '/api/v1/alerts?limit=many', status: 400 },
  { path: '/api/v1/sources', status: 200 },
  { path: '/metrics', status: 200 },
  { path: '/-/healthy', status: 200 },
  { path: '/-/ready', status: 200 },
  { path: '/-/ready', status: 503, routes: engineRoutes({ view: aView({ notReady: ['no evaluation yet'] }) }) },
  { path: '/-/reload', method: 'post', status: 200 },
  { path: '/-/reload', method: 'post', status: 500, routes: engineRoutes({ reload: async () => [problem] }) },
]

for (const { path, asked = path, method = 'get', status, routes = engineRoutes({ view: anIncident() }) } of requests) {
  test(`answers ${method} ${asked} with ${status} as docs/openapi.yaml describes it`, async (t) => {
    const answer = await fetch((await serving(t, routes)) + asked, { method })

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
