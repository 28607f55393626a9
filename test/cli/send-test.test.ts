import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { run } from '../../src/cli/program.ts'
import { answerWith, httpFarSide } from '../support/delivery-http-server.ts'
import { slackChannelId, slackFarSide } from '../support/delivery-slack-server.ts'
import { capturedIo } from './captured-io.ts'

const env = { HOOK_KEY: 's1gn', SLACK: 'xoxb-1' }

describe('sloburn check --send-test', () => {
  test('sends a message and its end to the receivers named, over the real thing, and to no other', async (t) => {
    const { config, hook, other, slack } = await world(t)
    const io = capturedIo(env)
    assert.equal(await run(['check', config, '--send-test', 'hook', 'chat'], io), 0)
    assert.match(io.out(), /hook \(webhook\): open delivered, end delivered\n/)
    assert.match(io.out(), /chat \(slack\): open delivered, end delivered\n/)
    assert.deepEqual(other.requests, [])
    const statuses = hook.requests.map(({ body }) => /"status":"(\w+)"/.exec(body)?.[1])
    assert.deepEqual(statuses, ['firing', 'resolved'])
    assert.ok(
      hook.requests.every(({ headers }) => headers['x-sloburn-signature'] !== undefined),
      'with its secret',
    )
    assert.deepEqual(slack.violations, [])
    assert.deepEqual(slack.calls, ['chat.postMessage', 'chat.update', 'chat.postMessage'])
  })

  test('says that it is a test, mentions nobody and wakes nobody', async (t) => {
    const { config, hook, slack } = await world(t)
    await run(['check', config, '--send-test', 'hook', 'chat'], capturedIo(env))
    const told = JSON.stringify([hook.requests.map(({ body }) => body), slack.messages])
    assert.match(told, /This is a test of a receiver: nothing is wrong/)
    const each = [...hook.requests.map(({ body }) => body), ...slack.messages.map((message) => JSON.stringify(message))]
    for (const one of each) assert.match(one, /sloburn-test · nothing is wrong/)
    assert.doesNotMatch(told, /subteam|<!here>|\\"severity\\":\\"page\\"/)
  })

  test('ends with 1 and the reason where one is refused, and no end is sent of what did not open', async (t) => {
    const { config, hook } = await world(t)
    hook.react(answerWith(403))
    const io = capturedIo(env)
    assert.equal(await run(['check', config, '--send-test', 'hook'], io), 1)
    assert.match(io.out(), /hook \(webhook\): open failed \(rejected\): HTTP 403/)
    assert.equal(hook.requests.length, 1)
  })

  test('ends with 1 where own words of the receiver fail, although the message arrived', async (t) => {
    const { config } = await world(t)
    const io = capturedIo(env)
    assert.equal(await run(['check', config, '--send-test', 'other'], io), 1)
    assert.match(io.out(), /other \(webhook\): open delivered, end delivered; templates failed: \d+\n/)
  })

  test('ends with 2 for a receiver that is none, and with 1 where a secret is missing, and sends nothing', async (t) => {
    const { config, hook } = await world(t)
    const io = capturedIo(env)
    assert.equal(await run(['check', config, '--send-test', 'nobody'], io), 2)
    assert.match(io.err(), /no receiver "nobody"; there are hook, other, chat/)
    const bare = capturedIo({ SLACK: 'xoxb-1' })
    assert.equal(await run(['check', config, '--send-test', 'hook'], bare), 1)
    assert.match(bare.err(), /HOOK_KEY/)
    assert.deepEqual(hook.requests, [])
  })
})

async function world(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-send-test-'))
  t.after(() => rm(folder, { recursive: true }))
  const hook = await httpFarSide(t)
  const other = await httpFarSide(t)
  const slack = await slackFarSide(t, env.SLACK)
  const config = join(folder, 'sloburn.yaml')
  const text = `rules: [rules/]
listen: { http: 127.0.0.1:0 }
receivers:
  - { name: hook, webhook: { url: '${hook.url}', secret: { env: HOOK_KEY } } }
  - { name: other, webhook: { url: '${other.url}' }, text: { title: '{{labels.team}}' } }
  - { name: chat, slack: { token: { env: SLACK }, channel: ${slackChannelId}, mention: [S0ONCALL], apiUrl: '${slack.http.url}/api/' } }
routes:
  - { receivers: [hook, other, chat] }
store: { sqlite: { path: data/sloburn.db } }
`
  await writeFile(config, text)
  return { config, hook, other, slack }
}
