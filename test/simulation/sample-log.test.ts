import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { labelsOf } from '../../src/core/model/labels.ts'
import { type SampleSink, sampleBatch, unwantedSeries } from '../../src/ports/sample-sink.ts'
import { SampleLog } from '../../src/simulation/sample-log.ts'
import { holdsForAll } from '../support/engine-properties.ts'

const sample = fc.tuple(fc.nat(5), fc.nat(500), fc.nat()).map(([ref, time, value]) => ({ ref, time, value }))
const samples = fc.array(sample, { maxLength: 300, size: 'max' })

test('hands over everything it was given in order of time, then of series, then as it came', () => {
  holdsForAll(
    fc.property(samples, (given) => {
      const log = new SampleLog(anySink)
      const batch = sampleBatch(given.length)
      for (const [index, { ref, time, value }] of given.entries()) {
        batch.refs[index] = ref
        batch.timesMs[index] = time
        batch.values[index] = value
      }
      batch.length = given.length
      assert.equal(log.append(batch).accepted, given.length)
      const inOrder = []
      for (const { ref, time, value } of log.inOrder()) inOrder.push({ ref, time, value })
      assert.deepEqual(
        inOrder,
        given.toSorted((a, b) => a.time - b.time || a.ref - b.ref),
      )
    }),
  )
})

test('stale markers are counted and left out', () => {
  const log = new SampleLog(anySink)
  const batch = sampleBatch(2)
  batch.length = 2
  batch.stale[1] = 1
  assert.deepEqual([log.append(batch).staleMarkers, log.append(batch).accepted], [1, 1])
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
}
