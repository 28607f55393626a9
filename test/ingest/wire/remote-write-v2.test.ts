import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatLabels, labelsOf } from '../../../src/core/model/labels.ts'
import { labelNameBytesMax, labelsPerSeriesMax, labelValueBytesMax } from '../../../src/core/model/limits.ts'
import { WriteRequestV2Reader } from '../../../src/ingest/wire/remote-write-v2.ts'
import { labelList } from '../../support/ingest-write-requests.ts'
import {
  encodeRequestV2,
  type RequestV2,
  requestV2,
  type WrittenSeriesV2,
} from '../../support/ingest-write-requests-v2.ts'
import { remoteWriteRecorder, type ToldSeries } from '../../support/remote-write-recorder.ts'

function read(message: RequestV2 | Uint8Array): { fault: string | undefined; told: ToldSeries[] } {
  const visitor = remoteWriteRecorder()
  const bytes = message instanceof Uint8Array ? message : encodeRequestV2(message)
  return { fault: new WriteRequestV2Reader().read(bytes, visitor), told: visitor.told }
}

const texts = fc.string({ unit: 'grapheme', maxLength: 12 })
const labels = fc
  .dictionary(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), texts, { maxKeys: 6 })
  .map((entries) => labelList({ ...entries, __name__: 'metric' }))
const timestamp = fc.integer({ min: 1, max: 4_000_000_000_000 })
const series: fc.Arbitrary<WrittenSeriesV2> = fc.record({
  labels,
  samples: fc.array(
    fc.record({ value: fc.double(), timestamp, startTimestamp: fc.constantFrom(0, 5, 1_767_225_600_000) }),
    {
      maxLength: 3,
    },
  ),
  exemplars: fc.array(
    fc.record({
      labels: fc.record({ trace_id: fc.stringMatching(/^[0-9a-f]{0,32}$/), user: texts }).map(labelList),
      value: fc.double(),
      timestamp,
    }),
    { maxLength: 2 },
  ),
  help: texts,
  createdTimestamp: fc.constantFrom(0, 9),
})
const requests = fc.array(series, { maxLength: 6 })

test('reads what protobufjs wrote: symbols, samples with start times, exemplars, metadata', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const { fault, told } = read(requestV2(request))
      assert.equal(fault, undefined)
      assert.deepEqual(told, request.map(expectedOf))
    }),
    { numRuns: 300 },
  )
})

function expectedOf({ labels: own, samples = [], exemplars = [], createdTimestamp = 0 }: WrittenSeriesV2): ToldSeries {
  return {
    series: formatLabels(labelsOf(own.map(({ name, value }) => [name, value]))),
    samples: samples.map(({ timestamp: timeMs, value, startTimestamp = 0 }) => {
      const startMs = startTimestamp === 0 ? createdTimestamp : startTimestamp
      return { timeMs, value, stale: false, ...(startMs === 0 ? {} : { startMs }) }
    }),
    histograms: [],
    exemplars: exemplars.map(({ labels: ids, value, timestamp: atMs = 0 }) => {
      return { atMs, value, traceId: ids[0].value, spanId: undefined }
    }),
  }
}

test('reads symbols that stand behind the series, and references written one by one', () => {
  const { symbols, timeseries } = requestV2([
    { labels: labelList({ __name__: 'up', job: 'x' }), samples: [{ value: 1, timestamp: 7 }] },
  ])
  const inOrder = encodeRequestV2({ symbols, timeseries: [] })
  const behind = Buffer.concat([encodeRequestV2({ symbols: [], timeseries }), inOrder])
  assert.equal(read(behind).told[0].series, 'up{job="x"}')
  // Field 1 as varints, one tag each: unpacked.
  const unpacked = Uint8Array.of(0x2a, 0x0c, 0x08, 1, 0x08, 2, 0x08, 3, 0x08, 4, 0x12, 2, 0x10, 7)
  assert.deepEqual(read(Buffer.concat([inOrder, unpacked])).told, [
    {
      series: 'up{job="x"}',
      samples: [{ timeMs: 7, value: 0, stale: false }],
      histograms: [],
      exemplars: [],
    },
  ])
})

test('refuses a series that names a symbol which is not there, or a label without a value, and reads on', () => {
  const good = { labels: labelList({ __name__: 'up' }), samples: [{ value: 1, timestamp: 7 }] }
  const request = requestV2([good, good, good])
  request.timeseries[0].labelsRefs = [1, 99]
  request.timeseries[1].labelsRefs = [1, 2, 1]
  assert.deepEqual(
    read(request).told.map(({ series: told, samples }) => [told, samples.length]),
    [
      ['symbol_missing: symbol 99 of 3', 1],
      ['malformed: a label name without a value', 1],
      ['up', 1],
    ],
  )
})

const sample = [{ value: 1, timestamp: 7 }]

test('refuses labels beyond the limits without writing them out', () => {
  const long = { labels: labelList({ __name__: 'up', path: 'x'.repeat(labelValueBytesMax + 1) }), samples: sample }
  const longName = { labels: labelList({ __name__: 'up', ['x'.repeat(labelNameBytesMax + 1)]: '1' }), samples: sample }
  const many = Object.fromEntries(Array.from({ length: labelsPerSeriesMax }, (_, index) => [`l${index}`, '1']))
  const tooMany = { labels: labelList({ __name__: 'up', ...many }), samples: sample }
  assert.deepEqual(
    read(requestV2([long, longName, tooMany])).told.map(({ series: told }) => told.split(':')[0]),
    ['label_value_too_long', 'label_name_too_long', 'too_many_labels'],
  )
})

test('stops at a request whose few symbols would make too many bytes of labels', () => {
  const value = 'x'.repeat(labelValueBytesMax)
  const names = Array.from({ length: labelsPerSeriesMax - 1 }, (_, index) => `l${index}`)
  const wide = labelList({ __name__: 'up', ...Object.fromEntries(names.map((name) => [name, value])) })
  const { symbols, timeseries } = requestV2([{ labels: wide, samples: sample }])
  const { fault, told } = read({ symbols, timeseries: Array.from({ length: 1_500 }, () => timeseries[0]) })
  assert.match(fault ?? '', /labels of more than 268435456 bytes/)
  assert.ok(told.length > 900 && told.length < 1_100, String(told.length))
})

test('never throws or hangs on random, truncated or mutated bytes', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 })
  fc.assert(
    fc.property(requests, changes, fc.nat(), (request, mutations, cut) => {
      const bytes = encodeRequestV2(requestV2(request))
      for (const [at, byte] of mutations) if (bytes.length > 0) bytes[at % bytes.length] = byte
      const { fault, told } = read(bytes.subarray(0, cut % (bytes.length + 1)))
      assert.ok(fault === undefined || /at byte \d+$/.test(fault), fault)
      assert.ok(told.reduce((sum, { samples }) => sum + samples.length, 0) <= bytes.length)
    }),
    { numRuns: 1_000 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void read(bytes)),
    { numRuns: 2_000 },
  )
})
