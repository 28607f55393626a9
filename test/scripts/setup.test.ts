import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'

/** A lock file with a package for every machine and one for another kind of machine. */
const lock = JSON.stringify({
  packages: {
    '': { name: 'made' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b-for-mars': { version: '1.0.0', optional: true },
  },
})
const installed = JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } } })
const otherVersion = JSON.stringify({ packages: { 'node_modules/a': { version: '0.9.0', integrity: 'sha512-z' } } })

test('installs when nothing is installed, and is silent and quick from then on', (t) => {
  const checkout = makeCheckout(t, {})
  const first = checkout.setup()
  assert.equal(first.status, 0, first.stderr)
  assert.deepEqual(checkout.npmCalls(), ['ci --include=dev --no-audit --no-fund --loglevel=error'])
  const second = checkout.setup()
  assert.deepEqual({ status: second.status, output: second.stdout + second.stderr }, { status: 0, output: '' })
  assert.equal(checkout.npmCalls().length, 1)
})

test('takes what npm ci has installed by hand', (t) => {
  const checkout = makeCheckout(t, { 'node_modules/.package-lock.json': installed })
  assert.equal(checkout.setup().status, 0)
  assert.deepEqual(checkout.npmCalls(), [])
})

test('installs again when the lock file has changed', (t) => {
  const checkout = makeCheckout(t, {
    'node_modules/.package-lock.json': otherVersion,
    'node_modules/.sloburn-setup': 'the hash of another lock file',
  })
  assert.equal(checkout.setup().status, 0)
  assert.equal(checkout.npmCalls().length, 1)
})

test('fails with npm when npm fails, and does not take the result for installed', (t) => {
  const checkout = makeCheckout(t, {})
  const { status, stderr } = checkout.setup({ NPM_STATUS: '1' })
  assert.equal(status, 1)
  assert.match(stderr, /npm ci failed/)
  assert.equal(existsSync(join(checkout.folder, 'node_modules', '.sloburn-setup')), false)
})

/** A folder with the real script, a lock file, the files given, and an npm that writes down how it was called. */
function makeCheckout(t: TestContext, files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-setup-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(new URL('../../scripts', import.meta.url), join(folder, 'scripts'), { recursive: true })
  const calls = join(folder, 'calls')
  const npm = `require('node:fs').appendFileSync(${JSON.stringify(calls)}, process.argv.slice(2).join(' ') + '\\n')
    require('node:fs').mkdirSync('node_modules', { recursive: true })
    process.exitCode = Number(process.env.NPM_STATUS ?? 0)`
  for (const [path, text] of Object.entries({
    ...files,
    'package-lock.json': lock,
    'package.json': '{"type":"module"}',
    'npm.cjs': npm,
  })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return {
    folder,
    setup: (env: Readonly<Record<string, string>> = {}) => {
      const npmEnv = { npm_execpath: join(folder, 'npm.cjs'), npm_node_execpath: process.execPath }
      const options = { env: { ...process.env, ...npmEnv, ...env }, encoding: 'utf8' } as const
      return spawnSync(process.execPath, [join(folder, 'scripts', 'setup.js')], options)
    },
    npmCalls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
  }
}
