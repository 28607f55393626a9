import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatLabels } from '../../../src/core/model/labels.ts'
import { expositionLabels } from '../../../src/ingest/wire/exposition-labels.ts'
import { parseProtobufExposition } from '../../../src/ingest/wire/exposition-protobuf.ts'
import type { MetricVisitor } from '../../../src/ingest/wire/exposition-protobuf-parts.ts'
import { isRefusal } from '../../../src/ingest/wire/label-collector.ts'
import type { Exemplar } from '../../../src/ports/sample-sink.ts'
import { holdsForAll } from '../../support/engine-properties.ts'
import { pairs, protobufPage } from '../../support/ingest-metric-families.ts'

function read(bytes: Uint8Array) {
  const lines: string[] = []
  const histograms: { series: string; sample: Parameters<MetricVisitor['histogram']>[0] }[] = []
  const exemplars: (Exemplar & { series: string })[] = []
  const problems: string[] = []
  let series = ''
  parseProtobufExposition(bytes, {
    series: (key, start, end) => {
      const labels = expositionLabels(key, start, end)
      if (isRefusal(labels)) return labels
      series = formatLabels(labels)
      return undefined
    },
    sample: (timeMs, value, _stale, startMs = Number.NaN) => {
      const times = [timeMs, startMs].map((time) => (Number.isNaN(time) ? '-' : String(time))).join(' ')
      lines.push(`${series} ${value} @ ${times}`)
    },
    histogram: (sample) => histograms.push({ series, sample }),
    histogramRefused: ({ detail }) => problems.push(detail),
    exemplar: (exemplar) => exemplars.push({ series, ...exemplar }),
    problem: ({ detail }) => problems.push(detail),
  })
  return { lines, histograms, exemplars, problems }
}

const created = { seconds: 1_767_225_600, nanos: 250_000_000 }

test('reads counters with their start and example, gauges and untyped values', () => {
  const page = protobufPage(
    {
      name: 'requests_total',
      type: 0,
      metric: [
        {
          label: pairs({ code: '200', path: 'a"\\\nb' }),
          counter: {
            value: 7.5,
            createdTimestamp: created,
            exemplar: {
              label: pairs({ trace_id: 'abc', spanId: 'def' }),
              value: 1,
              timestamp: { seconds: 1_767_225_601 },
            },
          },
          timestampMs: 1_767_225_602_000,
        },
      ],
    },
    { name: 'temperature', type: 1, metric: [{ gauge: { value: -3 } }] },
    { name: 'whatever', type: 3, metric: [{ label: pairs({ ä: 'ö' }), untyped: { value: 1 } }] },
  )
  const { lines, exemplars, problems } = read(page)
  assert.deepEqual(problems, [])
  assert.deepEqual(lines, [
    'requests_total{code="200",path="a\\"\\\\\\nb"} 7.5 @ 1767225602000 1767225600250',
    'temperature -3 @ - -',
    'whatever{ä="ö"} 1 @ - -',
  ])
  assert.deepEqual(exemplars, [
    {
      series: lines[0].slice(0, lines[0].indexOf(' 7.5')),
      atMs: 1_767_225_601_000,
      value: 1,
      traceId: 'abc',
      spanId: 'def',
    },
  ])
})

test('reads summaries and classic histograms as the series of a text page', () => {
  const page = protobufPage(
    {
      name: 'lag',
      type: 2,
      metric: [
        {
          summary: {
            sampleCount: 4,
            sampleSum: 2.5,
            quantile: [{ quantile: 0.5, value: 0.25 }],
            createdTimestamp: created,
          },
        },
      ],
    },
    {
      name: 'took_seconds',
      type: 4,
      metric: [
        {
          label: pairs({ job: 'x' }),
          histogram: {
            sampleCount: 9,
            sampleSum: 3,
            bucket: [
              { cumulativeCount: 4, upperBound: 0.1, exemplar: { label: pairs({ traceID: 't' }), value: 0.05 } },
              { cumulativeCount: 6, upperBound: 1 },
            ],
            createdTimestamp: created,
          },
        },
      ],
    },
  )
  const { lines, exemplars, histograms } = read(page)
  assert.deepEqual(lines, [
    'lag{quantile="0.5"} 0.25 @ - -',
    'lag_sum 2.5 @ - 1767225600250',
    'lag_count 4 @ - 1767225600250',
    'took_seconds_count{job="x"} 9 @ - 1767225600250',
    'took_seconds_sum{job="x"} 3 @ - 1767225600250',
    'took_seconds_bucket{job="x",le="0.1"} 4 @ - 1767225600250',
    'took_seconds_bucket{job="x",le="1"} 6 @ - 1767225600250',
    'took_seconds_bucket{job="x",le="+Inf"} 9 @ - 1767225600250',
  ])
  assert.deepEqual(
    exemplars.map(({ series, traceId, atMs }) => [series, traceId, atMs]),
    [['took_seconds_bucket{job="x",le="0.1"}', 't', Number.NaN]],
  )
  assert.deepEqual(histograms, [])
})

