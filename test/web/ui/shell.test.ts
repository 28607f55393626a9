import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineRoutes, serving } from '../running-server.ts'

test('the page may run and load nothing but what the engine serves, and has nothing written into it', async (t) => {
  const answer = await fetch(`${await serving(t, engineRoutes())}/`)
  const html = await answer.text()
  const policy = answer.headers.get('content-security-policy') ?? ''
  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/)
  assert.match(policy, /require-trusted-types-for 'script'/)
  assert.doesNotMatch(policy, /unsafe|https?:/)
  assert.doesNotMatch(html, / style=| on\w+=|<script(?![^>]* src=)|<style/)
  assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//)
})

test('serves every module that is imported, without types, and each is named in the page', async (t) => {
  const url = await serving(t, engineRoutes())
  const html = await (await fetch(`${url}/`)).text()
  const named = [...html.matchAll(/modulepreload" href="([^"]+)"/g)].map(([, path]) => path)
  const imported = new Set<string>(['ui/main.ts'])
  for (const path of imported) {
    const answer = await fetch(`${url}/${path}`)
    assert.equal(answer.status, 200, path)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/javascript/)
    const text = await answer.text()
    assert.doesNotMatch(text, /^import type|: readonly |^interface /m, path)
    for (const [, name] of text.matchAll(/from '\.\/([^']+)'/g)) imported.add(`ui/${name}`)
  }
  assert.deepEqual(named.toSorted(), [...imported].sort())
})

test('a browser that has a file is told that it did not change', async (t) => {
  const url = `${await serving(t, engineRoutes())}/ui/style.css`
  const first = await fetch(url)
  const tag = first.headers.get('etag') ?? ''
  assert.match(tag, /^"[\w-]{22}"$/)
  assert.equal(first.headers.get('cache-control'), 'no-cache')
  const second = await fetch(url, { headers: { 'if-none-match': tag } })
  assert.deepEqual([second.status, await second.text()], [304, ''])
})

test('gives out no file but those of the page', async (t) => {
  const url = await serving(t, engineRoutes())
  for (const path of ['tsconfig.json', '..%2Fstyle.ts', 'wire.d.ts', '%2e%2e%2fpage-files.ts', 'constructor']) {
    assert.equal((await fetch(`${url}/ui/${path}`)).status, 404, path)
  }
})
