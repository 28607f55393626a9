import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsOf } from '../../src/core/model/labels.ts'
import { newSeriesSettlingMs } from '../../src/core/model/limits.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { readRegion } from '../../src/engine/read-scope.ts'
import { sloStatuses } from '../../src/engine/slo-status.ts'
import { type AppendCounts, type SampleOrigin, sampleBatch, unwantedSeries } from '../../src/ports/sample-sink.ts'
import { anSlo, counters } from '../support/engine-slo.ts'
import { anEngine, everythingToOncall } from '../support/engine-world.ts'

const step = 15_000
const start = Date.UTC(2026, 0, 1)
const day = 86_400_000
const eu: SampleOrigin = { source: 'eu', region: 'eu' }

test('a series that no SLO wants is not kept', () => {
  const engine = anEngine({ slos: [anSlo()] })
  assert.equal(engine.sink.resolve(labelsOf([['__name__', 'other_total']]), eu), unwantedSeries)
  assert.equal(engine.seriesCount, 0)
})

test('the same series has the same ref, and another region of its source makes it another series', () => {
  const { sink } = anEngine({ slos: [anSlo()] })
  const labels = labelsOf([['__name__', 'total']])
  const ref = sink.resolve(labels, eu)
  assert.equal(sink.resolve(labels, eu), ref)
  assert.notEqual(sink.resolve(labels, { source: 'us', region: 'us' }), ref)
})

test('the region is the region label, else that of the source, else none', () => {
  const engine = anEngine({ slos: [anSlo()] })
  const regionless = { source: 'push', region: undefined }
  engine.sink.resolve(
    labelsOf([
      ['__name__', 'total'],
      ['region', 'ap'],
    ]),
    eu,
  )
  engine.sink.resolve(labelsOf([['__name__', 'total']]), eu)
  engine.sink.resolve(labelsOf([['__name__', 'total']]), regionless)
  assert.deepEqual([...engine.counting.regions.keys()], ['ap', 'eu', ''])
})

test('every sample is answered for', () => {
  const engine = anEngine({ slos: [anSlo()], now: () => start })
  const ref = engine.sink.resolve(labelsOf([['__name__', 'total']]), eu)
  const counts = append(engine, [
    [ref, start - 60_000, 10],
    [ref, start - 45_000, 20],
    [ref, start - 45_000, 20],
    [ref, start - 15_000, 5],
    [ref, start - 30_000, 25],
    [ref, start + 10 * 60_000, 30],
    [ref, start + 10 * 60_000 + 1, 40],
    [ref, start, Number.NaN],
    [ref, start, -1],
  ])
  assert.deepEqual(counts, {
    accepted: 5,
    duplicates: 1,
    outOfOrder: 1,
    tooOld: 0,
    future: 1,
    notANumber: 1,
    negative: 1,
    overlapping: 0,
    staleMarkers: 0,
    resets: 1,
    newestMs: start + 10 * 60_000,
  })
})

test('a stale marker is no value', () => {
  const engine = anEngine({ slos: [anSlo()] })
  const ref = engine.sink.resolve(labelsOf([['__name__', 'total']]), eu)
  const batch = sampleBatch(1)
  batch.length = 1
  batch.refs[0] = ref
  batch.timesMs[0] = start
  batch.values[0] = Number.NaN
  batch.stale[0] = 1
  assert.equal(engine.sink.append(batch).staleMarkers, 1)
  assert.equal(engine.counting.series.last(ref), undefined)
})

test('one series may count for several SLOs and for both signals of one', () => {
  const all = anSlo({ name: 'all', bad: counters('bad', { code: '500' }), total: counters('bad') })
  const engine = anEngine({ slos: [anSlo(), all] })
  const ref = engine.sink.resolve(
    labelsOf([
      ['__name__', 'bad'],
      ['code', '500'],
    ]),
    eu,
  )
  append(engine, [
    [ref, start, 0],
    [ref, start + step, 7],
  ])
  assert.deepEqual(total(engine, 'all'), { bad: 7, total: 7 })
  assert.deepEqual(engine.counting.regions.get('eu')?.slos.get('checkout')?.columns.length, 2)
})