test('reads native histograms: integer deltas, float counts, gaps, the zero bucket and both signs', () => {
  const { histograms, problems, lines } = read(
    protobufPage(
      metric({
        sampleCount: 12,
        sampleSum: 5,
        schema: 3,
        zeroThreshold: 0.001,
        zeroCount: 2,
        positiveSpan: [
          { offset: -2, length: 2 },
          { offset: 1, length: 1 },
        ],
        positiveDelta: [1, 2, -1],
        negativeSpan: [{ offset: 4, length: 1 }],
        negativeDelta: [4],
        createdTimestamp: created,
      }),
      metric({ sampleCountFloat: 2.5, schema: -1, positiveSpan: [{ offset: 0, length: 1 }], positiveCount: [2.5] }),
    ),
  )
  assert.deepEqual(problems, [])
  assert.deepEqual(lines, [])
  const [first, second] = histograms.map(({ sample }) => sample)
  assert.equal(first.startMs, 1_767_225_600_250)
  assert.deepEqual(first.histogram, {
    schema: 3,
    count: 12,
    sum: 5,
    zeroThreshold: 0.001,
    zeroCount: 2,
    positive: { offset: -2, counts: [1, 3, 0, 2] },
    negative: { offset: 4, counts: [4] },
  })
  assert.deepEqual([second.histogram.count, second.histogram.positive], [2.5, { offset: 0, counts: [2.5] }])
})

test('gives classic buckets first where a histogram has both, and counts no gauge histogram', () => {
  const both = {
    sampleCount: 2,
    sampleSum: 1,
    bucket: [{ cumulativeCount: 1, upperBound: 0.5 }],
    schema: 0,
    zeroThreshold: 1e-128,
    positiveSpan: [{ offset: 0, length: 1 }],
    positiveDelta: [2],
  }
  const { lines, histograms, problems } = read(
    protobufPage(
      { name: 'a', type: 4, metric: [{ histogram: both }] },
      { name: 'b', type: 5, metric: [{ histogram: both }] },
    ),
  )
  assert.deepEqual(
    histograms.map(({ series }) => series),
    ['a'],
  )
  assert.ok(lines.includes('a_bucket{le="0.5"} 1 @ - -') && lines.includes('b_gcount 2 @ - -'), lines.join('\n'))
  assert.deepEqual(problems, ['a gauge histogram, which counts no events'])
})

test('says what is wrong with a page, and keeps what was before it', () => {
  const good = protobufPage({ name: 'a', type: 1, metric: [{ gauge: { value: 1 } }] })
  const spans = {
    name: 'n',
    type: 4,
    metric: [{ histogram: { positiveSpan: [{ offset: 0, length: 4 }], positiveDelta: [1] } }],
  }
  for (const [bytes, expected] of [
    [Buffer.concat([good, Buffer.from([9, 1])]), /runs past the end/],
    [Buffer.concat([good, protobufPage({ type: 1 })]), /without a name/],
    [Buffer.concat([good, protobufPage(spans)]), /not as many as said/],
    [Buffer.concat([good, protobufPage({ name: '', type: 1 })]), /without a name/],
  ] as const) {
    const { lines, problems } = read(bytes)
    assert.deepEqual(lines, ['a 1 @ - -'])
    assert.match(problems.join(), expected)
  }
})

test('never throws and always ends, on random bytes and on good pages with bytes changed', () => {
  const page = protobufPage({
    name: 'took',
    type: 4,
    metric: [
      {
        label: pairs({ a: 'b' }),
        histogram: {
          sampleCount: 3,
          bucket: [{ cumulativeCount: 1, upperBound: 2 }],
          positiveSpan: [{ length: 1 }],
          positiveDelta: [3],
        },
      },
    ],
  })
  const changed = fc
    .array(fc.tuple(fc.nat({ max: page.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 })
    .map((changes) => {
      const bytes = Uint8Array.from(page)
      for (const [at, value] of changes) bytes[at] = value
      return bytes
    })
  holdsForAll(
    fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      read(bytes)
    }),
    3_000,
  )
})

function metric(histogram: object): object {
  return { name: 'took', type: 4, metric: [{ histogram }] }
}
