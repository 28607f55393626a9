import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secret } from '../../src/core/model/secret.ts'
import type { HttpRequest, HttpRoute } from '../../src/ports/http-route.ts'
import { guardWrites, type WriteAccess } from '../../src/web/api/write-guard.ts'

const write: HttpRoute = { method: 'POST', path: '/w', isWrite: true, handle: () => ({ status: 200 }) }
const read: HttpRoute = { method: 'GET', path: '/r', handle: () => ({ status: 200 }) }
const local: WriteAccess = { token: undefined, isLocal: true }
const token = 'correct horse battery'
const json = { host: '127.0.0.1:9712', 'content-type': 'application/json' }

const cases: readonly [string, WriteAccess, HttpRequest['headers'], number][] = [
  ['a program on this machine may write', local, json, 200],
  ['so may one that calls it localhost', local, { ...json, host: 'localhost:9712' }, 200],
  ['so may one that calls it ::1', local, { ...json, host: '[::1]:9712' }, 200],
  [
    'a page of the engine itself may',
    local,
    { ...json, origin: 'http://127.0.0.1:9712', 'sec-fetch-site': 'same-origin' },
    200,
  ],
  ['a page of another site may not', local, { ...json, 'sec-fetch-site': 'cross-site' }, 403],
  ['nor one of another port', local, { ...json, 'sec-fetch-site': 'same-site' }, 403],
  ['nor one of an old browser that tells its origin alone', local, { ...json, origin: 'https://evil.example' }, 403],
  ['nor one whose own name leads to this machine', local, { ...json, host: 'evil.example:9712' }, 403],
  ['nor a form', local, { ...json, 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['nor a form that claims to be text', local, { ...json, 'content-type': 'text/plain' }, 415],
  ['beyond this machine nobody may without a token', { token: undefined, isLocal: false }, json, 403],
  ['with a token nobody may without it', { token: secret(token), isLocal: true }, json, 401],
  ['nor with another', { token: secret(token), isLocal: false }, { ...json, authorization: 'Bearer wrong' }, 401],
  [
    'nor with it in another form',
    { token: secret(token), isLocal: false },
    { ...json, authorization: `Basic ${token}` },
    401,
  ],
  [
    'with it everybody may',
    { token: secret(token), isLocal: false },
    { host: 'slo.example.com', authorization: `Bearer ${token}` },
    200,
  ],
]

for (const [what, access, headers, status] of cases) {
  test(`writes: ${what}`, async () => {
    const [guarded] = guardWrites([write], () => access)
    const answer = await guarded.handle({ params: {}, query: new URLSearchParams(), headers, body: new Uint8Array() })
    assert.equal(answer.status, status)
    assert.ok(!JSON.stringify(answer).includes(token))
    assert.equal(answer.headers?.['www-authenticate'] !== undefined, status === 401)
  })
}

test('reading is not asked for anything', async () => {
  const [guarded] = guardWrites([read], () => ({ token: secret(token), isLocal: false }))
  assert.equal(guarded, read)
})

test('a token that comes with a reload is asked for from then on', async () => {
  let access = local
  const [guarded] = guardWrites([write], () => access)
  const request = { params: {}, query: new URLSearchParams(), headers: json, body: new Uint8Array() }
  assert.equal((await guarded.handle(request)).status, 200)
  access = { token: secret(token), isLocal: true }
  assert.equal((await guarded.handle(request)).status, 401)
})
