import assert from 'node:assert/strict'
import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { keptRules } from '../../src/app/kept-rules.ts'
import { readerDigest } from '../../src/app/reader-digest.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { loadRules, loadRulesAgain } from '../../src/rules/load-rules.ts'
import { repositoryFiles, repositoryRoot } from '../support/repository-files.ts'

test('a second start parses nothing, and has the same rules', async (t) => {
  const world = await worldOf(t)
  assert.deepEqual(await start(world), ['a.yaml', 'b.yaml'])
  assert.deepEqual(await start(world), [])
})

test('a second start parses the file that was changed, and what it was is forgotten', async (t) => {
  const world = await worldOf(t)
  await start(world)
  appendFileSync(join(world.rules, 'b.yaml'), '# changed\n')
  const before = statSync(world.file).size
  assert.deepEqual(await start(world), ['b.yaml'])
  assert.equal(statSync(world.file).size, before)
  assert.deepEqual(await start(world), [])
  rmSync(join(world.rules, 'b.yaml'))
  assert.deepEqual(await start(world), [])
  assert.ok(statSync(world.file).size < before)
})

test('what another version of the code kept is not used, and made anew', async (t) => {
  const world = await worldOf(t)
  await start(world)
  assert.deepEqual(await start({ ...world, digest: () => 'another' }), ['a.yaml', 'b.yaml'])
  assert.deepEqual(await start({ ...world, digest: () => 'another' }), [])
  assert.deepEqual(await start(world), ['a.yaml', 'b.yaml'])
})

test('what is damaged is parsed again, said, and made whole', async (t) => {
  const world = await worldOf(t)
  await start(world)
  const whole = readFileSync(world.file)
  const damages: readonly (readonly [Buffer, readonly string[], number])[] = [
    [Buffer.alloc(0), ['a.yaml', 'b.yaml'], 0],
    [Buffer.from('something else altogether'), ['a.yaml', 'b.yaml'], 1],
    [whole.subarray(0, whole.length - 1), ['b.yaml'], 1],
    [flipped(whole, 100), ['a.yaml', 'b.yaml'], 1],
  ]
  for (const [bytes, parsed, times] of damages) {
    world.said.length = 0
    writeFileSync(world.file, bytes)
    assert.deepEqual(await start(world), parsed)
    assert.equal(world.said.length, times, world.said.join())
    assert.deepEqual(readFileSync(world.file), whole)
  }
})

test('nothing is written where nothing changed', async (t) => {
  const world = await worldOf(t)
  await start(world)
  const { ino } = statSync(world.file)
  await start(world)
  assert.equal(statSync(world.file).ino, ino)
})

test('rules that are read quickly are not kept, nor those of a store in memory', async (t) => {
  const world = await worldOf(t)
  assert.deepEqual(await start({ ...world, fromLength: 100_000 }), ['a.yaml', 'b.yaml'])
  assert.equal(existsSync(world.file), false)
  assert.deepEqual(await start({ ...world, store: ':memory:' }), ['a.yaml', 'b.yaml'])
  assert.equal(existsSync(':memory:.rules'), false)
})

test('the code that reads rules has one digest, and another with any other byte', async (t) => {
  assert.equal(readerDigest(), readerDigest())
  const copy = await folderOf(t)
  for (const folder of ['core', 'documents', 'rules'])
    cpSync(join(repositoryRoot, 'src', folder), join(copy, 'src', folder), { recursive: true })
  cpSync(join(repositoryRoot, 'package.json'), join(copy, 'package.json'))
  const before = readerDigest(join(copy, 'src'))
  appendFileSync(join(copy, 'src/documents/source-document.ts'), ' ')
  const after = readerDigest(join(copy, 'src'))
  assert.notEqual(after, before)
  await mkdir(join(copy, 'node_modules/yaml'), { recursive: true })
  writeFileSync(join(copy, 'node_modules/yaml/package.json'), '{ "version": "0" }')
  assert.notEqual(readerDigest(join(copy, 'src')), after)
})

test('only the start and the reload of an engine use what was kept', () => {
  const users = repositoryFiles('src/**/*.ts').filter(({ text }) => text.includes('loadRulesAgain('))
  assert.deepEqual(
    users.map(({ path }) => path),
    ['src/app/rules-in-force.ts', 'src/rules/load-rules.ts'],
  )
})

interface World {
  readonly rules: string
  readonly store: string
  readonly file: string
  readonly said: string[]
  readonly fromLength: number
  readonly digest: () => string
}

/** Reads the rules as a start does, and keeps them; answers which files were parsed. */
async function start({ rules, store, said, fromLength, digest }: World): Promise<readonly string[]> {
  const log = { ...silentLog, warn: (_: unknown, message: string) => void said.push(message) }
  const kept = keptRules(store, { log, meter: silentMeter, fromLength, digest })
  const read = await loadRulesAgain([rules], {}, (files) => kept.earlier(files))
  const { slos, problems } = await loadRules([rules])
  assert.deepEqual(read.slos, slos)
  assert.deepEqual(read.problems, problems)
  kept.keep(read)
  await kept.written()
  await kept.stop()
  const parsed = read.keepable.filter(({ wasParsed }) => wasParsed)
  return parsed.map(({ file }) => file.name.slice(rules.length + 1))
}

async function worldOf(t: TestContext): Promise<World> {
  const folder = await folderOf(t)
  const rules = join(folder, 'rules')
  await mkdir(rules)
  for (const name of ['a', 'b']) writeFileSync(join(rules, `${name}.yaml`), ruleNamed(name))
  const store = join(folder, 'sloburn.db')
  return { rules, store, file: `${store}.rules`, said: [], fromLength: 1, digest: () => 'this' }
}

function flipped(whole: Buffer, at: number): Buffer {
  const broken = Buffer.from(whole)
  broken[at] ^= 1
  return broken
}

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-kept-rules-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

function ruleNamed(name: string): string {
  return `apiVersion: sloburn/v1
kind: SLO
metadata: { name: ${name} }
spec:
  service: s
  objective: 99.9
  window: 30d
  indicator: { ratio: { bad: b_total, total: t_total } }
`
}
