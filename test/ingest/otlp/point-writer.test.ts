import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsPerSeriesMax, labelValueBytesMax } from '../../../src/core/model/limits.ts'
import { hourMs, minuteMs } from '../../../src/core/model/units.ts'
import { PointWriter } from '../../../src/ingest/otlp/point-writer.ts'
import { seriesAllowance } from '../../../src/ingest/series-allowance.ts'
import { MetricsReader } from '../../../src/ingest/wire/otlp-metrics.ts'
import { recordingMeter } from '../../support/delivery-recorders.ts'
import {
  attributes,
  cumulative,
  delta,
  encodeExport,
  exportOf,
  type MadeMetric,
  nanos,
} from '../../support/ingest-otlp-messages.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'

const manyAttributes = attributes(
  Object.fromEntries(Array.from({ length: labelsPerSeriesMax + 1 }, (_, index) => [`k${index}`, 'v'])),
)

const resource = { 'service.name': 'shop', 'service.instance.id': 'a', 'cloud.region': 'eu-west-1' }

function writer(bounds: readonly number[] = []) {
  const sink = new RecordingSink()
  const allowance = seriesAllowance()
  sink.bounds = bounds
  const meter = recordingMeter()
  const labels = { resourceAttributes: [], translation: 'underscore' } as const
  const origin = { source: 'otel', region: undefined }
  const points = new PointWriter({ origin, sink, meter, allowance, labels })
  const reader = new MetricsReader(points)
  const write = (metrics: readonly MadeMetric[], now = 1_000_000) => {
    points.begin(now)
    assert.equal(reader.read(encodeExport(exportOf(metrics, resource))), undefined)
    return points.end()
  }
  return { sink, points, reader, write, meter, allowance }
}

const shared = 'cloud_region="eu-west-1",'
const shownLabels = 'instance="a",job="shop",otel_scope_name="test",service_name="shop"'
const start = 1_000

/** What every point of these tests has. */
function point(at: number, more: object = {}): object {
  return { attributes: attributes({ 'a.b': 'x' }), startTimeUnixNano: nanos(start), timeUnixNano: nanos(at), ...more }
}

function sum(dataPoints: readonly object[], aggregationTemporality = cumulative, isMonotonic = true): MadeMetric {
  return { name: 'http.server.requests', unit: '{request}', sum: { dataPoints, aggregationTemporality, isMonotonic } }
}

function histogram(dataPoints: readonly object[], aggregationTemporality = cumulative): MadeMetric {
  return { name: 'http.server.request.duration', unit: 's', histogram: { dataPoints, aggregationTemporality } }
}

function exponentialHistogram(dataPoints: readonly object[], aggregationTemporality = cumulative): MadeMetric {
  return { name: 'rpc', unit: 's', exponentialHistogram: { dataPoints, aggregationTemporality } }
}

test('a monotonic cumulative sum is a counter, named as Prometheus would, its labels read once', () => {
  const { sink, write } = writer()
  const summary = write([sum([point(60_000, { asInt: '7' })])])
  assert.equal(summary.received, 1)
  const series = `http_server_requests_total{a_b="x",${shared}${shownLabels}}`
  assert.deepEqual(sink.samples, [{ series, timeMs: 60_000, value: 7, stale: false }])
  assert.deepEqual(sink.starts, [start])
  write([sum([point(75_000, { asDouble: 8.5 })])])
  assert.equal(sink.samples[1]?.value, 8.5)
  assert.equal(sink.resolved.length, 1)
})

test('a sum that may fall is a gauge without a start, and a gauge of unit 1 a ratio', () => {
  const { sink, write } = writer()
  write([
    sum([point(60_000, { asInt: '-3' })], cumulative, false),
    { name: 'cpu', unit: '1', gauge: { dataPoints: [point(60_000, { asDouble: 0.5 })] } },
  ])
  assert.deepEqual(
    sink.resolved.map(({ labels }) => labels.get('__name__')),
    ['http_server_requests', 'cpu_ratio'],
  )
  assert.deepEqual(sink.starts, [Number.NaN, Number.NaN])
})

