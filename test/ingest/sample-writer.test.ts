import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SampleWriter, samplesPerBatch } from '../../src/ingest/sample-writer.ts'
import { seriesAllowance } from '../../src/ingest/series-allowance.ts'
import { expositionLabels } from '../../src/ingest/wire/exposition-labels.ts'
import { recordingMeter } from '../support/delivery-recorders.ts'
import { RecordingSink } from '../support/ingest-recording-sink.ts'

const encoder = new TextEncoder()

function writerTo(sink: RecordingSink, allowance = seriesAllowance()) {
  const meter = recordingMeter()
  const origin = { source: 'test', region: 'eu' }
  return { meter, writer: new SampleWriter({ origin, sink, meter, decodeKey: expositionLabels, allowance }) }
}

/** Writes one sample as a decoder would. */
function write(writer: SampleWriter, key: string, value: number, timeMs = Number.NaN): void {
  const bytes = encoder.encode(key)
  if (writer.expected(bytes, 0, bytes.length) === bytes.length) writer.takeExpected()
  else writer.series(bytes, 0, bytes.length)
  writer.sample(timeMs, value, false)
}

test('decodes the labels of a series once, however often it comes', () => {
  const sink = new RecordingSink()
  const { writer } = writerTo(sink)
  for (let round = 1; round <= 3; round++) {
    writer.begin(round * 1_000)
    write(writer, 'a{x="1"}', round)
    write(writer, 'b', round)
    writer.end()
  }
  assert.equal(sink.resolved.length, 2)
  assert.deepEqual(sink.resolved[0].origin, { source: 'test', region: 'eu' })
  assert.deepEqual(sink.samples[4], { series: 'a{x="1"}', timeMs: 3_000, value: 3, stale: false })
})

test('asks for all series again when the sink has a new generation, and for those seen only', () => {
  const sink = new RecordingSink()
  const { writer } = writerTo(sink)
  writer.begin(1)
  for (const key of ['a', 'b', 'c']) write(writer, key, 1)
  writer.end()
  sink.generation++
  sink.unwanted = (labels) => labels.get('__name__') === 'a'
  for (const now of [2, 3]) {
    writer.begin(now)
    for (const key of ['a', 'b']) write(writer, key, now)
    writer.end()
  }
  assert.deepEqual(
    sink.resolved.slice(3).map(({ labels }) => labels.get('__name__')),
    ['a', 'b'],
  )
  assert.deepEqual(
    sink.samples.slice(3).map(({ series, value }) => [series, value]),
    [
      ['b', 2],
      ['b', 3],
    ],
  )
})

test('never hands over samples of series that no SLO uses, whatever they are', () => {
  const sink = new RecordingSink()
  sink.unwanted = () => true
  const { writer, meter } = writerTo(sink)
  writer.begin(1)
  write(writer, 'quantile', Number.NaN)
  writer.nativeHistogram()
  const summary = writer.end()
  assert.deepEqual(sink.samples, [])
  assert.equal(summary.received, 2)
  assert.equal(summary.rejected.size, 0)
  assert.equal(meter.values.get('sloburn_ingest_series{source="test",wanted="false"}'), 1)
  assert.equal(meter.values.get('sloburn_ingest_rejected_samples_total{source="test",reason="native_histogram"}'), 1)
})

test('counts what the sink refuses, and what cannot be read, by reason', () => {
  const sink = new RecordingSink()
  const { writer, meter } = writerTo(sink)
  writer.begin(1)
  write(writer, 'a', 1)
  write(writer, 'b', Number.NaN)
  write(writer, 'c', -1)
  write(writer, 'd{', 1)
  write(writer, 'e', 1)
  writer.nativeHistogram()
  writer.problem({ reason: 'malformed', detail: 'no value', line: 12, text: 'zzz' })
  const { received, rejected, details } = writer.end()
  assert.equal(received, 6)
  assert.deepEqual(Object.fromEntries(rejected), { nan: 1, negative: 1, malformed: 2, native_histogram: 1 })
  assert.deepEqual([...details.keys()], ['malformed'])
  assert.equal(meter.values.get('sloburn_ingest_samples_total{source="test"}'), 2)
  assert.equal(meter.values.get('sloburn_ingest_rejected_samples_total{source="test",reason="malformed"}'), 2)
  assert.equal(meter.values.get('sloburn_ingest_series{source="test",wanted="true"}'), 4)
})

test('says in which line the first problem stood', () => {
  const { writer } = writerTo(new RecordingSink())
  writer.begin(1)
  writer.problem({ reason: 'malformed', detail: 'no value', line: 12, text: 'zzz' })
  writer.problem({ reason: 'malformed', detail: 'no value', line: 13, text: 'yyy' })
  assert.equal(writer.end().details.get('malformed'), 'line 12: no value: zzz')
})

test('drops new series above the limit, loudly, and keeps counting the others', () => {
  const sink = new RecordingSink()
  const { writer, meter } = writerTo(sink, { seriesLeft: 2, keyBytesLeft: 100, wanted: 0 })
  for (const now of [1, 2]) {
    writer.begin(now)
    for (const key of ['a', 'b', 'c', 'd']) write(writer, key, now)
    const { rejected } = writer.end()
    assert.deepEqual(Object.fromEntries(rejected), { series_limit: 2 })
  }
  assert.deepEqual(
    sink.samples.map(({ series, value }) => `${series} ${value}`),
    ['a 1', 'b 1', 'a 2', 'b 2'],
  )
  assert.equal(meter.values.get('sloburn_limit_hits_total{limit="seriesPerSourceMax"}'), 4)
})

test('hands over more samples than fit into a batch, in order', () => {
  const sink = new RecordingSink()
  const { writer } = writerTo(sink)
  const count = samplesPerBatch * 2 + 7
  writer.begin(1)
  for (let index = 0; index < count; index++) write(writer, 'a', index, index)
  assert.equal(writer.end().appended.accepted, count)
  assert.ok(sink.samples.every(({ value, timeMs }, index) => value === index && timeMs === index))
})

test('marks the end of series that were there last time and are gone', () => {
  const sink = new RecordingSink()
  const { writer } = writerTo(sink)
  writer.begin(1_000)
  for (const key of ['a', 'b']) write(writer, key, 1)
  write(writer, 'timed', 1, 900)
  writer.endMissing(Number.NEGATIVE_INFINITY)
  writer.end()
  sink.take()
  writer.begin(2_000)
  write(writer, 'b', 2)
  writer.endMissing(1_000)
  assert.equal(writer.end().appended.staleMarkers, 1)
  assert.deepEqual(sink.take(), [
    { series: 'b', timeMs: 2_000, value: 2, stale: false },
    { series: 'a', timeMs: 2_000, value: Number.NaN, stale: true },
  ])
  writer.begin(3_000)
  writer.endMissing(2_000)
  writer.end()
  assert.deepEqual(
    sink.take().map(({ series }) => series),
    ['b'],
    'the end is told once',
  )
})

test('begins anew after a request that was broken off', () => {
  const sink = new RecordingSink()
  const { writer } = writerTo(sink)
  writer.begin(1)
  write(writer, 'a', 1)
  writer.begin(2)
  write(writer, 'a', 2)
  assert.equal(writer.end().received, 1)
  assert.deepEqual(
    sink.samples.map(({ value }) => value),
    [2],
  )
})
