import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsOf, metricNameLabel } from '../../src/core/model/labels.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { HistoryHistogram } from '../../src/ports/history-sink.ts'
import { sampleBatch } from '../../src/ports/sample-sink.ts'
import { anSlo, counters } from '../support/engine-slo.ts'
import { anEngine } from '../support/engine-world.ts'

const step = 15_000
const start = Date.UTC(2026, 0, 1)
const slo = anSlo({
  good: counters('latency_seconds_bucket', { le: '0.3' }),
  total: counters('latency_seconds_count'),
})
const labels = labelsOf([
  [metricNameLabel, 'latency_seconds'],
  ['job', 'shop'],
  ['instance', 'a:80'],
])

/** A histogram as an API tells it: what it counts, and what of it lies within the bound. */
function told(...rounds: readonly (readonly [count: number, within: number])[]): HistoryHistogram {
  return {
    labels,
    timesMs: rounds.map((_, round) => start + round * step),
    counts: rounds.map(([count]) => count),
    sums: rounds.map(() => 0),
    buckets: [{ bound: 0.3, values: rounds.map(([, within]) => within) }],
  }
}

/** The same histogram as it comes live. */
function live({ sink }: Engine, round: number, count: number, within: number): void {
  const refs = sink.resolveHistogram(labels, { source: 'push', region: 'eu' })
  assert.ok(refs)
  const batch = sampleBatch(2)
  for (const [ref, value] of [
    [refs.count, count],
    [refs.buckets[0].ref, within],
  ]) {
    batch.refs[batch.length] = ref
    batch.timesMs[batch.length] = start + round * step
    batch.values[batch.length++] = value
  }
  sink.append(batch)
}

function counted({ counting }: Engine) {
  const region = counting.regions.get('eu')
  const own = region?.slos.get('checkout')
  assert.ok(region !== undefined && own !== undefined)
  return region.countsEver(own)
}

/** Reads a history that joins on to the first live sample, of the round behind its last. */
function joined(history: HistoryHistogram, count: number, within: number): Engine {
  const round = history.timesMs.length
  const engine = anEngine({ slos: [slo], now: () => start + (round + 2) * step })
  live(engine, round, count, within)
  const reading = engine.history.open('eu', 'api')
  assert.ok(reading)
  assert.deepEqual(reading.boundsOf('latency_seconds'), [0.3])
  reading.book([history], reading.until)
  reading.finish()
  return engine
}

test('a native histogram that is read back joins on to the live one, to the event', () => {
  const engine = joined(told([100, 90], [110, 99], [130, 117]), 150, 135)
  assert.deepEqual(counted(engine), { bad: 5, total: 50 })
  live(engine, 4, 160, 144)
  assert.deepEqual(counted(engine), { bad: 6, total: 60 })
})

test('one that started from zero before the first live sample did so as a whole, though a bucket did not fall', () => {
  const engine = joined(told([100, 3], [110, 3]), 5, 5)
  assert.deepEqual(counted(engine), { bad: 10, total: 15 })
})

test('one that started from zero within its history did so as a whole, and a bucket that falls alone stands still', () => {
  assert.deepEqual(counted(joined(told([100, 3], [10, 6], [20, 12]), 30, 20)), { bad: 10, total: 30 })
  assert.deepEqual(counted(joined(told([100, 50], [110, 48], [120, 60]), 130, 70)), { bad: 10, total: 30 })
})
