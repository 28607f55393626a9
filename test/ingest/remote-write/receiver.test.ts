import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  decompressedBodyBytesMax,
  labelValueBytesMax,
  regionsPerSourceMax,
  requestBodyBytesMax,
} from '../../../src/core/model/limits.ts'
import { secret } from '../../../src/core/model/secret.ts'
import { minuteMs } from '../../../src/core/model/units.ts'
import {
  type RemoteWriteConfig,
  type RemoteWriteDocument,
  remoteWriteConfig,
} from '../../../src/ingest/remote-write/config.ts'
import { type RemoteWriteSource, remoteWriteRoute } from '../../../src/ingest/remote-write/receiver.ts'
import type { HttpAnswer } from '../../../src/ports/http-route.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'
import {
  compress,
  encodeWriteRequest,
  labelList,
  type WriteRequest,
  written,
} from '../../support/ingest-write-requests.ts'
import { encodeRequestV2, requestV2, type WrittenSeriesV2 } from '../../support/ingest-write-requests-v2.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const goodHeaders = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
const push: RemoteWriteSource = { name: 'push', region: 'eu' }

function receiver(sources: readonly RemoteWriteSource[] = [push]) {
  const sink = new RecordingSink()
  const meter = recordingMeter()
  const log = recordingLog()
  const clock = new VirtualClock(1_767_225_600_000)
  const route = remoteWriteRoute({ sources, sink, clock, meter, log })
  const post = async (
    body: Uint8Array,
    headers: Record<string, string> = goodHeaders,
    query = '',
  ): Promise<HttpAnswer> => route.handle({ params: {}, query: new URLSearchParams(query), headers, body })
  const send = (request: WriteRequest, query = ''): Promise<HttpAnswer> =>
    post(compress(encodeWriteRequest(request)), goodHeaders, query)
  return { route, sink, meter, log, clock, post, send }
}

test('takes a request and answers 204 without a body', async () => {
  const { route, send, sink, meter } = receiver()
  const answer = await send({
    timeseries: [written({ __name__: 'up', job: 'x' }, 1, 1_000), written({ __name__: 'b' }, 2, 3)],
  })
  assert.deepEqual(answer, { status: 204 })
  assert.deepEqual(sink.samples, [
    { series: 'up{job="x"}', timeMs: 1_000, value: 1, stale: false },
    { series: 'b', timeMs: 3, value: 2, stale: false },
  ])
  assert.deepEqual(sink.resolved[0].origin, { source: 'push', region: 'eu', splitDelivery: true })
  assert.equal(meter.values.get('sloburn_ingest_requests_total{source="push",status="204"}'), 1)
  assert.equal(`${route.method} ${route.path}`, 'POST /api/v1/write')
})

test('says that no source takes remote write where none does', async () => {
  const { status, body } = await receiver([]).send({})
  assert.equal(status, 404)
  assert.match(String(body), /^no source takes remote write: the engine config has none with remoteWrite: \{\}/)
})

test('takes an empty request, as senders use to see whether we are there', async () => {
  assert.deepEqual(await receiver().send({}), { status: 204 })
})

/** Headers, the status and what the answer must name. */
const headerTable: readonly (readonly [Record<string, string>, number, RegExp?])[] = [
  [{ ...goodHeaders, 'content-type': 'application/x-protobuf;proto=prometheus.WriteRequest' }, 204],
  [{ ...goodHeaders, 'content-type': 'Application/X-Protobuf; proto="prometheus.WriteRequest"' }, 204],
  [{ ...goodHeaders, 'content-type': 'application/x-protobuf;proto=prometheus.Other' }, 415, /write\.v2\.Request/],
  [{ ...goodHeaders, 'content-type': 'application/json' }, 415, /application\/x-protobuf/],
  [{ 'content-encoding': 'snappy' }, 415, /Content-Type is missing/],
  [{ 'content-type': 'application/x-protobuf' }, 415, /Content-Encoding is missing.*snappy/],
  [{ ...goodHeaders, 'content-encoding': 'gzip' }, 415, /"gzip".*snappy/],
]

