import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from '../../src/cli/program.ts'
import { capturedIo } from './captured-io.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

test('prints the version of the package', async () => {
  const io = capturedIo()
  const manifest: { version: string } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  assert.equal(await run(['--version'], io), 0)
  assert.equal(io.out(), `${manifest.version}\n`)
})

test('lists the commands that exist, and no other', async () => {
  const io = capturedIo()
  assert.equal(await run(['--help'], io), 0)
  const commands = [...io.out().matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)
  assert.deepEqual(commands, [
    'run',
    'demo',
    'check',
    'test',
    'backtest',
    'report',
    'convert',
    'compile',
    'dashboards',
    'status',
  ])
})

for (const command of [
  'run',
  'demo',
  'check',
  'test',
  'backtest',
  'report',
  'convert',
  'compile',
  'dashboards',
  'status',
]) {
  test(`explains ${command} with --help`, async () => {
    const io = capturedIo()
    assert.equal(await run([command, '--help'], io), 0)
    assert.match(io.out(), new RegExp(`^Usage: sloburn ${command}`))
    assert.equal(io.err(), '')
  })
}

const misuses: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no command', [], /^Usage: sloburn/],
  ['an unknown command', ['chekc'], /unknown command 'chekc'\n\(Did you mean check\?\)/],
  ['an unknown option', ['check', '--jsn', 'x'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
  ['a missing option', ['run'], /required option '--config <file>' not specified/],
  ['a missing argument', ['check'], /missing required argument 'path'/],
  ['too many arguments', ['status', 'x'], /too many arguments/],
]
for (const [what, argv, told] of misuses) {
  test(`ends with 2 after ${what}, and says what is wrong on stderr`, async () => {
    const io = capturedIo()
    assert.equal(await run(argv, io), 2)
    assert.match(io.err(), told)
    assert.equal(io.out(), '')
  })
}

test('takes rules and data as lists, repeated or in a row', async () => {
  const io = capturedIo()
  const argv = ['backtest', '--rules', 'no-a', 'no-b', '--rules', 'no-c', '--data', 'no-d']
  assert.notEqual(await run(argv, io), 0)
  for (const path of ['no-a', 'no-b', 'no-c']) assert.match(io.err(), new RegExp(path))
})

test('checks the engine config together with the rules', async () => {
  const io = capturedIo()
  const config = fileURLToPath(new URL('broken-config.yaml', import.meta.url))
  assert.equal(await run(['check', config], io), 1)
  assert.match(
    io.err(),
    /broken-config\.yaml:3:3: UNKNOWN_KEY unknown key "htpp" in listen\n {4}hint: did you mean "http"\?/,
  )
})

test('needs less than 0.4 s of CPU to print its help', () => {
  const report =
    'process.on("exit", () => { const { user, system } = process.cpuUsage(); console.error((user + system) / 1e6) })'
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(report)}`]
  const { status, stderr } = spawnSync(process.execPath, [...flags, main, '--help'], { encoding: 'utf8' })
  assert.equal(status, 0)
  assert.ok(Number(stderr) > 0 && Number(stderr) < 0.4, `took ${stderr.trim()} s`)
})