test('deltas are intervals, whose events nobody else may count', () => {
  const { sink, write } = writer()
  write([sum([point(60_000, { asInt: '7' })], delta)])
  const series = `http_server_requests_total{a_b="x",${shared}${shownLabels}}`
  assert.deepEqual(sink.deltas, [{ series, startMs: start, timeMs: 60_000, value: 7 }])
  assert.deepEqual(sink.samples, [])
})

test('an interval within a millisecond is of the one that ends then', () => {
  const { sink, write } = writer()
  write([sum([{ startTimeUnixNano: '5000000001', timeUnixNano: '5000000900', asInt: '2' }], delta)])
  write([sum([{ startTimeUnixNano: nanos(6_000), timeUnixNano: nanos(6_000), asInt: '3' }], delta)])
  assert.deepEqual(
    sink.deltas.map(({ startMs, timeMs, value }) => [startMs, timeMs, value]),
    [
      [4_999, 5_000, 2],
      [5_999, 6_000, 3],
    ],
  )
})

/** A metric nothing can be made of, and the reason. */
const refusedTable: readonly (readonly [string, MadeMetric, string, RegExp])[] = [
  [
    'a delta without a start',
    sum([{ timeUnixNano: nanos(5), asInt: '1' }], delta),
    'delta_without_start',
    /start_time_unix_nano/,
  ],
  ['a delta that starts after it ends', sum([point(900, { asInt: '1' })], delta), 'malformed', /after its time/],
  [
    'a delta of a value that may fall',
    sum([point(60_000, { asInt: '1' })], delta, false),
    'delta_up_down',
    /cumulative/,
  ],
  ['a sum without temporality', sum([point(60_000, { asInt: '1' })], 0), 'no_temporality', /http\.server\.requests/],
  ['a point without a time', sum([{ asInt: '1' }]), 'malformed', /without a time/],
  ['a point without a value', sum([point(60_000)]), 'malformed', /without a value/],
  ['a metric without a name', { gauge: { dataPoints: [point(1, { asInt: '1' })] } }, 'no_metric_name', /no name/],
  ['a histogram without temporality', histogram([point(60_000, { count: '1' })], 0), 'no_temporality', /temporality/],
  [
    'bounds that do not rise',
    histogram([point(60_000, { count: '1', bucketCounts: ['1', '0', '0'], explicitBounds: [2, 1] })]),
    'malformed',
    /do not rise/,
  ],
  [
    'counts that do not fit the bounds',
    histogram([point(60_000, { count: '1', bucketCounts: ['1'], explicitBounds: [2, 1] })]),
    'malformed',
    /one more than/,
  ],
  [
    'an attribute that is too long',
    sum([{ ...point(60_000), asInt: '1', attributes: attributes({ a: 'x'.repeat(labelValueBytesMax + 1) }) }]),
    'label_value_too_long',
    /label a/,
  ],
  [
    'too many attributes',
    sum([{ ...point(60_000), asInt: '1', attributes: manyAttributes }]),
    'too_many_labels',
    new RegExp(String(labelsPerSeriesMax)),
  ],
]

for (const [what, metric, reason, detail] of refusedTable) {
  test(`refuses ${what} with the reason, and takes the points beside it`, () => {
    const { write, sink, meter } = writer([1])
    const summary = write([metric, { name: 'good', gauge: { dataPoints: [point(60_000, { asInt: '4' })] } }])
    assert.deepEqual([...summary.rejected], [[reason, 1]])
    assert.match([...summary.details.values()].join(), detail)
    assert.equal(summary.received, 2)
    assert.equal(sink.samples.at(-1)?.value, 4)
    assert.equal(meter.values.get(`sloburn_ingest_rejected_samples_total{source="otel",reason="${reason}"}`), 1)
  })
}

