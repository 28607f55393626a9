import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/sloburn.js', import.meta.url))
const { SLOBURN_NODE_FOUND: _, ...env } = process.env

/** A Node that is too old for the engine, where this machine has one. */
const oldNode = '/usr/bin/node'
const oldVersion = spawnSync(oldNode, ['--version'], { encoding: 'utf8' }).stdout ?? ''
const isOld = /^v(18|19|20|21|22|23)\./.test(oldVersion)
const skip = isOld ? false : `${oldNode} is ${oldVersion.trim() || 'absent'}, not an older Node`

test('runs the checkout beside it', () => {
  const { status, stdout } = spawnSync(process.execPath, [bin, '--version'], { encoding: 'utf8', env })
  assert.equal(status, 0)
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
})

test('runs what was built where there is no checkout', (t) => {
  const directory = aPackage(t, { 'dist/main.js': 'console.log("built", process.argv.slice(2).join())' })
  const { stdout } = spawnSync(process.execPath, [join(directory, 'bin/sloburn.js'), 'a', 'b'], {
    encoding: 'utf8',
    env,
  })
  assert.equal(stdout, 'built a,b\n')
})

test('finds a newer Node and passes on arguments, streams and exit code', { skip }, (t) => {
  const directory = aPackage(t, {
    'src/main.ts':
      'import { text } from "node:stream/consumers"\nconsole.log(process.version, process.argv.slice(2), await text(process.stdin))\nconsole.error("err")\nprocess.exitCode = 7',
  })
  installNode(directory)
  const started = spawnSync(oldNode, [join(directory, 'bin/sloburn.js'), 'a b', '--c'], {
    input: 'in',
    encoding: 'utf8',
    env,
  })
  assert.equal(started.stdout, `${process.version} [ 'a b', '--c' ] in\n`)
  assert.equal(started.stderr, 'err\n')
  assert.equal(started.status, 7)
})

test('passes on signals and lets the engine decide how to end', { skip }, async (t) => {
  const directory = aPackage(t, {
    'src/main.ts':
      'process.on("SIGTERM", () => { console.log("stopping"); process.exit(5) })\nsetInterval(() => {}, 1e6)\nconsole.log("ready")',
  })
  installNode(directory)
  const started = spawn(oldNode, [join(directory, 'bin/sloburn.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => started.kill('SIGTERM'))
  let out = ''
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    if (text.includes('ready')) started.kill('SIGTERM')
  })
  const [code] = await once(started, 'close')
  assert.equal(code, 5)
  assert.equal(out, 'ready\nstopping\n')
})

test('ends by the signal that ended the engine', { skip }, (t) => {
  const directory = aPackage(t, { 'src/main.ts': 'process.kill(process.pid, "SIGKILL")\nsetInterval(() => {}, 1e6)' })
  installNode(directory)
  assert.equal(spawnSync(oldNode, [join(directory, 'bin/sloburn.js')], { env }).signal, 'SIGKILL')
})

test('says what is needed when there is no newer Node', { skip }, (t) => {
  const directory = aPackage(t, { 'src/main.ts': '' })
  const { status, stderr } = spawnSync(oldNode, [join(directory, 'bin/sloburn.js')], { encoding: 'utf8', env })
  assert.equal(status, 2)
  assert.match(stderr, /^sloburn needs Node 24 or newer; this is v\d+\.\d+\.\d+ .*\n {4}hint: install Node 24/)
})

test('does not go round in circles when the Node it finds is as old', { skip }, (t) => {
  const directory = aPackage(t, { 'src/main.ts': '' })
  installNode(directory, oldNode)
  const { status, stderr } = spawnSync(oldNode, [join(directory, 'bin/sloburn.js')], { encoding: 'utf8', env })
  assert.equal(status, 2)
  assert.match(stderr, /^sloburn needs Node 24/)
})

/** A package of its own around a copy of the command. */
function aPackage(t: TestContext, files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'sloburn-bin-'))
  t.after(() => rmSync(directory, { recursive: true }))
  for (const folder of ['bin', 'src', 'dist']) mkdirSync(join(directory, folder))
  copyFileSync(bin, join(directory, 'bin/sloburn.js'))
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  return directory
}

function installNode(directory: string, node = process.execPath): void {
  mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true })
  symlinkSync(node, join(directory, 'node_modules/.bin/node'))
}