for (const [headers, status, pattern] of headerTable) {
  test(`answers ${status} to ${JSON.stringify(headers)}`, async () => {
    const { post, sink } = receiver()
    const answer = await post(compress(encodeWriteRequest({ timeseries: [written({ __name__: 'a' }, 1, 1)] })), headers)
    assert.equal(answer.status, status)
    assert.match(String(answer.body ?? ''), pattern ?? /^$/)
    assert.equal(sink.samples.length, status === 204 ? 1 : 0)
  })
}

test('keeps good samples and names the refused ones with counts and reasons in a 400', async () => {
  const { send, sink, meter } = receiver()
  const answer = await send({
    timeseries: [
      written({ __name__: 'good' }, 1, 1),
      written({ __name__: 'bad', path: 'x'.repeat(labelValueBytesMax + 1) }, 1, 1),
      written({ __name__: 'negative' }, -1, 1),
      written({ __name__: 'good_too' }, 2, 1),
    ],
  })
  assert.equal(answer.status, 400)
  assert.match(String(answer.body), /^2 of 4 samples refused, the others taken: .*\n$/)
  assert.match(String(answer.body), /label_value_too_long: 1 \(4097 bytes in label path \(series bad\)\)/)
  assert.match(String(answer.body), /negative: 1 \(a counter below zero\)/)
  assert.deepEqual(
    sink.samples.filter(({ value }) => value > 0).map(({ series }) => series),
    ['good', 'good_too'],
  )
  assert.equal(
    meter.values.get('sloburn_ingest_rejected_samples_total{source="push",reason="label_value_too_long"}'),
    1,
  )
})

test('takes no offence at NaN and gauge histograms of series that no SLO uses', async () => {
  const { send, sink } = receiver()
  sink.unwanted = (labels) => labels.get('__name__') !== 'used'
  sink.resolveHistogram = (labels) => {
    return labels.get('__name__') === 'used' ? { count: 0, sum: -1, buckets: [] } : undefined
  }
  const labels = labelList({ __name__: 'quantiles' })
  const gauge = { labels, histograms: [{ sum: 1, timestamp: 1, resetHint: 3 }] }
  assert.equal((await send({ timeseries: [written({ __name__: 'quantiles' }, Number.NaN, 1), gauge] })).status, 204)
  const used = { ...gauge, labels: labelList({ __name__: 'used' }) }
  const answer = await send({ timeseries: [used] })
  assert.equal(answer.status, 400)
  assert.match(String(answer.body), /gauge_histogram: 1 \(a gauge histogram, which counts no events\)/)
})

test('answers 413 to a body that is too large, and to one that would be once decompressed', async () => {
  const { post, meter } = receiver()
  assert.equal((await post(new Uint8Array(requestBodyBytesMax + 1))).status, 413)
  assert.equal(meter.values.get('sloburn_limit_hits_total{limit="requestBodyBytesMax"}'), 1)
  const bomb = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0xfe, 1, 0)
  const answer = await post(bomb)
  assert.equal(answer.status, 413)
  assert.match(String(answer.body), /4294967295 bytes/)
  assert.equal(meter.values.get('sloburn_limit_hits_total{limit="decompressedBodyBytesMax"}'), 1)
  assert.ok(decompressedBodyBytesMax < 4_294_967_295)
})

test('answers 400 to bytes that are no snappy block', async () => {
  const { post, meter } = receiver()
  const answer = await post(Uint8Array.of(5, 0x10, 97))
  assert.equal(answer.status, 400)
  assert.match(String(answer.body), /snappy: bad element at byte 1/)
  assert.equal(meter.values.get('sloburn_ingest_rejected_samples_total{source="push",reason="malformed"}'), 1)
})