test('a histogram is its count, its sum and its buckets, each exact, the count first', () => {
  const { sink, write } = writer()
  const buckets = { bucketCounts: ['1', '2', '3', '4'], explicitBounds: [0.1, 0.25, 1] }
  write([histogram([point(60_000, { count: '10', sum: 12.5, ...buckets })])])
  assert.deepEqual(
    sink.samples.map(({ series, value }) => [/le="([^"]*)"/.exec(series)?.[1] ?? series.split('{')[0], value]),
    [
      ['http_server_request_duration_seconds_count', 10],
      ['http_server_request_duration_seconds_sum', 12.5],
      ['0.1', 1],
      ['0.25', 3],
      ['1', 6],
      ['+Inf', 10],
    ],
  )
  assert.deepEqual(sink.uncertain, [])
})

test('a bound that an SLO asks for and a histogram does not have is missed, not estimated', () => {
  const { sink, write } = writer()
  sink.unwanted = (labels) => labels.has('le') && labels.get('le') !== '0.3'
  write([histogram([point(60_000, { count: '10', bucketCounts: ['2', '8'], explicitBounds: [0.25] })])])
  assert.deepEqual(
    sink.samples.map(({ value }) => value),
    [10],
  )
  assert.deepEqual(
    sink.resolved.map(({ labels }) => labels.get('le')),
    [undefined, undefined, '0.25', '+Inf'],
    'whoever watches for missing buckets is told of those there are',
  )
})

test('a histogram whose bounds change is counted by its new ones', () => {
  const { sink, write } = writer()
  sink.unwanted = (labels) => labels.has('le') && labels.get('le') !== '0.3'
  write([histogram([point(60_000, { count: '10', bucketCounts: ['2', '8'], explicitBounds: [0.25] })])])
  write([histogram([point(75_000, { count: '11', bucketCounts: ['4', '7'], explicitBounds: [0.3] })])])
  assert.deepEqual(
    sink.samples.map(({ value }) => value),
    [10, 11, 4],
  )
})

test('a histogram without buckets is its count and sum', () => {
  const { sink, write } = writer()
  write([histogram([point(60_000, { count: '10', sum: 2 })])])
  assert.deepEqual(
    sink.samples.map(({ value }) => value),
    [10, 2, 10],
  )
})

test('a histogram of an interval is booked as intervals of its counters', () => {
  const { sink, write } = writer([1])
  write([histogram([point(60_000, { count: '10', sum: 3, bucketCounts: ['4', '6'], explicitBounds: [1] })], delta)])
  assert.deepEqual(
    sink.deltas.map(({ series, startMs, timeMs, value }) => [series.split('{')[0], startMs, timeMs, value]),
    [
      ['http_server_request_duration_seconds_count', start, 60_000, 10],
      ['http_server_request_duration_seconds_sum', start, 60_000, 3],
      ['http_server_request_duration_seconds_bucket', start, 60_000, 4],
      ['http_server_request_duration_seconds_bucket', start, 60_000, 10],
    ],
  )
})

test('two points of one histogram in one request reach the sink one after the other', () => {
  const { sink, write } = writer([1])
  const buckets = { bucketCounts: ['1', '1'], explicitBounds: [1] }
  write([histogram([point(60_000, { count: '2', ...buckets }), point(75_000, { count: '2', ...buckets })])])
  assert.deepEqual(
    sink.samples.map(({ timeMs }) => timeMs),
    [60_000, 60_000, 60_000, 75_000, 75_000, 75_000],
  )
})

test('an exponential histogram counts by its buckets, which OpenTelemetry numbers one lower', () => {
  const { sink, write } = writer([1, 2])
  // Scale 0: buckets 0 and 1 are (1, 2] and (2, 4].
  const positive = { offset: 0, bucketCounts: ['3', '4'] }
  write([exponentialHistogram([point(60_000, { count: '9', sum: 20, scale: 0, zeroCount: '2', positive })])])
  const bucket = (le: string) => sink.samples.find(({ series }) => series.includes(`le="${le}"`))?.value
  assert.deepEqual([bucket('1'), bucket('2')], [2, 5])
})

