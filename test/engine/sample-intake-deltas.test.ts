import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { futureSampleToleranceMs, recentDeltasPerSeries } from '../../src/core/model/limits.ts'
import { sampleBatch } from '../../src/ports/sample-sink.ts'
import { anSlo } from '../support/engine-slo.ts'
import { anEngine, RememberingStore } from '../support/engine-world.ts'
import { eu, IntakeWorld, labelsFor, start, step } from '../support/intake-world.ts'

const interval = (from: number, to: number, value: number) => {
  return { series: 'total', since: start + from * step, at: start + to * step, value }
}

test('an increment counts over its own time, the first one too', () => {
  const world = new IntakeWorld()
  const counts = world.sendDeltas(interval(0, 2, 10))
  assert.equal(counts.accepted, 1)
  assert.equal(counts.newestMs, start + 2 * step)
  assert.equal(world.counted().total, 10)
  assert.equal(world.between(start, start + step).total, 5)
})

test('one that is sent again counts once', () => {
  const world = new IntakeWorld()
  world.sendDeltas(interval(0, 1, 10), interval(1, 2, 20))
  const again = world.sendDeltas(interval(0, 1, 10), interval(1, 2, 20))
  assert.deepEqual([again.accepted, again.duplicates], [0, 2])
  assert.equal(world.counted().total, 30)
})

test('one that comes late counts in its place', () => {
  const world = new IntakeWorld()
  world.now = start + 5 * step
  world.sendDeltas(interval(0, 1, 10), interval(2, 3, 30))
  const late = world.sendDeltas(interval(1, 2, 20))
  assert.deepEqual([late.accepted, late.outOfOrder], [1, 1])
  assert.equal(world.between(start + step, start + 2 * step).total, 20)
})

test('one of a time of which a part was counted before is refused, and said so', () => {
  const world = new IntakeWorld()
  world.sendDeltas(interval(0, 2, 10))
  assert.equal(world.sendDeltas(interval(1, 3, 10)).overlapping, 1)
  assert.equal(world.sendDeltas(interval(0, 1, 10)).overlapping, 1)
  assert.equal(world.counted().total, 10)
})

test('one older than all intervals kept is refused as too old', () => {
  const world = new IntakeWorld()
  world.now = start + 100 * step
  for (let index = 1; index <= recentDeltasPerSeries; index++) world.sendDeltas(interval(index, index + 1, 1))
  assert.equal(world.sendDeltas(interval(0, 1, 1)).tooOld, 1)
})

test('one without a start begins where the one before it ended', () => {
  const world = new IntakeWorld()
  world.sendDeltas({ series: 'total', at: start + step, value: 10, since: Number.NaN })
  world.sendDeltas({ series: 'total', at: start + 2 * step, value: 10, since: Number.NaN })
  assert.equal(world.between(start + step, start + 2 * step).total, 10)
  assert.equal(world.sendDeltas({ series: 'total', at: start + 2 * step, value: 10, since: 0 / 0 }).duplicates, 1)
  assert.equal(world.counted().total, 20)
})

test('what is no count, or of the future, is refused', () => {
  const world = new IntakeWorld()
  assert.equal(world.sendDeltas(interval(0, 1, -1)).negative, 1)
  assert.equal(world.sendDeltas(interval(0, 1, Number.NaN)).notANumber, 1)
  const far = start + futureSampleToleranceMs + 1
  assert.equal(world.sendDeltas({ series: 'total', since: start, at: far, value: 1 }).future, 1)
  assert.ok(Number.isNaN(world.counting.regions.get('eu')?.newestAt))
})

test('whatever comes how often and in which order within the intervals kept, each counts once', () => {
  const drawn = fc.array(
    fc.record({ value: fc.nat(1_000), delay: fc.nat(recentDeltasPerSeries - 1), again: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  fc.assert(
    fc.property(drawn, (deltas) => {
      const world = new IntakeWorld()
      world.now = start + 1_000 * step
      const order = deltas.map((_, index) => index).sort((a, b) => a + deltas[a].delay - (b + deltas[b].delay) || a - b)
      for (const index of order) {
        world.sendDeltas(interval(index, index + 1, deltas[index].value))
        if (deltas[index].again) assert.equal(world.sendDeltas(interval(index, index + 1, 7)).duplicates, 1)
      }
      for (const [index, { value }] of deltas.entries()) {
        assert.equal(world.between(start + index * step, start + (index + 1) * step).total, value)
      }
    }),
    { numRuns: 200 },
  )
})

test('after a restart the intervals of the checkpoint are still known', async () => {
  const store = new RememberingStore()
  const before = anEngine({ slos: [anSlo()], store })
  const deltas = (engine: typeof before) => {
    const batch = sampleBatch(1)
    batch.length = 1
    batch.hasStarts = true
    batch.refs[0] = engine.sink.resolve(labelsFor('total'), eu)
    batch.startsMs[0] = start
    batch.timesMs[0] = start + step
    batch.values[0] = 10
    return engine.sink.appendDeltas(batch)
  }
  deltas(before)
  await before.checkpoint()
  const after = anEngine({ slos: [anSlo()], store })
  await after.restore()
  assert.equal(deltas(after).duplicates, 1)
})