test('answers 400 to a message that is cut off, and keeps what stood before the cut', async () => {
  const { post, sink } = receiver()
  const message = encodeWriteRequest({
    timeseries: [written({ __name__: 'a' }, 1, 1), written({ __name__: 'b' }, 1, 1)],
  })
  const answer = await post(compress(message.subarray(0, message.length - 3)))
  assert.equal(answer.status, 400)
  assert.match(String(answer.body), /not a prometheus\.WriteRequest: .* at byte \d+; 1 samples before it were read/)
  assert.deepEqual(
    sink.samples.map(({ series }) => series),
    ['a'],
  )
})

test('answers every hostile body with a 4xx or a 204, and takes good ones afterwards', async () => {
  const { post, send, sink } = receiver()
  const good = compress(encodeWriteRequest({ timeseries: [written({ __name__: 'a', b: 'c' }, 1, 1)] }))
  const mutation = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutation, fc.uint8Array({ maxLength: 100 })), async (change) => {
      const body = change instanceof Uint8Array ? change : Uint8Array.from(good)
      if (Array.isArray(change)) for (const [at, byte] of change) body[at % body.length] = byte
      const { status } = await post(body)
      assert.ok([204, 400, 413].includes(status), String(status))
    }),
    { numRuns: 1_000 },
  )
  sink.take()
  assert.equal((await send({ timeseries: [written({ __name__: 'still' }, 1, 1)] })).status, 204)
  assert.deepEqual(
    sink.samples.map(({ series }) => series),
    ['still'],
  )
})

test('tells several sources apart by ?source=, and takes none for another', async () => {
  const { send, sink, meter } = receiver([push, { name: 'us west', region: 'us' }])
  const timeseries = [written({ __name__: 'a' }, 1, 1)]
  assert.equal((await send({ timeseries }, 'source=push')).status, 204)
  assert.equal((await send({ timeseries }, 'source=us+west')).status, 204)
  assert.deepEqual(
    sink.resolved.map(({ origin }) => origin.region),
    ['eu', 'us'],
  )
  for (const query of ['', 'source=other']) {
    const answer = await send({ timeseries }, query)
    assert.equal(answer.status, 404)
    assert.match(String(answer.body), /\/api\/v1\/write\?source=push, \/api\/v1\/write\?source=us%20west/)
  }
  assert.equal(sink.samples.length, 2)
  assert.equal(meter.values.get('sloburn_ingest_requests_total{source="",status="404"}'), 2)
})

test('takes a lone source by its name too, and refuses any other name', async () => {
  const { send } = receiver()
  assert.equal((await send({}, 'source=push')).status, 204)
  assert.equal((await send({}, 'source=pull')).status, 404)
})

test('says once that requests are refused, and once that they are fine again for a while', async () => {
  const { route, send, log, clock } = receiver()
  const bad = { timeseries: [written({ job: 'nameless' }, 1, 1)] }
  for (const request of [bad, {}, bad, {}]) await send(request)
  assert.deepEqual(
    log.lines.map(({ level, message }) => [level, message]),
    [['warn', 'remote write refused']],
  )
  assert.match(String(log.lines[0].fields.problem), /no_metric_name: 1/)
  assert.match(route.problem('push') ?? '', /no_metric_name/)
  await clock.advance(minuteMs)
  await send({})
  assert.equal(route.problem('push'), undefined)
  assert.equal(log.lines[1].message, 'remote write is fine again')
})

