import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import {
  decompressedBodyBytesMax,
  otlpRequestsInFlightMax,
  overloadRetryAfterMs,
} from '../../../src/core/model/limits.ts'
import { secret } from '../../../src/core/model/secret.ts'
import { minuteMs } from '../../../src/core/model/units.ts'
import { otlpHttpRoute } from '../../../src/ingest/otlp/http-route.ts'
import { type OtlpSource, otlpReceiver } from '../../../src/ingest/otlp/receiver.ts'
import { pushAuth } from '../../../src/ingest/push-auth.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import {
  cumulative,
  decodeOtlp,
  delta,
  encodeExport,
  exportOf,
  type MadeMetric,
  nanos,
} from '../../support/ingest-otlp-messages.ts'
import { plainOtlp, plainSource } from '../../support/ingest-otlp-server.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const protobuf = { 'content-type': 'application/x-protobuf' }
const json = { 'content-type': 'application/json; charset=utf-8' }

function receiver(sources: readonly OtlpSource[] = [plainSource]) {
  const sink = new RecordingSink()
  const meter = recordingMeter()
  const log = recordingLog()
  const clock = new VirtualClock(1_767_225_600_000)
  const receiving = otlpReceiver({ sources, sink, clock, meter, log })
  const route = otlpHttpRoute(() => receiving, meter)
  const post = async (body: Uint8Array | string, headers: Record<string, string> = protobuf, query = '') => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    return await route.handle({ params: {}, query: new URLSearchParams(query), headers, body: bytes })
  }
  return { sink, meter, log, clock, receiving, route, post }
}

function counter(value: number, aggregationTemporality = cumulative): MadeMetric {
  const dataPoints = [{ timeUnixNano: nanos(60_000), asInt: String(value) }]
  return { name: 'hits', sum: { dataPoints, aggregationTemporality, isMonotonic: true } }
}

const good = encodeExport(exportOf([counter(7)]))
const bad = encodeExport(exportOf([counter(7), counter(8, delta)]))

test('takes protobuf and answers with an empty message of the same kind', async () => {
  const { post, sink, route, meter } = receiver()
  const answer = await post(good)
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.headers, protobuf)
  assert.deepEqual(answer.body, new Uint8Array(0))
  assert.equal(sink.samples[0]?.value, 7)
  assert.equal(`${route.method} ${route.path}`, 'POST /v1/metrics')
  assert.equal(meter.values.get('sloburn_ingest_requests_total{source="otel",status="200"}'), 1)
})

test('takes JSON and answers in JSON', async () => {
  const { post, sink } = receiver()
  const answer = await post(JSON.stringify(exportOf([counter(7)])), json)
  assert.deepEqual([answer.status, answer.headers, answer.body], [200, { 'content-type': 'application/json' }, '{}'])
  assert.equal(sink.samples[0]?.value, 7)
})

for (const [encoding, compress] of [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
  ['deflate', deflateSync],
  ['identity', (body: Uint8Array) => body],
  ['GZIP', gzipSync],
] as const) {
  test(`takes bodies in ${encoding}`, async () => {
    const { post, sink } = receiver()
    assert.equal((await post(compress(good), { ...protobuf, 'content-encoding': encoding })).status, 200)
    assert.equal(sink.samples.length, 1)
  })
}

test('says how many points were refused and why, in both forms', async () => {
  const { post } = receiver()
  const answer = await post(bad)
  assert.equal(answer.status, 200)
  assert.ok(answer.body instanceof Uint8Array)
  const said = decodeOtlp('ExportMetricsServiceResponse', answer.body)
  const partialSuccess = {
    rejectedDataPoints: '1',
    errorMessage:
      '1 of 2 data points refused, the others taken: delta_without_start: 1 (a delta without a start time may be one that was sent before: let the sender set start_time_unix_nano)',
  }
  assert.deepEqual(said, { partialSuccess })
  const inJson = await post(JSON.stringify(exportOf([counter(7), counter(8, delta)])), json)
  assert.deepEqual(JSON.parse(String(inJson.body)), { partialSuccess })
})

/** What is sent, the status, the code of google.rpc.Code and what the message must say. */
const refusals: readonly (readonly [string, Uint8Array | string, Record<string, string>, number, number, RegExp])[] = [
  ['a body that is no protobuf', Buffer.from([0x0a, 0xff]), protobuf, 400, 3, /not an ExportMetricsServiceRequest/],
  ['a body that is no JSON', '{', json, 400, 3, /not JSON/],
  ['JSON of another shape', '{"resourceMetrics":5}', json, 400, 3, /\$\.resourceMetrics is not a list/],
  ['a broken gzip', Buffer.from('nonsense'), { ...protobuf, 'content-encoding': 'gzip' }, 400, 3, /gzip/],
  ['another type', good, { 'content-type': 'text/plain' }, 415, 3, /application\/x-protobuf or application\/json/],
  ['no type', good, {}, 415, 3, /Content-Type is missing/],
  ['another encoding', good, { ...protobuf, 'content-encoding': 'br' }, 415, 3, /gzip, zstd, deflate/],
  [
    'a body that grows too large',
    gzipSync(Buffer.alloc(decompressedBodyBytesMax + 1)),
    { ...protobuf, 'content-encoding': 'gzip' },
    413,
    3,
    /decompressedBodyBytesMax/,
  ],
]

