import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../src/config/parse-config.ts'
import { formatProblem } from '../../../src/core/model/problem.ts'
import { pushGuard } from '../../../src/ingest/push-auth.ts'

const secrets = {
  read: (source: object) => ('env' in source ? { value: 'from the environment' } : { reason: 'no such file' }),
}

function parse(remoteWrite: string) {
  const text = `rules: [rules/]\nsources:\n  - { name: push, region: eu, remoteWrite: ${remoteWrite} }\n`
  const { config, problems } = parseConfig(text, 'sloburn.yaml', secrets)
  const [source] = config?.sources ?? []
  return {
    settings: source?.kind === 'remoteWrite' ? source.settings : undefined,
    problems: problems.map((problem) => formatProblem(problem).split('\n')[0]),
  }
}

test('asks nothing of senders, and takes regions from nowhere, unless told to', () => {
  const { settings, problems } = parse('{}')
  assert.deepEqual(problems, [])
  assert.deepEqual(settings, { auth: { kind: 'open' }, regionLabel: undefined, regionHeader: undefined })
})

test('reads everything that can be set, and secrets from where they are kept', () => {
  const { settings } = parse(
    '{ regionLabel: cluster, regionHeader: X-Region, basicAuth: { username: prom, password: { env: PW } } }',
  )
  assert.equal(settings?.regionLabel, 'cluster')
  assert.equal(settings?.regionHeader, 'x-region')
  assert.ok(settings !== undefined)
  const shown = Buffer.from('prom:from the environment').toString('base64')
  assert.ok(pushGuard(settings.auth)(`Basic ${shown}`))
})

/** What stands under `remoteWrite:`, and what is said about it. */
const mistakes: readonly (readonly [string, RegExp])[] = [
  ["{ bearerToken: 'a b' }", /bearerToken|token that a header can hold/],
  ['{ bearerToken: { file: nowhere } }', /no such file/],
  ['{ bearerToken: a, basicAuth: { username: b, password: c } }', /cannot show a token and a password at once/],
  ['{ regionHeader: "X Region" }', /regionHeader/],
  ["{ basicAuth: { username: 'a:b', password: c } }", /username/],
  ['{ path: /write }', /path/],
]
for (const [written, pattern] of mistakes) {
  test(`says what is wrong with ${written}`, () => {
    assert.match(parse(written).problems.join('\n'), pattern)
  })
}