test('the resolution of a cumulative exponential histogram may fall without its counters falling', () => {
  const { sink, write } = writer([1.5])
  const at = (time: number, scale: number, positive: object, count: string) =>
    write([exponentialHistogram([point(time, { count, scale, positive })])])
  at(60_000, 1, { offset: 0, bucketCounts: ['8', '0'] }, '8')
  at(75_000, 0, { offset: 0, bucketCounts: ['8'] }, '8')
  at(90_000, 0, { offset: 0, bucketCounts: ['9'] }, '9')
  const values = sink.samples.filter(({ series }) => series.includes('le="1.5"')).map(({ value }) => value)
  assert.equal(values[0], 8)
  assert.equal(values[1], 8)
  assert.ok((values[2] ?? 0) > 8)
})

/** What is counted up to 1.1 of a histogram that halves its resolution, with a late point before the last or without. */
function countedUpTo1_1(isLateSent: boolean): number | undefined {
  const { sink, write } = writer([1.1])
  const at = (time: number, scale: number, bucketCounts: readonly string[], count: string) =>
    write([exponentialHistogram([point(time, { count, scale, positive: { offset: 0, bucketCounts } })])])
  // Bucket 0 of scale 2 is (1, 1.19], bucket 0 of scale 1 (1, 1.41].
  at(60_000, 2, ['8', '0'], '8')
  at(75_000, 1, ['8'], '8')
  if (isLateSent) at(45_000, 1, ['6'], '6')
  at(90_000, 1, ['8', '4'], '12')
  return sink.samples.findLast(({ series }) => series.includes('le="1.1"'))?.value
}

test('an exponential histogram that comes late leaves the counters after it as they are', () => {
  assert.equal(countedUpTo1_1(true), countedUpTo1_1(false))
})

test('a summary is a counter of events and one of their sum, and a gauge for each quantile', () => {
  const { sink, write } = writer()
  const quantileValues = [{ quantile: 0.99, value: 1.5 }]
  write([{ name: 'gc', unit: 's', summary: { dataPoints: [point(60_000, { count: '3', sum: 4, quantileValues })] } }])
  assert.deepEqual(
    sink.samples.map(({ series, value }) => [
      series.replace(/\{.*quantile="([^"]*)".*/, ' $1').replace(/\{.*/, ''),
      value,
    ]),
    [
      ['gc_seconds_count', 3],
      ['gc_seconds_sum', 4],
      ['gc_seconds 0.99', 1.5],
    ],
  )
})

test('no recorded value is the end of what is cumulative, and nothing to a delta', () => {
  const { sink, write } = writer([1])
  write([sum([point(60_000, { asInt: '1' })]), histogram([point(60_000, { count: '1' })])])
  sink.take()
  const summary = write([
    sum([point(75_000, { flags: 1 })]),
    histogram([point(75_000, { flags: 1 })]),
    sum([point(75_000, { flags: 1 })], delta),
  ])
  assert.deepEqual(
    sink.samples.map(({ stale }) => stale),
    [true, true, true, true],
  )
  assert.deepEqual(sink.deltas, [])
  assert.equal(summary.rejected.size, 0)
})

