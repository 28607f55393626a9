import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import * as fc from 'fast-check'
import type { IncrementLog } from '../../../src/ports/increment-log.ts'
import { silentLog } from '../../../src/ports/log.ts'
import { silentMeter } from '../../../src/ports/meter.ts'
import { incrementFiles } from '../../../src/storage/increments/increment-files.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import { storeFolder } from '../../support/store-folder.ts'

const quiet = { log: silentLog, meter: silentMeter }

function textsLeft(log: IncrementLog): string[][] {
  return [...log.left()].map((part) => [...part].map((entry) => Buffer.from(entry).toString()))
}

function add(log: IncrementLog, ...texts: readonly string[]): void {
  for (const text of texts) assert.equal(log.append(Buffer.from(text)), true)
}

function filesOf(path: string): string[] {
  return readdirSync(join(path, '..')).filter((name) => name.startsWith(basename(path)))
}

function pathIn(t: TestContext): string {
  return join(storeFolder(t), 'store.db')
}

test('what was added is there for the next process, part by part and in order', (t) => {
  const path = pathIn(t)
  const first = incrementFiles(path, quiet)
  add(first, 'a', '', 'b')
  assert.equal(first.turn(), 2)
  add(first, 'c')
  // Nothing is closed: the process is gone.
  const second = incrementFiles(path, quiet)
  assert.deepEqual(textsLeft(second), [['a', '', 'b'], ['c']])
  add(second, 'd')
  const third = incrementFiles(path, quiet)
  assert.deepEqual(textsLeft(third), [['a', '', 'b'], ['c'], ['d']])
  for (const each of [first, second, third]) each.close()
})

test('parts before a checkpoint go with it, those of earlier processes too', (t) => {
  const path = pathIn(t)
  const first = incrementFiles(path, quiet)
  add(first, 'a')
  const second = incrementFiles(path, quiet)
  add(second, 'b')
  const kept = second.turn()
  add(second, 'c')
  second.dropBefore(kept)
  assert.deepEqual(textsLeft(incrementFiles(path, quiet)), [['c']])
  second.dropBefore(second.turn())
  assert.deepEqual(filesOf(path), [])
  for (const each of [first, second]) each.close()
})

test('where nothing is added there is no file', (t) => {
  const path = pathIn(t)
  const log = incrementFiles(path, quiet)
  log.dropBefore(log.turn())
  log.close()
  assert.deepEqual(filesOf(path), [])
})

test('cut off or damaged anywhere, the entries before that are read, and no other', (t) => {
  const path = pathIn(t)
  const texts = ['one', 'two and more', '', 'three']
  const log = incrementFiles(path, quiet)
  add(log, ...texts)
  log.close()
  const file = join(path, '..', filesOf(path)[0] ?? '')
  const whole = readFileSync(file)
  const ends = texts.map((_, index) => texts.slice(0, index + 1).reduce((sum, text) => sum + 8 + text.length, 0))
  const place = fc.nat({ max: whole.length - 1 })
  fc.assert(
    fc.property(place, fc.boolean(), (at, isCut) => {
      if (isCut) {
        writeFileSync(file, whole)
        truncateSync(file, at)
      } else {
        const damaged = Buffer.from(whole)
        damaged[at] ^= 0x10
        writeFileSync(file, damaged)
      }
      const before = ends.filter((end) => end <= at).length
      assert.deepEqual(textsLeft(incrementFiles(path, quiet)), [texts.slice(0, before)])
    }),
    { numRuns: 100 },
  )
})

test('beyond its limit nothing is added, which is counted, until a checkpoint makes room', (t) => {
  const meter = recordingMeter()
  const log = incrementFiles(pathIn(t), { log: silentLog, meter, bytesMax: 40 })
  add(log, 'x'.repeat(20))
  assert.equal(log.append(Buffer.alloc(20)), false)
  assert.equal(meter.values.get('sloburn_limit_hits_total{limit="incrementLogBytesMax"}'), 1)
  log.dropBefore(log.turn())
  add(log, 'y'.repeat(20))
  log.close()
})

test('a file that cannot be written is counted, and said once', (t) => {
  const path = pathIn(t)
  const [said, meter] = [recordingLog(), recordingMeter()]
  const log = incrementFiles(path, { log: said, meter })
  mkdirSync(`${path}.increments-1`)
  assert.equal(log.append(Buffer.from('a')), false)
  assert.equal(log.append(Buffer.from('b')), false)
  assert.equal(meter.values.get('sloburn_increment_log_failures_total{}'), 2)
  assert.deepEqual(
    said.lines.map(({ level }) => level),
    ['error'],
  )
  log.turn()
  add(log, 'c')
  log.close()
})

test('a file that cannot be read costs what it held, and is told', (t) => {
  const path = pathIn(t)
  mkdirSync(`${path}.increments-1`)
  const said = recordingLog()
  assert.deepEqual(textsLeft(incrementFiles(path, { ...quiet, log: said })), [[]])
  assert.deepEqual(
    said.lines.map(({ level }) => level),
    ['error'],
  )
})
