import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { silentLog } from '../../../src/ports/log.ts'
import { silentMeter } from '../../../src/ports/meter.ts'
import { keptWorkFile } from '../../../src/storage/kept-work/kept-work-file.ts'

const [one, other] = ['1', '2'].map((digit) => digit.repeat(64))
const work = [
  [one, [bytes('a'), bytes('')]],
  [other, [bytes('b'.repeat(5_000))]],
] as const
const going = new AbortController().signal

test('gives back what was written, piece by piece, in a file that nobody else can read', async (t) => {
  const { path, file } = await kept(t)
  assert.deepEqual(file.read(), new Map())
  await file.write(work, going)
  assert.deepEqual(told(file.read()), [
    [one, ['a', '']],
    [other, ['b'.repeat(5_000)]],
  ])
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.equal(existsSync(`${path}.new`), false)
})

test('what was written takes the place of what was there', async (t) => {
  const { file } = await kept(t)
  await file.write(work, going)
  await file.write([[other, [bytes('c')]]], going)
  assert.deepEqual(told(file.read()), [[other, ['c']]])
})

test('whichever byte is changed, and wherever it ends, it gives nothing that was not written', async (t) => {
  const { path, file, said } = await kept(t)
  const anew = () => keptWorkFile(path, settings(said, [], 1_000_000))
  await file.write([...work, [one, [bytes('d')]]], going)
  const whole = readFileSync(path)
  const before = told(file.read())
  for (let at = 0; at < whole.length; at += at < 200 || at > whole.length - 200 ? 1 : 97) {
    const broken = Buffer.from(whole)
    broken[at] ^= 1 << (at % 8)
    writeFileSync(path, broken)
    assertPartOf(told(anew().read()), before, `byte ${at}`)
    truncateSync(path, at)
    assertPartOf(told(anew().read()), before, `end at ${at}`)
  }
  assert.ok(said.every((message) => message === 'what was kept is damaged: what is missing is worked out again'))
  assert.ok(said.length > 500, `${said.length} times said`)
})

test('what finds no room is left out, and counted', async (t) => {
  const { file, counted } = await kept(t, 500)
  await file.write(work, going)
  assert.deepEqual(told(file.read()), [[one, ['a', '']]])
  assert.deepEqual(counted, [['sloburn_limit_hits_total', { limit: 'keptRulesBytesMax' }]])
})

test('a file that is larger than it may be is not read', async (t) => {
  const { path, file, said } = await kept(t, 500)
  writeFileSync(path, Buffer.alloc(501))
  assert.deepEqual(file.read(), new Map())
  assert.deepEqual(said, ['what was kept is larger than it may be: it is worked out again'])
})

test('what is left off, or goes wrong on the way, leaves what was kept before', async (t) => {
  const { path, file, said } = await kept(t)
  await file.write(work, going)
  const before = readFileSync(path)
  const leaving = new AbortController()
  await file.write(abortingAfterFirst(leaving), leaving.signal)
  assert.deepEqual(said, [])
  await file.write(throwing(), going)
  assert.deepEqual(said, ['nothing can be kept for the next start, which takes longer'])
  assert.deepEqual(readFileSync(path), before)
  assert.equal(existsSync(`${path}.new`), false)
})

test('where nothing can be written or read it says so, and goes on', async (t) => {
  const { path, said } = await kept(t)
  writeFileSync(path, 'a file')
  const below = keptWorkFile(join(path, 'below'), settings(said, [], 500))
  await below.write(work, going)
  assert.deepEqual(below.read(), new Map())
  assert.deepEqual(below.read(), new Map())
  assert.deepEqual(said, [
    'nothing can be kept for the next start, which takes longer',
    'what was kept cannot be read: it is worked out again',
  ])
})

function* abortingAfterFirst(leaving: AbortController): Iterable<readonly [string, Iterable<Uint8Array>]> {
  yield [other, [bytes('new')]]
  leaving.abort()
  yield [other, [bytes('never')]]
}

function* throwing(): Iterable<readonly [string, Iterable<Uint8Array>]> {
  yield [other, [bytes('new')]]
  throw new Error('no more')
}

/** Each key has the pieces that were written under it, or the first of them, or is missing. */
function assertPartOf(read: readonly Told[], written: readonly Told[], message: string): void {
  const pieces = new Map(written)
  for (const [key, own] of read) assert.deepEqual(own, pieces.get(key)?.slice(0, own.length), message)
}

type Told = readonly [string, readonly string[]]

function told(read: ReadonlyMap<string, readonly Uint8Array[]>): readonly Told[] {
  return [...read].map(([key, pieces]) => [key, pieces.map((piece) => Buffer.from(piece).toString())])
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

async function kept(t: TestContext, bytesMax = 1_000_000) {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-kept-'))
  t.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'a.db.rules')
  const said: string[] = []
  const counted: unknown[] = []
  return { path, said, counted, file: keptWorkFile(path, settings(said, counted, bytesMax)) }
}

function settings(said: string[], counted: unknown[], bytesMax: number) {
  return {
    log: { ...silentLog, warn: (_: unknown, message: string) => void said.push(message) },
    meter: { ...silentMeter, count: (...counts: unknown[]) => void counted.push(counts) },
    limit: { name: 'keptRulesBytesMax', bytesMax },
  }
}
