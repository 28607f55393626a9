import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { configWithoutSecrets, loadConfig } from '../../src/config/load-config.ts'

const withSecrets = `
rules: [rules]
receivers:
  - { name: chat, slack: { token: { file: token.txt }, channel: C1 } }
  - { name: hook, webhook: { url: { env: HOOK_URL }, secret: plain } }
routes: [{ receivers: [chat, hook] }]
`

test('takes secrets from the environment and from files beside the config', async (t) => {
  const directory = await files(t, { 'sloburn.yaml': withSecrets, 'token.txt': 'xoxb-from-file\n' })

  const { config, problems } = await loadConfig(join(directory, 'sloburn.yaml'), { HOOK_URL: 'https://example.com/h' })

  assert.deepEqual(problems, [])
  const [chat, hook] = config?.receivers ?? []
  assert.ok(chat.kind === 'slack' && hook.kind === 'webhook')
  assert.equal(chat.settings.token.reveal(), 'xoxb-from-file')
  assert.equal(hook.settings.url.reveal(), 'https://example.com/h')
  assert.equal(hook.settings.signingKey?.reveal(), 'plain')
  assert.doesNotMatch(JSON.stringify(config), /xoxb|example\.com|plain/)
})

test('says which secret is missing, at its place', async (t) => {
  const directory = await files(t, { 'sloburn.yaml': withSecrets })
  const { config, problems } = await loadConfig(join(directory, 'sloburn.yaml'), { HOOK_URL: '' })

  assert.equal(config, undefined)
  assert.deepEqual(
    problems.map(({ code, at, message }) => [code, at.line, at.column, message]),
    [
      ['CONFIG_SECRET', 4, 35, 'the file token.txt cannot be read: there is no such file'],
      ['CONFIG_SECRET', 5, 35, 'the environment variable HOOK_URL is not set, or empty'],
    ],
  )
})

test('checks a config where its secrets are not at hand', () => {
  assert.deepEqual(configWithoutSecrets('sloburn.yaml', withSecrets).problems, [])
})

test('says that a file is not there, or is none', async (t) => {
  const directory = await files(t, {})
  const missing = await loadConfig(join(directory, 'no.yaml'), {})
  assert.deepEqual(
    missing.problems.map(({ code, message }) => [code, message]),
    [['FILE_NOT_FOUND', 'there is no such file']],
  )
  const none = await loadConfig(directory, {})
  assert.deepEqual(
    none.problems.map(({ code }) => code),
    ['FILE_UNREADABLE'],
  )
})

async function files(t: TestContext, contents: Readonly<Record<string, string>>): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'sloburn-config-'))
  t.after(() => rmSync(directory, { recursive: true }))
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(directory, name), text)
  return directory
}
