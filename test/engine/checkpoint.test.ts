import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Engine } from '../../src/engine/engine.ts'
import { readRegion } from '../../src/engine/read-scope.ts'
import { anSlo } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../support/engine-world.ts'

const step = 15_000
const day = 86_400_000
const start = Date.UTC(2026, 0, 1)

test('a checkpoint writes the rows that changed and takes away those that were thinned', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [anSlo()], store })
  for (const [from, to] of [
    [0, 300],
    [301, 700],
    [701, 1_500],
  ]) {
    await pass(engine, from, to)
    await engine.checkpoint()
    assert.deepEqual(rowNames(store), historyRows(engine))
  }
  const before = new Map(store.parts)
  await pass(engine, 1_501, 1_501)
  await engine.checkpoint()
  const written = [...store.parts].filter(([name, bytes]) => name.startsWith('row/') && !equal(before.get(name), bytes))
  assert.deepEqual(
    written.map(([name]) => name),
    [`row/eu/${start + 1_501 * step}`],
  )
})

test('a checkpoint that fails is made up for by the next', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [anSlo()], store })
  await pass(engine, 0, 300)
  await engine.checkpoint()
  await pass(engine, 301, 700)
  store.failures = 1
  await assert.rejects(engine.checkpoint(), /disk full/)
  await pass(engine, 701, 702)
  await engine.checkpoint()
  assert.deepEqual(rowNames(store), historyRows(engine))
  const restored = await restoredFrom(store, engine)
  assert.deepEqual(rowsOf(restored), rowsOf(engine))
})

test('an SLO that is gone after the restart frees its columns, the others keep theirs', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [anSlo(), anSlo({ name: 'gone' })], store })
  await pass(engine, 0, 100)
  await engine.checkpoint()
  const after = anEngine({ slos: [anSlo({ name: 'new', good: { terms: [] } }), anSlo()], store })
  await after.restore()
  const [reading] = readRegion(after.counting, 'eu', start + 100 * step)
  assert.deepEqual(reading.counts(30 * day), { bad: 100, total: 1_000 })
  await pass(after, 101, 101)
  assert.equal(after.counting.regions.get('eu')?.history.columns, 4)
  const fresh = readRegion(after.counting, 'eu', start + 101 * step).find(({ compiled }) => compiled.slo.name === 'new')
  assert.deepEqual(fresh?.counts(30 * day).total, 10)
})

test('series parts of a time with more series do no harm', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [anSlo()], store })
  const many = Array.from({ length: 5_000 }, (_, index) => ({
    labels: { __name__: 'total', region: 'eu', path: `/${index}` },
    time: start,
    value: index,
  }))
  send(engine.sink, many)
  await engine.checkpoint()
  assert.ok([...store.parts.keys()].some((name) => name.endsWith('series/1')))
  const few = anEngine({ slos: [anSlo({ total: { terms: [] } })], store })
  await few.restore()
  await pass(few, 1, 2)
  await few.checkpoint()
  const again = anEngine({ slos: [anSlo()], store })
  await again.restore()
  await pass(again, 3, 4)
  assert.ok(again.seriesCount <= 5_000)
})

test('a checkpoint of another format is refused, not misread', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [anSlo()], store })
  await pass(engine, 0, 1)
  await engine.checkpoint()
  const part = JSON.parse(new TextDecoder().decode(store.parts.get('region/eu')))
  store.parts.set('region/eu', new TextEncoder().encode(JSON.stringify({ ...part, version: 99 })))
  await assert.rejects(anEngine({ slos: [anSlo()], store }).restore(), /region eu has format 99/)
})

test('a checkpoint of the format before is read', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [anSlo(), anSlo({ name: 'other' })], store })
  await pass(engine, 0, 300)
  await engine.checkpoint()
  writeAsBefore(store, engine)
  const restored = await restoredFrom(store, engine)
  assert.deepEqual(rowsOf(restored), rowsOf(engine))
  await pass(engine, 301, 302)
  await pass(restored, 301, 302)
  const at = start + 302 * step
  assert.deepEqual(countsAt(restored, at), countsAt(engine, at))
  assert.deepEqual(countsAt(restored, at)[0], { bad: 302, total: 3_020 })
})

test('an empty store restores to an empty engine', async () => {
  const engine = anEngine({ slos: [anSlo()] })
  await engine.restore()
  assert.equal(engine.seriesCount, 0)
  assert.equal(await engine.tick(), undefined)
})

test('a region with a slash in its name comes back with its own rows', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [anSlo()], store })
  await pass(engine, 0, 5, 'eu')
  await pass(engine, 0, 9, 'eu/west')
  await engine.checkpoint()
  const after = await restoredFrom(store, engine)
  for (const region of ['eu', 'eu/west']) assert.deepEqual(rowsOf(after, region), rowsOf(engine, region))
})

async function pass(engine: Engine, from: number, to: number, region = 'eu'): Promise<void> {
  for (let index = from; index <= to; index++) {
    const counter = (name: string, value: number) => ({
      labels: { __name__: name, region, job: 'shop', instance: 'a' },
      time: start + index * step,
      value,
    })
    send(engine.sink, [counter('total', 10 * index), counter('bad', index)])
    await evaluateAll(engine)
  }
}

function countsAt({ counting }: Engine, at: number): readonly unknown[] {
  return [...readRegion(counting, 'eu', at)].map((reading) => reading.counts(30 * day))
}

/** Format 2: rows of doubles without headers and bases, and all SLOs of a region in one part. */
function writeAsBefore({ parts }: RememberingStore, engine: Engine): void {
  const textOf = (name: string) => new TextDecoder().decode(parts.get(name))
  const { pages, ...region } = JSON.parse(textOf('region/eu'))
  assert.equal(pages, 1)
  parts.set('region/eu', new TextEncoder().encode(JSON.stringify({ ...region, version: 2 })))
  parts.set('slos/eu', new TextEncoder().encode(textOf('slos/0/eu')))
  for (const name of parts.keys()) if (/^(base|cleared|slos\/0)\//.test(name)) parts.delete(name)
  for (const [at, counts] of rowsOf(engine)) {
    parts.set(`row/eu/${at}`, new Uint8Array(Float64Array.from(counts).buffer))
  }
}

async function restoredFrom(store: RememberingStore, { counting }: Engine): Promise<Engine> {
  const restored = anEngine({ slos: [...counting.slos.values()].map(({ slo }) => slo), store })
  await restored.restore()
  return restored
}

function rowNames({ parts }: RememberingStore): string[] {
  return [...parts.keys()].filter((name) => name.startsWith('row/')).sort()
}

function historyRows({ counting }: Engine): string[] {
  const rows = counting.regions.get('eu')?.history.rows ?? []
  return rows.map(({ at }) => `row/eu/${at}`).sort()
}

function rowsOf({ counting }: Engine, region = 'eu'): [number, number[]][] {
  const history = counting.regions.get(region)?.history
  assert.ok(history)
  return history.rows.map(({ at, counts }) => [at, [...counts.subarray(0, history.columns)]])
}

function equal(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.from(a).equals(b)
}