test('exemplars reach the sink with their trace, of wanted series only', () => {
  const { sink, write } = writer([1])
  const exemplars = [
    {
      timeUnixNano: nanos(59_000),
      asDouble: 2.5,
      traceId: Buffer.alloc(16, 0xab).toString('base64'),
      spanId: Buffer.alloc(8, 1).toString('base64'),
    },
  ]
  const data = histogram([point(60_000, { count: '1', bucketCounts: ['0', '1'], explicitBounds: [1], exemplars })])
  write([data])
  const exemplar = { atMs: 59_000, value: 2.5, traceId: 'ab'.repeat(16), spanId: '01'.repeat(8) }
  assert.deepEqual(
    sink.exemplars.map((noted) => noted.exemplar),
    [exemplar],
  )
  assert.match(sink.exemplars[0]?.series ?? '', /^http_server_request_duration_seconds\{/)
})

test('series of two scopes, or of two metrics, with the same attributes are told apart', () => {
  const { sink, reader, points } = writer()
  const metrics = ['a', 'b'].map((name) => ({ name, gauge: { dataPoints: [point(60_000, { asInt: '1' })] } }))
  const scopeMetrics = ['one', 'two'].map((name) => ({ scope: { name }, metrics }))
  for (const round of [1, 2]) {
    points.begin(round)
    assert.equal(reader.read(encodeExport({ resourceMetrics: [{ scopeMetrics }] })), undefined)
    points.end()
  }
  assert.equal(sink.resolved.length, 4)
  assert.equal(new Set(sink.samples.map(({ series }) => series)).size, 4)
})

test('after a change of rules every series is asked for again, and nothing else is', () => {
  const { sink, write } = writer([1])
  const metrics = [sum([point(60_000, { asInt: '1' })]), histogram([point(60_000, { count: '1' })])]
  write(metrics)
  const asked = sink.resolved.length
  write(metrics)
  assert.equal(sink.resolved.length, asked)
  sink.generation++
  write(metrics)
  assert.equal(sink.resolved.length, 2 * asked)
})

test('series that nobody wants are looked up and forgotten, and cost no sample', () => {
  const { sink, write, meter } = writer()
  sink.unwanted = () => true
  write([sum([point(60_000, { asInt: '1' })]), sum([point(60_000, {})])])
  assert.deepEqual(sink.samples, [])
  assert.equal(meter.values.get('sloburn_ingest_series{source="otel",wanted="false"}'), 1)
  assert.equal(meter.values.get('sloburn_ingest_series{source="otel",wanted="true"}'), 0)
})

function countOf(value: string): MadeMetric {
  return sum([{ ...point(60_000, { asInt: '1' }), attributes: attributes({ k: value }) }])
}

function histogramCalled(name: string): MadeMetric {
  return { ...histogram([point(60_000, { count: '1', bucketCounts: ['1', '0'], explicitBounds: [1] })]), name }
}

test('beyond the allowance new series are refused and known ones go on; those gone for an hour make room', () => {
  const { write, allowance, sink } = writer()
  write([countOf('1')], 0)
  allowance.seriesLeft = 1
  write([countOf('2')], minuteMs)
  const refused = write([countOf('3'), countOf('1')], 2 * minuteMs)
  assert.deepEqual([...refused.rejected], [['series_limit', 1]])
  const later = write([countOf('1')], 62 * minuteMs + hourMs)
  assert.equal(later.rejected.size, 0)
  assert.equal(write([countOf('3')], 62 * minuteMs + hourMs + 1).rejected.size, 0)
  assert.ok(sink.samples.length >= 5)
})

test('what was forgotten and what stays are told apart by their new numbers', () => {
  const { write, sink, allowance } = writer([1])
  const names = ['a', 'b', 'c', 'd']
  write(names.map(histogramCalled), 0)
  write(['b', 'd'].map(histogramCalled), 50 * minuteMs)
  allowance.seriesLeft = 0
  assert.equal(write([histogramCalled('e')], 60 * minuteMs).rejected.get('series_limit'), 1)
  sink.take()
  sink.unwanted = (labels) => labels.get('le') === '+Inf'
  write(['d', 'b'].map(histogramCalled), 70 * minuteMs)
  assert.deepEqual(
    sink.samples.map(({ series }) => series.split('{')[0]),
    ['d_seconds_count', 'b_seconds_count', 'd_seconds_bucket', 'b_seconds_bucket'],
  )
  assert.equal(allowance.seriesLeft, 2, 'a and c were given back')
})
