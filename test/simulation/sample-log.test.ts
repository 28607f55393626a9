import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { labelsOf } from '../../src/core/model/labels.ts'
import { type SampleSink, sampleBatch, unwantedSeries } from '../../src/ports/sample-sink.ts'
import { SampleLog } from '../../src/simulation/sample-log.ts'
import { holdsForAll } from '../support/engine-properties.ts'

const sample = fc
  .tuple(fc.nat(5), fc.nat(500), fc.nat(), fc.oneof(fc.constant(Number.NaN), fc.nat(500)), fc.boolean())
  .map(([ref, time, value, startMs, isEnd]) => ({ ref, time, value, startMs, isEnd }))
const samples = fc.array(sample, { maxLength: 300, size: 'max' })

test('hands over everything it was given in order of time, then of series, then as it came', () => {
  holdsForAll(
    fc.property(samples, fc.boolean(), (given, hasStarts) => {
      const log = new SampleLog(anySink)
      const batch = sampleBatch(given.length)
      for (const [index, { ref, time, value, startMs, isEnd }] of given.entries()) {
        batch.refs[index] = ref
        batch.timesMs[index] = time
        batch.values[index] = value
        batch.startsMs[index] = startMs
        batch.stale[index] = isEnd ? 1 : 0
      }
      batch.length = given.length
      batch.hasStarts = hasStarts
      const { accepted, staleMarkers } = log.append(batch)
      assert.deepEqual(
        [accepted, staleMarkers],
        [false, true].map((end) => given.filter((s) => s.isEnd === end).length),
      )
      const inOrder = []
      for (const logged of log.inOrder()) inOrder.push({ ...logged })
      assert.deepEqual(
        inOrder,
        given
          .toSorted((a, b) => a.time - b.time || a.ref - b.ref)
          .map((logged) => (hasStarts ? logged : { ...logged, startMs: Number.NaN })),
      )
    }),
  )
})

test('what has no time cannot be put in order, and is counted', () => {
  const log = new SampleLog(anySink)
  const batch = sampleBatch(2)
  batch.length = 2
  batch.timesMs.set([Number.NaN, 15_000])
  assert.equal(log.append(batch).accepted, 1)
  assert.equal(log.untimed, 1)
  assert.equal([...log.inOrder()].length, 1)
})

test('series are resolved by the sink the samples go to', () => {
  const log = new SampleLog(anySink)
  assert.equal(log.generation, anySink.generation)
  assert.equal(log.resolve(labelsOf([]), { source: 'file', region: undefined }), unwantedSeries)
})

const anySink: SampleSink = {
  generation: 3,
  resolve: () => unwantedSeries,
  resolveHistogram: () => undefined,
  append: () => assert.fail('a log keeps its samples'),
  appendDeltas: () => assert.fail('a log keeps its samples'),
  noteExemplar: () => assert.fail('a log keeps no examples'),
  noteUncertain: () => assert.fail('a log keeps no doubts'),
}
