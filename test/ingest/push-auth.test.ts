import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { secret } from '../../src/core/model/secret.ts'
import { challenge, openToAll, type PushAuthDocument, pushAuth, pushGuard } from '../../src/ingest/push-auth.ts'

function authOf(document: PushAuthDocument) {
  const reports: string[] = []
  const auth = pushAuth(document, {
    secret: (source) => secret(typeof source === 'string' ? source : 'from elsewhere'),
    report: (path, message) => reports.push(`${path}: ${message}`),
  })
  return { auth, reports, isLetIn: pushGuard(auth) }
}

test('lets everybody in where nothing is asked', () => {
  assert.deepEqual(authOf({}).auth, openToAll)
  assert.ok(pushGuard(openToAll)(undefined))
})

test('lets in who shows the token, and nobody else', () => {
  const { isLetIn, auth } = authOf({ bearerToken: 'tok' })
  for (const good of ['Bearer tok', 'bearer tok', 'BEARER   tok ']) assert.ok(isLetIn(good), good)
  for (const bad of [
    undefined,
    '',
    'tok',
    'Bearer',
    'Bearer to',
    'Bearer tokk',
    'Bearer Tok',
    'Basic tok',
    ['Bearer tok'],
  ]) {
    assert.ok(!isLetIn(bad), String(bad))
  }
  assert.match(challenge(auth), /^Bearer /)
})

function shown(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

test('lets in who shows the name and the password, in any characters', () => {
  const { isLetIn, auth } = authOf({ basicAuth: { username: 'prom', password: 'pä:ss' } })
  assert.ok(isLetIn(shown('prom:pä:ss')))
  for (const bad of ['prom:pä:s', 'prom', 'Prom:pä:ss', ':pä:ss', 'prom:']) assert.ok(!isLetIn(shown(bad)), bad)
  assert.match(challenge(auth), /^Basic .*charset="UTF-8"/)
})

test('keeps no secret, and shows all the same that one has changed', () => {
  const [one, same, other] = ['tok-1', 'tok-1', 'tok-2'].map((bearerToken) => authOf({ bearerToken }).auth)
  for (const printed of [inspect(one), JSON.stringify(one)]) {
    assert.doesNotMatch(printed, /tok-1|dG9rLTE/)
  }
  assert.deepEqual(one, same)
  assert.notDeepEqual(one, other)
})

test('reports a token that no header can hold, and two ways at once', () => {
  assert.deepEqual(authOf({ bearerToken: 'two words' }).reports, ['/bearerToken: not a token that a header can hold'])
  const both = authOf({ bearerToken: 'tok', basicAuth: { username: 'a', password: 'b' } })
  assert.deepEqual(both.reports, ['/basicAuth: a sender cannot show a token and a password at once'])
})

test('lets nobody in by a secret that could not be read', () => {
  const { isLetIn } = authOf({ bearerToken: '' })
  for (const header of [undefined, 'Bearer', 'Bearer ', 'Bearer x']) assert.ok(!isLetIn(header))
})
