import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { repositoryRoot } from '../support/repository-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'sloburn-package-'))
/** A project that has installed the package and nothing else. */
const app = join(folder, 'app')
/** What is in the package, from its root. */
let paths: readonly string[] = []

before(() => {
  install(pack())
  const files = globSync('**/*', { cwd: join(app, 'node_modules', 'sloburn'), withFileTypes: true })
  paths = files.filter((file) => file.isFile()).map((file) => pathInPackage(join(file.parentPath, file.name)))
})
after(() => rmSync(folder, { recursive: true, force: true }))

test('the package holds the program, the rules and the documents, and nothing else', () => {
  const surprising = paths.filter(
    (path) => !/^(bin|dashboards|dist|docs|rules)\/|^(package\.json|LICENSE|[A-Z]+\.md)$/.test(path),
  )
  assert.deepEqual(surprising, [])
  for (const path of [
    'bin/sloburn.js',
    'dist/main.js',
    'dist/web/ui/browser/main.js',
    'rules/schema/sloburn.v1.schema.json',
    'LICENSE',
    'README.md',
  ]) {
    assert.ok(paths.includes(path), `${path} is missing`)
  }
})

test('dist is compiled source: no tests, no TypeScript, no file whose source is gone', () => {
  const compiled = paths.filter((path) => path.startsWith('dist/'))
  const sources = compiled.map((path) => path.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts'))
  assert.ok(compiled.length > 50)
  assert.deepEqual(
    sources.filter((path) => !existsSync(join(repositoryRoot, path))),
    [],
  )
})

test('the installed command tells its version', () => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'))
  assert.equal(run('npx', ['sloburn', '--version'], app).trim(), version)
})

test('the installed command checks the rules that came with it', () => {
  run('npx', ['sloburn', 'check', 'node_modules/sloburn/rules/examples'], app)
})

test('the installed command refuses a bad rule with exit code 1', () => {
  writeFileSync(join(app, 'bad.yaml'), 'apiVersion: sloburn/v1\nkind: SLO\n')
  assert.throws(() => run('npx', ['sloburn', 'check', 'bad.yaml'], app), { status: 1 })
})

test('the rule schema can be found by name, for editors and tools', () => {
  const program = "console.log(import.meta.resolve('sloburn/rules/schema/sloburn.v1.schema.json'))"
  const found = run(process.execPath, ['--input-type=module', '-e', program], app).trim()
  assert.ok(existsSync(new URL(found)))
})

/** Packs a copy without any dist, so that the package is what a clean checkout makes. */
function pack(): string {
  const copy = join(folder, 'checkout')
  const left = ['node_modules', 'dist', '.cache', '.git', 'data', 'test'].map((name) => join(repositoryRoot, name))
  cpSync(repositoryRoot, copy, { recursive: true, filter: (path) => !left.includes(path) })
  symlinkSync(join(repositoryRoot, 'node_modules'), join(copy, 'node_modules'), 'junction')
  run('npm', ['pack', '--pack-destination', folder], copy)
  const { name, version } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'))
  return join(folder, `${name}-${version}.tgz`)
}

function pathInPackage(path: string): string {
  return relative(join(app, 'node_modules', 'sloburn'), path).replaceAll('\\', '/')
}

/** What the package depends on comes from npm's cache where it can. */
function install(tarball: string): void {
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }\n')
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball], app)
}

/** Runs a program under the Node of this test, free of what an npm that runs the tests has put into the environment. */
function run(program: string, args: readonly string[], cwd: string): string {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|config_local_prefix)/.test(name),
  )
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  const env = { ...Object.fromEntries(own), PATH }
  return execFileSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 240_000,
  })
}
