import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { labelsOf } from '../../src/core/model/labels.ts'
import { encodeLabels, encodeWriteRequest } from '../../src/export/write-request.ts'
import { readWriteRequest } from '../../src/ingest/wire/remote-write-v1.ts'
import { encodeWriteRequest as encodeByPeer } from '../support/ingest-write-requests.ts'
import { remoteWriteRecorder } from '../support/remote-write-recorder.ts'

/** protobufjs leaves zeros out, which any reader takes for the same; Prometheus writes them. */
const aSeries = fc.record({
  labels: fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'binary', maxLength: 300 })),
  value: fc.double({ noNaN: true }).filter((value) => value !== 0),
})

test('writes the same bytes as protobufjs', () => {
  fc.assert(
    fc.property(fc.array(aSeries), fc.integer({ min: 1, max: 4_102_444_800_000 }), (series, at) => {
      const ours = series.map(({ labels, value }) => ({
        labels: encodeLabels(labelsOf(Object.entries(labels))),
        value,
      }))
      const theirs = series.map(({ labels, value }) => ({
        labels: [...labelsOf(Object.entries(labels))].map(([name, text]) => ({ name, value: text })),
        samples: [{ value, timestamp: at }],
      }))
      assert.deepEqual(encodeWriteRequest(ours, at), encodeByPeer({ timeseries: theirs }))
    }),
  )
})

test('the end of a series is the very NaN that Prometheus takes for one', () => {
  const bytes = encodeWriteRequest([{ labels: encodeLabels([['__name__', 'a']]), value: null }], 5)
  const recorder = remoteWriteRecorder()
  assert.equal(readWriteRequest(bytes, recorder), undefined)
  assert.deepEqual(recorder.told[0]?.samples, [{ timeMs: 5, value: Number.NaN, stale: true }])
  assert.ok(Buffer.from(bytes).toString('hex').includes('020000000000f07f'))
})
