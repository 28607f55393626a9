import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../src/config/parse-config.ts'
import { formatProblem } from '../../src/core/model/problem.ts'

test('a store is named by its address alone, and its token comes from the environment', () => {
  const { config, problems } = read(
    "{ name: a, remoteWrite: { url: 'http://a/api/v1/write', bearerToken: { env: TOKEN } } }",
  )
  assert.deepEqual(problems, [])
  const [settings] = (config?.exports ?? []).map((one) => one.settings)
  assert.equal(settings?.intervalMs, 15_000)
  assert.equal(settings?.series, 'all')
  assert.deepEqual([...(settings?.labels ?? [])], [['job', 'sloburn']])
  assert.equal(settings?.headers.get('authorization')?.reveal(), 'Bearer hush')
  assert.doesNotMatch(JSON.stringify(config), /hush/)
})

for (const [wrong, message] of [
  ["{ remoteWrite: { url: 'http://a' } }", /MISSING_KEY "name" is missing in export\[0\]/],
  ["{ name: a, remoteWrite: { url: 'ftp://a' } }", /export\[0\]\.remoteWrite\.url/],
  ["{ name: a, remoteWrite: { url: 'http://me:hush@a' } }", /CONFIG_VALUE a user name or password in a URL/],
  ["{ name: a, remoteWrite: { url: 'http://a', interval: 1ms } }", /"1ms" is not a duration from 1s to 1h/],
  ["{ name: a, remoteWrite: { url: 'http://a', labels: { __name__: b } } }", /this is the name of the metric/],
  ["{ name: a, remoteWrite: { url: 'http://a', series: some } }", /series/],
] as const) {
  test(`refuses ${wrong}`, () => {
    const { config, problems } = read(wrong)
    assert.equal(config, undefined)
    assert.equal(problems.length, 1)
    assert.match(problems.map(formatProblem).join('\n'), message)
    assert.doesNotMatch(problems.map(formatProblem).join('\n'), /hush/)
  })
}

function read(entry: string) {
  return parseConfig(`rules: [r]\nexport:\n  - ${entry}\n`, 'sloburn.yaml', {
    read: (source) => ('env' in source && source.env === 'TOKEN' ? { value: 'hush' } : { reason: 'it is not set' }),
  })
}