for (const [what, body, headers, status, code, message] of refusals) {
  test(`answers ${status} to ${what}, in the form of the request`, async () => {
    const { post, sink } = receiver()
    const answer = await post(body, headers)
    assert.equal(answer.status, status)
    const said =
      answer.headers?.['content-type'] === 'application/json'
        ? JSON.parse(String(answer.body))
        : decodeOtlp('Status', answer.body instanceof Uint8Array ? answer.body : new Uint8Array(0))
    assert.equal(said.code, code)
    assert.match(String(said.message), message)
    assert.deepEqual(sink.samples, [])
    const isProtobuf = headers['content-type'] === 'application/x-protobuf'
    assert.equal(answer.headers?.['content-type'], isProtobuf ? 'application/x-protobuf' : 'application/json')
  })
}

test('points that stand whole before a fault are taken', async () => {
  const { post, sink } = receiver()
  const answer = await post(Buffer.concat([good, Buffer.from([0x0a, 0xff])]))
  assert.equal(answer.status, 400)
  assert.equal(sink.samples.length, 1)
})

test('asks senders to wait when there is too much at once, and to come back soon', async () => {
  const { post, meter } = receiver()
  const body = gzipSync(good)
  const headers = { ...protobuf, 'content-encoding': 'gzip' }
  const answers = await Promise.all(Array.from({ length: otlpRequestsInFlightMax + 3 }, () => post(body, headers)))
  assert.deepEqual(
    answers
      .filter(({ status }) => status !== 200)
      .map(({ status, headers: given }) => [status, given?.['retry-after']]),
    Array.from({ length: 3 }, () => [503, String(overloadRetryAfterMs / 1_000)]),
  )
  assert.equal(meter.values.get('sloburn_limit_hits_total{limit="otlpRequestsInFlightMax"}'), 3)
  assert.equal((await post(body, headers)).status, 200, 'it is over when they are done')
})

test('lets in who shows the token, and tells others how', async () => {
  const auth = pushAuth({ bearerToken: 'x' }, { secret: () => secret('let-me-in'), report: () => {} })
  const { post, log } = receiver([{ ...plainSource, settings: { ...plainOtlp, auth } }])
  const without = await post(good)
  assert.equal(without.status, 401)
  assert.equal(without.headers?.['www-authenticate'], 'Bearer realm="sloburn"')
  assert.equal((await post(good, { ...protobuf, authorization: 'Bearer wrong' })).status, 401)
  assert.equal((await post(good, { ...protobuf, authorization: 'Bearer let-me-in' })).status, 200)
  assert.doesNotMatch(JSON.stringify(log.lines), /let-me-in|wrong/)
})

test('of several sources a sender names its own, in a header or the address', async () => {
  const { post, sink } = receiver([
    { ...plainSource, name: 'eu', region: 'eu-west-1' },
    { ...plainSource, name: 'us', region: 'us-east-1' },
  ])
  const lost = await post(good)
  assert.equal(lost.status, 404)
  assert.equal((await post(good, { ...protobuf, 'x-sloburn-source': 'us' })).status, 200)
  assert.equal((await post(good, protobuf, '?source=eu')).status, 200)
  assert.equal((await post(good, protobuf, '?source=asia')).status, 404)
  assert.deepEqual(
    sink.resolved.map(({ origin }) => origin.region),
    ['us-east-1', 'eu-west-1'],
  )
})

test('of several sources a sender may also show the credentials of one', async () => {
  const auth = pushAuth({ bearerToken: 'x' }, { secret: () => secret('let-me-in'), report: () => {} })
  const { post, sink } = receiver([
    { ...plainSource, name: 'eu', region: 'eu-west-1', settings: { ...plainOtlp, auth } },
    { ...plainSource, name: 'us', region: 'us-east-1' },
  ])
  assert.equal((await post(good, { ...protobuf, authorization: 'Bearer let-me-in' })).status, 200)
  assert.equal((await post(good, { ...protobuf, authorization: 'Bearer other' })).status, 404)
  assert.equal(sink.resolved[0]?.origin.region, 'eu-west-1')
})

test('without a source for it there is nobody to take it', async () => {
  const answer = await receiver([]).post(JSON.stringify(exportOf([])), json)
  assert.equal(answer.status, 404)
  assert.match(String(answer.body), /no OTLP source is configured/)
})

test('the log tells once that exports are refused, and once that they are fine again', async () => {
  const { post, log, clock, receiving } = receiver()
  await post(bad)
  await post(bad)
  assert.match(receiving.problem('otel') ?? '', /delta_without_start/)
  await post(good)
  assert.notEqual(receiving.problem('otel'), undefined, 'good and bad exports take turns')
  await clock.advance(minuteMs)
  await post(good)
  assert.equal(receiving.problem('otel'), undefined)
  assert.deepEqual(
    log.lines.map(({ level }) => level),
    ['warn', 'info'],
  )
})
