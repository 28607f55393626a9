import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CounterExpression } from '../../src/core/model/selector.ts'
import { globalScope } from '../../src/core/model/slo.ts'
import type { HistogramRefs } from '../../src/ports/sample-sink.ts'
import { sampleBatch } from '../../src/ports/sample-sink.ts'
import { anSlo, counters } from '../support/engine-slo.ts'
import { eu, IntakeWorld, labelsFor, start, step } from '../support/intake-world.ts'

const fast: CounterExpression = counters('latency_seconds_bucket', { le: '0.3' })
const all: CounterExpression = counters('latency_seconds_count')
const latency = anSlo({ name: 'latency', good: fast, total: all })

test('a histogram that comes whole is the classic counters that SLOs ask about, one bucket a bound', () => {
  const slower = anSlo({ name: 'slower', good: counters('latency_seconds_bucket', { le: '2' }), total: all })
  const world = new IntakeWorld([latency, slower])
  const refs = world.intake.resolveHistogram(labelsFor('latency_seconds'), eu)
  assert.ok(refs)
  assert.deepEqual(
    refs.buckets.map(({ bound }) => bound),
    [0.3, 2],
  )
  assert.equal(refs.sum, -1)
  assert.equal(refs.count, world.ref('latency_seconds_count'))
  assert.equal(refs.buckets[0].ref, world.ref({ __name__: 'latency_seconds_bucket', le: '0.3' }))
})

test('a histogram that no SLO asks about costs nothing', () => {
  const world = new IntakeWorld([latency])
  assert.equal(world.intake.resolveHistogram(labelsFor('other_seconds'), eu), undefined)
  assert.equal(world.intake.held.count, 0)
})

test('where nobody wants the count it is kept all the same, because it says when the buckets start from zero', () => {
  const world = new IntakeWorld([anSlo({ name: 'fast', bad: fast, total: counters('total') })])
  const refs = world.intake.resolveHistogram(labelsFor('latency_seconds'), eu)
  assert.ok(refs !== undefined && refs.count >= 0)
  assert.equal(world.ref('latency_seconds_count'), -1)
})

test('events within and beyond the bound count as good and bad', () => {
  const world = new IntakeWorld([latency])
  const tell = teller(world)
  tell(0, 0, 0)
  tell(1, 100, 97)
  assert.deepEqual(world.counted('latency'), { bad: 3, total: 100 })
})

test('all of a histogram starts from zero with its count, also what did not fall', () => {
  const world = new IntakeWorld([latency])
  const tell = teller(world)
  tell(0, 1_000, 10)
  assert.equal(tell(1, 500, 400).resets, 2)
  assert.deepEqual(world.counted('latency'), { bad: 100, total: 500 })
})

test('a bucket that falls alone was estimated more coarsely, and takes no event back nor counts any again', () => {
  const world = new IntakeWorld([latency])
  const tell = teller(world)
  tell(0, 0, 0)
  tell(1, 100, 97)
  assert.equal(tell(2, 110, 95).resets, 0)
  assert.deepEqual(world.counted('latency'), { bad: 13, total: 110 })
  tell(3, 120, 105)
  assert.deepEqual(world.counted('latency'), { bad: 15, total: 120 })
})

test('a histogram whose start is later than its last sample started from zero', () => {
  const world = new IntakeWorld([latency])
  const tell = teller(world)
  tell(0, 100, 90)
  assert.equal(tell(2, 200, 195, start + step).resets, 2)
  assert.deepEqual(world.counted('latency'), { bad: 5, total: 200 })
})

test('the share of events in the bucket that the bound cuts is told, by region and for all', () => {
  const world = new IntakeWorld([latency])
  const refs = resolved(world)
  world.intake.noteUncertain(refs.buckets[0].ref, 5, 100)
  assert.deepEqual(world.intake.uncertainIn('latency', 'eu'), { uncertain: 5, total: 100 })
  assert.deepEqual(world.intake.uncertainIn('latency', globalScope), { uncertain: 5, total: 100 })
  assert.deepEqual(world.intake.uncertainIn('latency', 'us'), { uncertain: 0, total: 0 })
  world.intake.noteUncertain(refs.buckets[0].ref, 0, 100)
  assert.equal(world.intake.uncertainIn('latency', 'eu').uncertain, 0)
})

function resolved(world: IntakeWorld): HistogramRefs {
  const refs = world.intake.resolveHistogram(labelsFor('latency_seconds'), eu)
  assert.ok(refs)
  return refs
}

/** Sends the histogram as of a step: all events, and those within the bound. */
function teller(world: IntakeWorld) {
  return (index: number, count: number, within: number, since = Number.NaN) => {
    const refs = resolved(world)
    const batch = sampleBatch(2)
    batch.hasStarts = true
    for (const [ref, value] of [
      [refs.count, count],
      [refs.buckets[0].ref, within],
    ]) {
      batch.refs[batch.length] = ref
      batch.timesMs[batch.length] = start + index * step
      batch.startsMs[batch.length] = since
      batch.values[batch.length++] = value
    }
    return world.intake.append(batch)
  }
}
