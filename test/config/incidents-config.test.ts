import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../src/config/parse-config.ts'

const receivers = `receivers:
  - { name: oncall, webhook: { url: 'http://127.0.0.1:9000/hook' } }
  - { name: lead, webhook: { url: 'http://127.0.0.1:9000/lead' } }
`

function parsed(text: string) {
  return parseConfig(`rules: [r/]\n${receivers}${text}`, 'sloburn.yaml', {
    read: () => ({ value: 'a-token-of-sixteen' }),
  })
}

function codes(text: string): readonly string[] {
  return parsed(text).problems.map(({ code, at }) => `${at.path} ${code}`)
}

test('reads everything that a config can say of incidents', () => {
  const { config, problems } = parsed(`
incidents: { groupWithin: 0s, resolveAfter: 2m, repeatEvery: 1h, holdAfterDeploy: 15m, flapping: { openings: 4 } }
severities: [{ name: SEV1, severity: page, matchers: ['tier="1"'] }, { name: SEV3 }]
inhibit: [{ source: ['slo="login"'], target: ['slo!="login"'], equal: [region] }]
hours: [{ name: office, timeZone: Europe/Berlin, days: [mon, sun], from: '08:30', to: '24:00' }]
routes:
  - { match: { severity: page }, receivers: [oncall], escalate: [{ after: 15m, receivers: [lead] }] }
  - { matchers: ['sev=~"SEV[34]"'], receivers: [oncall], hours: office }
fallback: { receiver: lead, after: 2m }
heartbeat: { receiver: lead }
api: { token: { env: TOKEN } }
`)
  assert.deepEqual(problems, [])
  assert.deepEqual(
    [config?.incidents.groupWithinMs, config?.incidents.resolveAfterMs, config?.incidents.holdAfterDeployMs],
    [0, 120_000, 900_000],
  )
  assert.deepEqual(config?.incidents.sevRules[0], {
    name: 'SEV1',
    severity: 'page',
    matchers: [{ label: 'tier', operator: '=', value: '1' }],
  })
  assert.equal(config?.incidents.inhibitions[0].name, '1')
  assert.deepEqual(config?.routes[1].hours, {
    name: 'office',
    timeZone: 'Europe/Berlin',
    days: [1, 7],
    fromMinute: 510,
    toMinute: 1_440,
  })
  assert.deepEqual(config?.routes[0].escalate, [{ afterMs: 900_000, receivers: ['lead'] }])
  assert.deepEqual([config?.fallback?.afterMs, config?.heartbeat?.everyMs], [120_000, 60_000])
  assert.equal(config?.api.token?.reveal(), 'a-token-of-sixteen')
  assert.ok(!JSON.stringify(config).includes('a-token-of-sixteen'))
})

const wrong: readonly [string, string, string][] = [
  [
    'a hold that hides a burn for an hour',
    'incidents: { holdAfterDeploy: 1h }',
    '/incidents/holdAfterDeploy CONFIG_DURATION',
  ],
  ['a key that is none', 'incidents: { groupwithin: 5m }', '/incidents/groupwithin UNKNOWN_KEY'],
  ['a name that is none', 'severities: [{ name: P1 }]', '/severities/0/name WRONG_VALUE'],
  [
    'a matcher that is none',
    `severities: [{ name: SEV1, matchers: ['tier'] }]`,
    '/severities/0/matchers/0 CONFIG_MATCHER',
  ],
  [
    'a pattern that is none',
    `inhibit: [{ source: ['a=~"("'], target: ['b=c'] }]`,
    '/inhibit/0/source/0 CONFIG_MATCHER',
  ],
  ['hours of a zone that is none', 'hours: [{ name: a, timeZone: Berlin }]', '/hours/0/timeZone CONFIG_VALUE'],
  [
    'hours that end before they begin',
    `hours: [{ name: a, timeZone: UTC, from: '17:00', to: '09:00' }]`,
    '/hours/0/to CONFIG_VALUE',
  ],
  [
    'hours that nobody declared',
    'routes: [{ receivers: [oncall, lead], hours: office }]',
    '/routes/0/hours CONFIG_VALUE',
  ],
  [
    'a step to nobody',
    'routes: [{ receivers: [oncall, lead], escalate: [{ after: 5m, receivers: [boss] }] }]',
    '/routes/0/escalate/0/receivers/0 CONFIG_UNKNOWN_RECEIVER',
  ],
  ['a fallback to nobody', 'fallback: { receiver: boss }', '/fallback/receiver CONFIG_UNKNOWN_RECEIVER'],
  ['a heartbeat too often', 'heartbeat: { receiver: lead, every: 1s }', '/heartbeat/every CONFIG_DURATION'],
  ['a token that is guessed', 'api: { token: hunter2 }', '/api/token CONFIG_VALUE'],
]

for (const [what, text, problem] of wrong) {
  test(`refuses ${what}, with its place`, () => assert.ok(codes(text).includes(problem), codes(text).join('\n')))
}

test('a receiver that only steps, the fallback or the heartbeat name is not unused', () => {
  const text = `routes: [{ receivers: [oncall] }]\nheartbeat: { receiver: lead }\n`
  assert.deepEqual(codes(text), [])
})
