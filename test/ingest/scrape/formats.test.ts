import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { labelsOf } from '../../../src/core/model/labels.ts'
import { SampleWriter } from '../../../src/ingest/sample-writer.ts'
import type { PageFormat } from '../../../src/ingest/scrape/fetch-exposition.ts'
import { readPage } from '../../../src/ingest/scrape/read-page.ts'
import { targetLabels } from '../../../src/ingest/scrape/target-labels.ts'
import { seriesAllowance } from '../../../src/ingest/series-allowance.ts'
import { silentMeter } from '../../../src/ports/meter.ts'
import { holdsForAll } from '../../support/engine-properties.ts'
import { asOpenMetrics, asProtobuf, asText, type MadePage } from '../../support/ingest-formats.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'

const encoder = new TextEncoder()
const at = 1_767_225_600_000
const settings = { honorTimestamps: true, samplesMax: Number.POSITIVE_INFINITY }

function writing() {
  const sink = new RecordingSink()
  const starts = new Map<string, number>()
  const append = sink.append.bind(sink)
  sink.append = (batch) => {
    for (let index = 0; index < batch.length; index++) {
      if (batch.hasStarts) starts.set([...sink.resolved[batch.refs[index]].labels].join(' '), batch.startsMs[index])
    }
    return append(batch)
  }
  const writer = new SampleWriter({
    origin: { source: 'shop', region: undefined },
    sink,
    meter: silentMeter,
    decodeKey: targetLabels(labelsOf([['job', 'shop']]), false),
    allowance: seriesAllowance(),
  })
  const read = (bytes: Uint8Array, format: PageFormat, until = Number.NEGATIVE_INFINITY, more = {}) => {
    return readPage(writer, { bytes, format }, at, until, { ...settings, ...more })
  }
  return { sink, starts, read }
}

const madePage: fc.Arbitrary<MadePage> = fc.record({
  counters: fc.uniqueArray(
    fc.record({
      code: fc.stringMatching(/^[0-9a-z ]{1,5}$/),
      value: fc.nat({ max: 1e9 }),
      createdMs: fc.nat({ max: at }),
    }),
    { maxLength: 5, selector: ({ code }) => code.trim() },
  ),
  gauge: fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
  buckets: fc
    .uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 })
    .map((bounds) => bounds.toSorted((a, b) => a - b).map((bound, index) => [bound / 8, index * 3] as const)),
  count: fc.nat({ max: 1_000 }),
  sum: fc.integer({ min: 0, max: 9_999 }).map((value) => value / 16),
})

test('one registry in text, OpenMetrics and protobuf gives the same samples', () => {
  holdsForAll(
    fc.property(madePage, (made) => {
      const text = all(encoder.encode(asText(made)), 'text')
      assert.deepEqual(all(encoder.encode(asOpenMetrics(made)), 'openmetrics'), text)
      assert.deepEqual(all(asProtobuf(made), 'protobuf'), text)
    }),
    300,
  )
})

const made: MadePage = {
  counters: [
    { code: '200', value: 5, createdMs: at - 60_000 },
    { code: '500', value: 1, createdMs: at - 500 },
  ],
  gauge: 1,
  buckets: [
    [0.5, 2],
    [1, 3],
  ],
  count: 4,
  sum: 2,
}

for (const [format, bytes] of [
  ['openmetrics', encoder.encode(asOpenMetrics(made))],
  ['protobuf', asProtobuf(made)],
] as const) {
  test(`${format}: hands over since when a counter counts, and examples once`, () => {
    const { sink, starts, read } = writing()
    const first = read(bytes, format)
    assert.equal(starts.get('__name__,requests_total code,200 job,shop'), at - 60_000)
    assert.equal(starts.get('__name__,requests_total code,500 job,shop'), at - 500)
    assert.ok(Number.isNaN(starts.get('__name__,load job,shop')))
    assert.deepEqual(
      sink.exemplars.map(({ series, exemplar }) => [series, exemplar.traceId, exemplar.value, exemplar.atMs]),
      [
        ['took_bucket{job="shop",le="0.5"}', 't2', 0.5, at],
        ['took_bucket{job="shop",le="1"}', 't3', 1, at],
      ],
    )
    assert.equal(first.hasNative, false)
  })
}

test('offers an example that has a time only until a newer one comes', () => {
  const { sink, read } = writing()
  const first = read(page('x', 100), 'openmetrics')
  const second = read(page('x', 100), 'openmetrics', first.exemplarsUntil)
  read(page('y', 101), 'openmetrics', second.exemplarsUntil)
  assert.deepEqual(
    sink.exemplars.map(({ exemplar }) => exemplar.traceId),
    ['x', 'y'],
  )
})

test('takes the time of the scrape where times of the page are not to be honoured', () => {
  const { sink, read } = writing()
  read(encoder.encode('a 1 5\n'), 'text', 0, { honorTimestamps: false })
  assert.deepEqual(
    sink.samples.map(({ timeMs }) => timeMs),
    [at],
  )
})

test('takes nothing of a page with more samples than allowed, in any format', () => {
  for (const [format, bytes] of [
    ['text', encoder.encode(asText(made))],
    ['protobuf', asProtobuf(made)],
  ] as const) {
    const { sink, read } = writing()
    const { overLimit, problem } = read(bytes, format, 0, { samplesMax: 7 })
    assert.deepEqual([overLimit, problem, sink.samples.length], [true, 'more than 7 samples', 0])
    assert.equal(read(bytes, format, 0, { samplesMax: 8 }).overLimit, false)
  }
})

/** Every sample of a page, in one line each. */
function all(bytes: Uint8Array, format: PageFormat): string[] {
  const { sink, read } = writing()
  const { summary } = read(bytes, format)
  assert.deepEqual([...summary.details.values()], [])
  return sink.samples
    .filter(({ series }) => !series.startsWith('requests_created'))
    .map(({ series, value, timeMs }) => `${series} ${value} ${timeMs}`)
    .toSorted()
}

function page(trace: string, time: number): Uint8Array {
  return encoder.encode(`a_total 1 # {trace_id="${trace}"} 1 ${time}\n# EOF\n`)
}
