import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SampleWriter, samplesPerBatch } from '../../src/ingest/sample-writer.ts'
import { seriesAllowance } from '../../src/ingest/series-allowance.ts'
import { expositionLabels } from '../../src/ingest/wire/exposition-labels.ts'
import type { HistogramSample } from '../../src/ingest/wire/series-visitor.ts'
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
  writer.sample(1, -1, false)
  const summary = writer.end()
  assert.deepEqual(sink.samples, [])
  assert.equal(summary.received, 2)
  assert.equal(summary.rejected.size, 0)
  assert.equal(meter.values.get('sloburn_ingest_series{source="test",wanted="false"}'), 1)
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
  writer.histogramRefused({ reason: 'gauge_histogram', detail: 'a gauge' })
  writer.problem({ reason: 'malformed', detail: 'no value', line: 12, text: 'zzz' })
  const { received, rejected, details } = writer.end()
  assert.equal(received, 6)
  assert.deepEqual(Object.fromEntries(rejected), { nan: 1, negative: 1, malformed: 2, gauge_histogram: 1 })
  assert.deepEqual([...details.keys()].toSorted(), ['gauge_histogram', 'malformed'])
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

const histogram: HistogramSample = {
  timeMs: 5_000,
  startMs: 1_000,
  stale: false,
  histogram: {
    schema: 0,
    count: 10,
    sum: 12.5,
    zeroThreshold: 0,
    zeroCount: 1,
    positive: { offset: 0, counts: [4, 5] },
    negative: { offset: 0, counts: [] },
  },
}

test('counts a native histogram as the classic counters that are wanted of it, and says how exact its buckets are', () => {
  const sink = new RecordingSink()
  sink.bounds = [1, 1.5]
  sink.unwanted = (labels) => labels.get('__name__') === 'latency'
  const { writer, meter } = writerTo(sink)
  for (const now of [1, 2]) {
    writer.begin(now)
    write(writer, 'latency{job="x"}', 0, 1)
    writer.histogram(histogram)
    writer.histogram({ ...histogram, timeMs: 6_000, stale: true })
    const { received, histograms, appended } = writer.end()
    assert.deepEqual([received, histograms, appended.accepted, appended.staleMarkers], [3, 2, 4, 4])
  }
  const [count, sum, atMost1, atMost1Half] = sink.take()
  assert.deepEqual(count, { series: 'latency_count{job="x"}', timeMs: 5_000, value: 10, stale: false })
  assert.deepEqual([sum.series, sum.value], ['latency_sum{job="x"}', 12.5])
  assert.deepEqual([atMost1.series, atMost1.value], ['latency_bucket{job="x",le="1"}', 5], 'a bound is exact')
  assert.ok(atMost1Half.value > 5 && atMost1Half.value < 10)
  assert.deepEqual(sink.uncertain[0], { series: 'latency_bucket{job="x",le="1.5"}', uncertain: 5, total: 10 })
  assert.deepEqual(sink.starts.slice(0, 4), [1_000, 1_000, 1_000, 1_000])
  assert.equal(sink.resolved.length, 5, 'a histogram is asked for once')
  assert.equal(meter.values.get('sloburn_ingest_series{source="test",wanted="true"}'), 1)
})

test('counts a histogram whose counters are refused as one sample', () => {
  const sink = new RecordingSink()
  const { writer } = writerTo(sink)
  writer.begin(1)
  write(writer, 'latency', 0)
  writer.histogram({ ...histogram, histogram: { ...histogram.histogram, count: -1, sum: -5 } })
  const { rejected, histogramsRejected } = writer.end()
  assert.deepEqual([Object.fromEntries(rejected), histogramsRejected], [{ negative: 1 }, 1])
})

test('asks for histograms again after a reload, and gives them back when it closes', () => {
  const sink = new RecordingSink()
  const allowance = seriesAllowance()
  const { writer } = writerTo(sink, allowance)
  sink.unwanted = (labels) => labels.get('__name__') === 'latency'
  for (const now of [1, 2]) {
    writer.begin(now)
    write(writer, 'latency', 0)
    writer.histogram(histogram)
    writer.end()
    assert.equal(allowance.wanted, 1)
    sink.generation++
  }
  assert.equal(sink.resolved.filter(({ labels }) => labels.get('__name__') === 'latency_count').length, 2)
  writer.close()
  assert.equal(allowance.wanted, 0)
})

test('passes exemplars of wanted series on, with all labels, and drops the others', () => {
  const sink = new RecordingSink()
  const { writer } = writerTo(sink)
  sink.unwanted = (labels) => labels.get('__name__') === 'other'
  sink.resolveHistogram = () => undefined
  const exemplar = { atMs: 5, value: 0.3, traceId: 'abc', spanId: undefined }
  writer.begin(1)
  for (const key of ['requests_total{code="500"}', 'other']) {
    write(writer, key, 1)
    writer.exemplar(exemplar)
  }
  assert.equal(writer.end().exemplars, 2)
  assert.deepEqual(sink.exemplars, [{ series: 'requests_total{code="500"}', exemplar }])
})

test('hands start times over, and says whether there are any', () => {
  const sink = new RecordingSink()
  const { writer } = writerTo(sink)
  writer.begin(1)
  write(writer, 'a', 1, 10)
  writer.end()
  writer.begin(2)
  write(writer, 'a', 2, 20)
  writer.sample(30, 3, false, 15)
  writer.end()
  assert.deepEqual(sink.starts, [undefined, Number.NaN, 15])
})

test('takes the region from a label that the source names, and where it is missing from the source', () => {
  const sink = new RecordingSink()
  const writer = new SampleWriter({
    origin: { source: 'test', region: 'eu' },
    sink,
    meter: recordingMeter(),
    decodeKey: expositionLabels,
    allowance: seriesAllowance(),
    regionLabel: 'cluster',
  })
  writer.begin(1)
  for (const key of ['a{cluster="us"}', 'b', 'c{cluster="us"}']) write(writer, key, 1)
  writer.end()
  assert.deepEqual(
    sink.resolved.map(({ origin }) => origin.region),
    ['us', 'eu', 'us'],
  )
  assert.equal(sink.resolved[0].origin, sink.resolved[2].origin, 'one for all series of a region')
})

test('a native histogram that halves its resolution counts on from where it was', () => {
  const sink = new RecordingSink()
  sink.bounds = [1.1]
  const { writer } = writerTo(sink)
  const wide = histogram.histogram
  writer.begin(1_000)
  write(writer, 'a', 0, 1)
  // Bucket 1 of schema 2 is (1, 1.19], bucket 1 of schema 1 is (1, 1.41].
  const fine = { ...wide, schema: 2, count: 8, zeroCount: 0, positive: { offset: 1, counts: [4, 4] } }
  const coarse = { ...fine, schema: 1, positive: { offset: 1, counts: [8] } }
  const grown = { ...coarse, count: 12, positive: { offset: 1, counts: [8, 4] } }
  for (const [index, each] of [fine, coarse, grown].entries()) {
    writer.histogram({ ...histogram, timeMs: 1_000 * (index + 1), histogram: each })
  }
  writer.end()
  const counted = sink.samples.filter(({ series }) => series.includes('le=')).map(({ value }) => value)
  assert.equal(new Set(counted).size, 1, `no event moved over the bound: ${counted.join(' ')}`)
})
