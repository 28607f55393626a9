import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { queryAnswerBytesMax } from '../../../src/core/model/limits.ts'
import { type Secret, secret } from '../../../src/core/model/secret.ts'
import { httpClient } from '../../../src/ingest/http-exchange.ts'
import { askPrometheus, type QueryApi } from '../../../src/ingest/prometheus-api/client.ts'
import { answerJson, answerNumber, type QueryHandler, queryApiServer } from '../../support/query-api-server.ts'

const at = 1_767_225_600_500
const never = new AbortController().signal

function apiAt(url: string, headers: ReadonlyMap<string, Secret> = new Map()): QueryApi {
  return { url, client: httpClient({ headers, tls: undefined }) }
}

test('asks one instant query at the moment given', async () => {
  await using api = await queryApiServer((_, response) => answerNumber(response, 7))
  const promql = 'sum(rate(http_requests_total{code=~"5..",path="/ä&b=1"}[1m]))'
  assert.deepEqual(await askPrometheus(apiAt(api.url), promql, at, never), {
    kind: 'number',
    value: 7,
  })
  const [{ query, time, path, headers }] = api.asked
  assert.deepEqual([query, time, path], [promql, 1_767_225_600.5, '/api/v1/query'])
  assert.equal(headers['x-scope-orgid'], undefined)
  assert.equal(headers.authorization, undefined)
})

test('says who asks, and asks under the path of a prefix', async () => {
  await using api = await queryApiServer((_, response) => answerNumber(response, 7))
  const headers = new Map([
    ['authorization', secret('Bearer hush')],
    ['x-scope-orgid', secret('team-a')],
  ])
  await askPrometheus(apiAt(`${api.url}/prometheus`, headers), 'up', at, never)
  const [asked] = api.asked
  assert.equal(asked.path, '/prometheus/api/v1/query')
  assert.equal(asked.headers.authorization, 'Bearer hush')
  assert.equal(asked.headers['x-scope-orgid'], 'team-a')
})

test('follows no redirect, which would carry the secrets elsewhere', async () => {
  await using elsewhere = await queryApiServer((_, response) => answerNumber(response, 7))
  for (const status of [301, 302, 307, 308]) {
    await using api = await queryApiServer((_, response) => {
      response.writeHead(status, { location: `${elsewhere.url}/api/v1/query` }).end()
    })
    const headers = new Map([['authorization', secret('Bearer hush')]])
    const answer = await askPrometheus(apiAt(api.url, headers), 'up', at, never)
    assert.deepEqual(answer, {
      kind: 'unknown',
      outcome: 'failed',
      reason: `HTTP ${status}: redirects are not followed`,
    })
  }
  assert.deepEqual(elsewhere.asked, [])
})

test('reads a compressed answer', async () => {
  const body = gzipSync(JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [0, '4'] } }))
  await using api = await queryApiServer((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(body),
  )
  assert.deepEqual(await askPrometheus(apiAt(api.url), 'up', at, never), {
    kind: 'number',
    value: 4,
  })
})

test('reads no more of an answer than any answer needs, compressed or not', async () => {
  const long = JSON.stringify({ status: 'success', warnings: ['x'.repeat(queryAnswerBytesMax)] })
  for (const [encoding, body] of [
    ['identity', Buffer.from(long)],
    ['gzip', gzipSync(long)],
  ] as const) {
    await using api = await queryApiServer((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    )
    const answer = await askPrometheus(apiAt(api.url), 'up', at, never)
    const reason = `answered more than ${queryAnswerBytesMax} bytes`
    assert.deepEqual(answer, { kind: 'unknown', outcome: 'failed', reason, limit: 'queryAnswerBytesMax' })
  }
})

/** Answers that never become one. */
const silences: readonly (readonly [string, QueryHandler, RegExp])[] = [
  ['a connection that breaks at once', (_, response) => response.destroy(), /other side closed|ECONNRESET|hang up/],
  [
    'a connection that breaks in the middle',
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"status":', () => response.destroy())
    },
    /broke in the middle/,
  ],
]
for (const [what, answer, reason] of silences) {
  test(`${what} is no answer`, async () => {
    await using api = await queryApiServer(answer)
    const answered = await askPrometheus(apiAt(api.url), 'up', at, never)
    assert.ok(answered.kind === 'unknown')
    assert.equal(answered.outcome, 'no-answer')
    assert.match(answered.reason, reason)
  })
}

test('says that the connection was refused where nobody listens', async () => {
  const api = await queryApiServer(() => {})
  await api[Symbol.asyncDispose]()
  const answer = await askPrometheus(apiAt(api.url), 'up', at, never)
  assert.ok(answer.kind === 'unknown')
  assert.equal(answer.outcome, 'no-answer')
  assert.match(answer.reason, /ECONNREFUSED/)
})

test('gives up when it is told to, with the reason it is told, and closes the connection', async () => {
  const asked = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  await using api = await queryApiServer((_, response, request) => {
    void once(request.socket, 'close').then(() => closed.resolve())
    if (response.headersSent) return
    asked.resolve()
  })
  const patience = new AbortController()
  const answering = askPrometheus(apiAt(api.url), 'up', at, patience.signal)
  await asked.promise
  patience.abort(new Error('no answer within 10s'))
  assert.deepEqual(await answering, { kind: 'unknown', outcome: 'no-answer', reason: 'no answer within 10s' })
  await closed.promise
})

test('no reason shows a secret, not even one that no header can hold', async () => {
  await using api = await queryApiServer((asked, response) => {
    answerJson(response, 400, { status: 'error', error: `no tenant for ${asked.path}` })
  })
  for (const value of ['hush-hush', 'hush\nhush', 'hush\u0000', 'húsh€']) {
    const headers = new Map([['authorization', secret(`Bearer ${value}`)]])
    const answer = await askPrometheus(apiAt(api.url, headers), 'up', at, never)
    assert.ok(answer.kind === 'unknown')
    assert.doesNotMatch(answer.reason, /h.sh/)
  }
})
