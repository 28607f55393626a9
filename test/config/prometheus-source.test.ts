import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../src/config/parse-config.ts'
import { formatProblem } from '../../src/core/model/problem.ts'

test('a Prometheus API is a source of its region, and its token comes from the environment', () => {
  const { config, problems } = read(
    "{ name: us, region: us-east-1, prometheus: { url: 'http://127.0.0.1:9090', bearerToken: { env: TOKEN } } }",
  )
  assert.deepEqual(problems, [])
  const [source] = config?.sources ?? []
  assert.deepEqual([source.name, source.kind, source.region], ['us', 'prometheus', 'us-east-1'])
  assert.ok(source.kind === 'prometheus')
  assert.equal(source.settings.headers.get('authorization')?.reveal(), 'Bearer hush')
  assert.doesNotMatch(JSON.stringify(config), /hush/)
})

test('one without a region answers for nobody', () => {
  assert.deepEqual(problemsOf("{ name: us, prometheus: { url: 'http://a' } }"), [
    'sloburn.yaml:3:5: MISSING_KEY "region" is missing in sources[0]: an API answers for one region\n    hint: region: eu-west-1',
  ])
})

test('two of one region would count everything twice', () => {
  const problems = problemsOf(
    "{ name: a, region: eu, prometheus: { url: 'http://a' } }",
    "{ name: b, region: us, prometheus: { url: 'http://b' } }",
    "{ name: c, region: eu, prometheus: { url: 'http://c' } }",
  )
  assert.equal(problems.length, 1)
  assert.match(problems[0], /^sloburn\.yaml:5:24: CONFIG_VALUE the source "a" asks the API of region "eu" already/)
})

test('what is wrong inside is shown at its place', () => {
  assert.deepEqual(problemsOf("{ name: us, region: eu, prometheus: { url: 'http://a/api/v1', intervall: 1m } }"), [
    'sloburn.yaml:3:67: UNKNOWN_KEY unknown key "intervall" in sources[0].prometheus\n    hint: did you mean "interval"?',
  ])
  const [problem] = problemsOf("{ name: us, region: eu, prometheus: { url: 'http://a/api/v1' } }")
  assert.match(problem, /^sloburn\.yaml:3:48: CONFIG_VALUE the address goes too far/)
})

test('a token that is not there is reported where it is wanted', () => {
  const [problem] = problemsOf("{ name: us, region: eu, prometheus: { url: 'http://a', bearerToken: { env: NONE } } }")
  assert.match(problem, /CONFIG_SECRET NONE is not set/)
})

function read(...sources: readonly string[]) {
  const text = ['rules: [r]', 'sources:', ...sources.map((source) => `  - ${source}`)].join('\n')
  return parseConfig(text, 'sloburn.yaml', {
    read: (source) => ('env' in source && source.env === 'TOKEN' ? { value: 'hush' } : { reason: 'NONE is not set' }),
  })
}

function problemsOf(...sources: readonly string[]): string[] {
  return read(...sources).problems.map((problem) => formatProblem(problem))
}