const headersV2 = { ...goodHeaders, 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' }

function writtenV2(name: string, value: number): WrittenSeriesV2 {
  return { labels: labelList({ __name__: name }), samples: [{ value, timestamp: 5 }] }
}

function writtenCounts({ headers = {} }: HttpAnswer): readonly (string | undefined)[] {
  return ['samples', 'histograms', 'exemplars'].map((kind) => headers[`x-prometheus-remote-write-${kind}-written`])
}

test('takes remote write 2.0, and says how much of it was written', async () => {
  const { post, sink } = receiver()
  sink.bounds = [1]
  const labels = labelList({ __name__: 'latency', job: 'x' })
  const histogram = { countInt: 4, sum: 3, zeroCountInt: 4, timestamp: 5, startTimestamp: 2 }
  const timeseries: WrittenSeriesV2[] = [
    { labels: labelList({ __name__: 'a' }), samples: [{ value: 1, timestamp: 5, startTimestamp: 3 }] },
    {
      labels,
      histograms: [histogram],
      exemplars: [{ labels: labelList({ trace_id: 'f00' }), value: 2, timestamp: 4 }],
    },
  ]
  const answer = await post(compress(encodeRequestV2(requestV2(timeseries))), headersV2)
  assert.equal(answer.status, 204)
  assert.deepEqual(writtenCounts(answer), ['1', '1', '1'])
  assert.deepEqual(
    sink.samples.map(({ series, value }) => [series, value]),
    [
      ['a', 1],
      ['latency_count{job="x"}', 4],
      ['latency_sum{job="x"}', 3],
      ['latency_bucket{job="x",le="1"}', 4],
    ],
  )
  assert.deepEqual(sink.starts, [3, 2, 2, 2])
  assert.deepEqual(sink.exemplars, [
    { series: 'latency{job="x"}', exemplar: { atMs: 4, value: 2, traceId: 'f00', spanId: undefined } },
  ])
})

test('says of a partial write of 2.0 how much was written and why not the rest', async () => {
  const { post } = receiver()
  const gauge = { labels: labelList({ __name__: 'g' }), histograms: [{ sum: 1, timestamp: 1, resetHint: 3 }] }
  const request = requestV2([writtenV2('a', 1), writtenV2('b', -1), gauge, writtenV2('c', 1)])
  request.timeseries[3].labelsRefs = [1, 77]
  const answer = await post(compress(encodeRequestV2(request)), headersV2)
  assert.equal(answer.status, 400)
  assert.deepEqual(writtenCounts(answer), ['1', '0', '0'])
  assert.match(
    String(answer.body),
    /^3 of 4 samples refused, the others taken: .*symbol_missing: 1 \(symbol 77 of \d\)/,
  )
})

test('counts what no SLO uses as written, so that a sender of 2.0 does not take us for one of 1.0', async () => {
  const { post, sink } = receiver()
  sink.unwanted = () => true
  const series = { labels: labelList({ __name__: 'a' }), samples: [{ value: Number.NaN, timestamp: 5 }] }
  const answer = await post(compress(encodeRequestV2(requestV2([series]))), headersV2)
  assert.deepEqual([answer.status, ...writtenCounts(answer)], [204, '1', '0', '0'])
})

test('a series is one and the same, by whichever version it comes', async () => {
  const { post, send, sink } = receiver()
  const labels = { __name__: 'a', job: 'x' }
  await send({ timeseries: [written(labels, 1, 1)] })
  const series = { labels: labelList(labels), samples: [{ value: 2, timestamp: 2 }] }
  await post(compress(encodeRequestV2(requestV2([series]))), headersV2)
  assert.equal(sink.resolved.length, 1)
  assert.deepEqual(
    sink.samples.map(({ value }) => value),
    [1, 2],
  )
})

test('answers 400 to a body that is not of the version that its header says', async () => {
  const { post } = receiver()
  const body = compress(encodeWriteRequest({ timeseries: [written({ __name__: 'a' }, 1, 1)] }))
  const answer = await post(body, headersV2)
  assert.deepEqual(writtenCounts(answer), ['0', '0', '0'], 'by which its sender sees that nothing was understood')
  const corrupt = await post(Uint8Array.of(5, 0, 1), headersV2)
  assert.equal(corrupt.status, 400)
  assert.match(String(corrupt.body), /not a io\.prometheus\.write\.v2\.Request: snappy/)
})

function bearer(token: string): RemoteWriteConfig {
  return settingsOf({ bearerToken: token })
}

function settingsOf(document: RemoteWriteDocument): RemoteWriteConfig {
  return remoteWriteConfig(document, {
    secret: (source) => secret(typeof source === 'string' ? source : ''),
    report: (_path, message) => assert.fail(message),
  })
}

test('asks for the credentials of its source, and says how to show them', async () => {
  const { post, sink, meter } = receiver([{ ...push, settings: bearer('tok-1') }])
  const body = compress(encodeWriteRequest({ timeseries: [written({ __name__: 'a' }, 1, 1)] }))
  for (const authorization of [undefined, 'Bearer tok-2', 'Bearer', 'Basic dG9rLTE=', 'tok-1']) {
    const answer = await post(body, authorization === undefined ? goodHeaders : { ...goodHeaders, authorization })
    assert.equal(answer.status, 401, authorization)
    assert.equal(answer.headers?.['www-authenticate'], 'Bearer realm="sloburn"')
    assert.doesNotMatch(String(answer.body), /tok-/)
  }
  assert.equal(sink.samples.length, 0)
  assert.equal((await post(body, { ...goodHeaders, authorization: 'bearer tok-1' })).status, 204)
  assert.equal(meter.values.get('sloburn_ingest_requests_total{source="",status="401"}'), 5)
})

test('tells sources apart by what their senders show, and takes nobody for another', async () => {
  const sources = [
    { name: 'eu', region: 'eu', settings: bearer('tok-eu') },
    { name: 'us', region: 'us', settings: bearer('tok-us') },
    { name: 'lan', region: 'lan' },
  ]
  const { post, sink } = receiver(sources)
  const body = compress(encodeWriteRequest({ timeseries: [written({ __name__: 'a' }, 1, 1)] }))
  const statuses: number[] = []
  for (const authorization of ['Bearer tok-us', 'Bearer tok-eu', 'Bearer other']) {
    statuses.push((await post(body, { ...goodHeaders, authorization })).status)
  }
  statuses.push((await post(body, { ...goodHeaders, authorization: 'Bearer tok-us' }, 'source=eu')).status)
  assert.deepEqual(statuses, [204, 204, 204, 401])
  assert.deepEqual(
    sink.resolved.map(({ origin }) => origin.region),
    ['us', 'eu', 'lan'],
  )
})

function fromRegion(region: string) {
  return { ...goodHeaders, 'x-region': region }
}

test('takes the region from a header where the source says which, and keeps series of two regions apart', async () => {
  const settings = settingsOf({ regionHeader: 'X-Region' })
  const { post, sink, meter } = receiver([{ ...push, settings }])
  const body = compress(encodeWriteRequest({ timeseries: [written({ __name__: 'a' }, 1, 1)] }))
  for (const region of ['us', 'ap', 'us', ' us ', '']) await post(body, fromRegion(region))
  assert.deepEqual(
    sink.resolved.map(({ origin }) => origin.region),
    ['us', 'ap', 'eu'],
  )
  const global = await post(body, fromRegion('global'))
  assert.equal(global.status, 400)
  assert.match(String(global.body), /cannot be called global/)
  let answer = global
  for (let region = 0; region < regionsPerSourceMax; region++) answer = await post(body, fromRegion(`r${region}`))
  assert.equal(answer.status, 400)
  assert.match(String(answer.body), /regionsPerSourceMax/)
  assert.ok((meter.values.get('sloburn_limit_hits_total{limit="regionsPerSourceMax"}') ?? 0) > 0)
})

test('takes the region from a label where the source says which; a header, and the source, speak for series without it', async () => {
  const settings = settingsOf({ regionLabel: 'cluster', regionHeader: 'X-Region' })
  const { post, sink } = receiver([{ ...push, settings }])
  const timeseries = [written({ __name__: 'a', cluster: 'us' }, 1, 1), written({ __name__: 'b' }, 1, 1)]
  await post(compress(encodeWriteRequest({ timeseries })))
  await post(compress(encodeWriteRequest({ timeseries })), fromRegion('ap'))
  assert.deepEqual(
    sink.resolved.map(({ labels, origin }) => [labels.get('__name__'), origin.region]),
    [
      ['a', 'us'],
      ['b', 'eu'],
      ['a', 'us'],
      ['b', 'ap'],
    ],
  )
})