test('counters are added and subtracted term by term', () => {
  const both = [...counters('bad').terms, ...counters('excused').terms.map((term) => ({ ...term, sign: -1 as const }))]
  const engine = anEngine({ slos: [anSlo({ bad: { terms: both } })] })
  const refs = ['bad', 'excused', 'total'].map((name) => engine.sink.resolve(labelsOf([['__name__', name]]), eu))
  append(
    engine,
    refs.map((ref) => [ref, start, 0]),
  )
  append(
    engine,
    refs.map((ref, index) => [ref, start + step, [10, 4, 100][index]]),
  )
  assert.deepEqual(total(engine, 'checkout'), { bad: 6, total: 100 })
})

test('errors that show up in the second scrape ever are counted: the rules were there before the first', () => {
  let now = start
  const engine = anEngine({ slos: [anSlo()], now: () => now })
  now = start + 400
  const all = engine.sink.resolve(labelsOf([['__name__', 'total']]), eu)
  append(engine, [[all, start + 100, 1_000]])
  now += step
  const errors = engine.sink.resolve(labelsOf([['__name__', 'bad']]), eu)
  append(engine, [
    [all, start + 100 + step, 1_100],
    [errors, start + 100 + step, 50],
  ])
  assert.deepEqual(total(engine, 'checkout'), { bad: 50, total: 100 })
})

test('a sender that splits a scrape over connections is given time to show all its series', () => {
  const split = { ...eu, splitDelivery: true }
  const counted = (laterMs: number) => {
    const engine = anEngine({ slos: [anSlo()] })
    append(engine, [[engine.sink.resolve(labelsOf([['__name__', 'total']]), split), start, 1_000]])
    append(engine, [[engine.sink.resolve(labelsOf([['__name__', 'bad']]), split), start + laterMs, 50]])
    append(engine, [[engine.sink.resolve(labelsOf([['__name__', 'total']]), split), start + laterMs, 2_000]])
    return total(engine, 'checkout').bad
  }
  assert.equal(counted(newSeriesSettlingMs), 0)
  assert.equal(counted(newSeriesSettlingMs + step), 50)
})

test('a region called global counts towards the global scope, and is no region beside it', () => {
  const engine = anEngine({ slos: [anSlo()] })
  for (const metric of ['bad', 'total']) {
    const ref = engine.sink.resolve(
      labelsOf([
        ['__name__', metric],
        ['region', 'global'],
      ]),
      eu,
    )
    append(engine, [
      [ref, start, 0],
      [ref, start + step, 10],
    ])
  }
  const [slo] = sloStatuses(engine, start + step)
  assert.deepEqual(
    slo.scopes.map(({ scope }) => scope),
    ['global'],
  )
})

test('refs are void after a reload, and a series that is no longer wanted is dropped', () => {
  const engine = anEngine({ slos: [anSlo()] })
  const { generation } = engine.sink
  engine.sink.resolve(labelsOf([['__name__', 'bad']]), eu)
  engine.reload([anSlo({ bad: counters('slow') })], everythingToOncall)
  assert.notEqual(engine.sink.generation, generation)
  assert.equal(engine.sink.resolve(labelsOf([['__name__', 'bad']]), eu), unwantedSeries)
  engine.reload([anSlo()], everythingToOncall)
  assert.notEqual(engine.sink.resolve(labelsOf([['__name__', 'bad']]), eu), unwantedSeries)
})

function append(
  { sink }: Engine,
  samples: readonly (readonly [ref: number, time: number, value: number])[],
): AppendCounts {
  const batch = sampleBatch(samples.length)
  for (const [ref, time, value] of samples) {
    batch.refs[batch.length] = ref
    batch.timesMs[batch.length] = time
    batch.values[batch.length] = value
    batch.length++
  }
  return sink.append(batch)
}

function total(engine: Engine, slo: string): { bad: number; total: number } {
  const at = engine.counting.regions.get('eu')?.newestAt ?? start
  const reading = readRegion(engine.counting, 'eu', Math.ceil(at / step) * step).find(
    ({ compiled }) => compiled.slo.name === slo,
  )
  assert.ok(reading)
  return reading.counts(30 * day)
}
