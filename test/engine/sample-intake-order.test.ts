import assert from 'node:assert/strict'
import { test } from 'node:test'
import { futureSampleToleranceMs, recentSamplesPerSeries } from '../../src/core/model/limits.ts'
import { noAppends, sampleBatch } from '../../src/ports/sample-sink.ts'
import { IntakeWorld, start, step } from '../support/intake-world.ts'

test('a sample that was overtaken by as many others as are kept counts in its place', () => {
  const world = new IntakeWorld()
  world.now = start + 20 * step
  for (let index = 0; index < recentSamplesPerSeries; index++) {
    if (index !== 1) world.send({ series: 'total', at: start + index * step, value: 10 * index })
  }
  assert.equal(world.send({ series: 'total', at: start + step, value: 1 }).outOfOrder, 1)
  assert.equal(world.between(start, start + step).total, 1)
  assert.equal(world.between(start + step, start + 2 * step).total, 19)
  assert.equal(world.counted().total, 10 * (recentSamplesPerSeries - 1))
})

test('one that is later still is refused as too old, and the counter loses nothing by it', () => {
  const world = new IntakeWorld()
  world.now = start + 20 * step
  for (let index = 1; index <= recentSamplesPerSeries; index++) {
    world.send({ series: 'total', at: start + index * step, value: 10 * index })
  }
  const before = world.counted()
  assert.deepEqual(world.send({ series: 'total', at: start, value: 0 }), { ...noAppends(), tooOld: 1 })
  assert.deepEqual(world.counted(), before)
})

test('a sample too far ahead of the clock is refused, because it would move time past all others', () => {
  const world = new IntakeWorld()
  const last = start + futureSampleToleranceMs
  assert.equal(world.send({ series: 'total', at: last + 1, value: 1 }).future, 1)
  assert.ok(Number.isNaN(world.counting.regions.get('eu')?.newestAt))
  assert.equal(world.send({ series: 'total', at: last, value: 1 }).accepted, 1)
})

test('the same time twice counts once, whichever value comes second', () => {
  const world = new IntakeWorld()
  world.send({ series: 'total', at: start, value: 0 }, { series: 'total', at: start + step, value: 10 })
  assert.equal(world.send({ series: 'total', at: start + step, value: 10 }).duplicates, 1)
  assert.equal(world.send({ series: 'total', at: start + step, value: 99 }).duplicates, 1)
  assert.equal(world.counted().total, 10)
})

test('neither NaN nor an infinity nor less than nothing is a count', () => {
  const world = new IntakeWorld()
  world.send({ series: 'total', at: start, value: 5 })
  const at = start + step
  assert.equal(world.send({ series: 'total', at, value: Number.NaN }).notANumber, 1)
  assert.equal(world.send({ series: 'total', at, value: Number.POSITIVE_INFINITY }).notANumber, 1)
  assert.equal(world.send({ series: 'total', at, value: -1 }).negative, 1)
  world.send({ series: 'total', at, value: 8 })
  assert.equal(world.counted().total, 3)
})

test('the end of a counter changes nothing that it counted, and it may go on', () => {
  const world = new IntakeWorld()
  world.send({ series: 'total', at: start, value: 0 }, { series: 'total', at: start + step, value: 10 })
  const batch = sampleBatch(1)
  batch.length = 1
  batch.refs[0] = world.ref('total')
  batch.timesMs[0] = start + 2 * step
  batch.values[0] = Number.NaN
  batch.stale[0] = 1
  assert.deepEqual(world.intake.append(batch), { ...noAppends(), staleMarkers: 1 })
  world.send({ series: 'total', at: start + 3 * step, value: 14 })
  assert.equal(world.counted().total, 14)
})

test('times are taken to the millisecond', () => {
  const world = new IntakeWorld()
  world.send({ series: 'total', at: start + 0.25, value: 0 }, { series: 'total', at: start + step + 0.4, value: 3 })
  assert.equal(world.send({ series: 'total', at: start + step - 0.3, value: 3 }).duplicates, 1)
  assert.equal(world.counted().total, 3)
})
