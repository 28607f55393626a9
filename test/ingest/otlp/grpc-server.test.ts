import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { type TestContext, test } from 'node:test'
import { Client, compressionAlgorithms, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { systemClock } from '../../../src/app/system-clock.ts'
import { decompressedBodyBytesMax, overloadRetryAfterMs } from '../../../src/core/model/limits.ts'
import { secret } from '../../../src/core/model/secret.ts'
import { startGrpcServer } from '../../../src/ingest/otlp/grpc-server.ts'
import { refused } from '../../../src/ingest/otlp/outcome.ts'
import type { OtlpReceiver, OtlpSource } from '../../../src/ingest/otlp/receiver.ts'
import { pushAuth } from '../../../src/ingest/push-auth.ts'
import { cumulative, decodeOtlp, delta, encodeExport, exportOf, nanos } from '../../support/ingest-otlp-messages.ts'
import { openOtlpServers, plainOtlp, plainSource } from '../../support/ingest-otlp-server.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'
import { testCertificate } from '../../support/test-certificate.ts'

const method = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export'
const identity = (bytes: Buffer): Buffer => bytes

function counter(aggregationTemporality: number): Uint8Array {
  const dataPoints = [{ timeUnixNano: nanos(60_000), asInt: '7' }]
  return encodeExport(exportOf([{ name: 'hits', sum: { dataPoints, aggregationTemporality, isMonotonic: true } }]))
}

/** A call of a client that is not ours: what came back, or the error. */
type Call = (request: Uint8Array, metadata?: Readonly<Record<string, string>>) => Promise<Buffer | ServiceError>

function callerOf(
  port: number,
  t: TestContext,
  options: Readonly<Record<string, number | string>> = {},
  shown = credentials.createInsecure(),
): Call {
  const client = new Client(`127.0.0.1:${port}`, shown, options)
  t.after(() => client.close())
  return (request, metadata = {}) =>
    new Promise((resolve) => {
      const sent = new Metadata()
      for (const [key, value] of Object.entries(metadata)) sent.set(key, value)
      client.makeUnaryRequest(method, identity, identity, Buffer.from(request), sent, (error, answer) => {
        resolve(error ?? answer ?? Buffer.alloc(0))
      })
    })
}

async function opened(t: TestContext, sources: readonly OtlpSource[] = [plainSource]) {
  const sink = new RecordingSink()
  const servers = await openOtlpServers(sink, systemClock, sources)
  t.after(() => servers.close())
  return { sink, servers, call: callerOf(servers.grpcPort, t) }
}

/** A connection over which a message has begun to come. */
function halfSent(port: number) {
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  const headers = { ':method': 'POST', ':path': method, 'content-type': 'application/grpc', te: 'trailers' }
  const call = session.request(headers, { endStream: false })
  // The first bytes of a message of 100, and no more.
  call.write(Buffer.from([0, 0, 0, 0, 100, 1, 2, 3]))
  return { session, call }
}

function errorOf(answer: Buffer | ServiceError): ServiceError {
  assert.ok(answer instanceof Error, 'an error was expected')
  return answer
}

function detailsOf(error: ServiceError): Record<string, unknown> {
  const [bytes] = error.metadata.get('grpc-status-details-bin')
  assert.ok(Buffer.isBuffer(bytes))
  return decodeOtlp('Status', bytes)
}

test('takes a call, plain and in gzip, and answers with an empty message', async (t) => {
  const { call, sink, servers } = await opened(t)
  assert.deepEqual(await call(counter(cumulative)), Buffer.alloc(0))
  const inGzip = callerOf(servers.grpcPort, t, { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip })
  assert.deepEqual(await inGzip(counter(cumulative)), Buffer.alloc(0))
  assert.deepEqual(
    sink.samples.map(({ value }) => value),
    [7, 7],
  )
  assert.equal(servers.meter.values.get('sloburn_ingest_requests_total{source="otel",status="200"}'), 2)
})

test('says how many points were refused and why', async (t) => {
  const { call } = await opened(t)
  const answer = await call(counter(delta))
  assert.ok(Buffer.isBuffer(answer))
  const { partialSuccess } = decodeOtlp('ExportMetricsServiceResponse', answer)
  assert.deepEqual(Object.entries(partialSuccess ?? {})[0], ['rejectedDataPoints', '1'])
})

test('what is no OTLP is an invalid argument', async (t) => {
  const { call } = await opened(t)
  const error = errorOf(await call(Buffer.from([0x0a, 0xff])))
  assert.equal(error.code, status.INVALID_ARGUMENT)
  assert.match(error.details, /not an ExportMetricsServiceRequest/)
  assert.equal(detailsOf(error)['code'], status.INVALID_ARGUMENT)
})

test('asks for the token in the metadata, and for the name of one of several sources', async (t) => {
  const auth = pushAuth({ bearerToken: 'x' }, { secret: () => secret('let-me-in'), report: () => {} })
  const guarded = { ...plainSource, name: 'eu', region: 'eu-west-1', settings: { ...plainOtlp, auth } }
  const { call, sink } = await opened(t, [guarded, { ...plainSource, name: 'us', region: 'us-east-1' }])
  assert.equal(errorOf(await call(counter(cumulative))).code, status.NOT_FOUND)
  const named = { 'x-sloburn-source': 'eu' }
  assert.equal(errorOf(await call(counter(cumulative), named)).code, status.UNAUTHENTICATED)
  const shown = { ...named, authorization: 'Bearer let-me-in' }
  assert.deepEqual(await call(counter(cumulative), shown), Buffer.alloc(0))
  assert.equal(sink.resolved[0]?.origin.region, 'eu-west-1')
})

test('a message beyond the limit is refused before it is read, compressed or not', async (t) => {
  const { call, servers, sink } = await opened(t)
  const large = Buffer.alloc(decompressedBodyBytesMax + 1)
  assert.equal(errorOf(await call(large)).code, status.RESOURCE_EXHAUSTED)
  const inGzip = callerOf(servers.grpcPort, t, { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip })
  assert.equal(errorOf(await inGzip(large)).code, status.RESOURCE_EXHAUSTED)
  assert.deepEqual(sink.samples, [])
})

test('a sender that comes too often is told when to come back', async (t) => {
  const { servers } = await opened(t)
  const overloaded = { ...servers.receiver, admit: () => refused('overloaded', 'too many requests at once') }
  const server = await startGrpcServer({ host: '127.0.0.1', port: 0 }, () => overloaded)
  t.after(() => server.close())
  const error = errorOf(await callerOf(server.port, t)(counter(cumulative)))
  assert.equal(error.code, status.UNAVAILABLE)
  const [detail]: unknown[] = [detailsOf(error)['details']].flat()
  assert.ok(typeof detail === 'object' && detail !== null && 'typeUrl' in detail && 'value' in detail)
  assert.equal(detail.typeUrl, 'type.googleapis.com/google.rpc.RetryInfo')
  const info = decodeOtlp('RetryInfo', Buffer.from(String(detail.value), 'base64'))
  assert.deepEqual(info, { retryDelay: { seconds: String(overloadRetryAfterMs / 1_000) } })
})

test('turns a stranger away before the message is read', async (t) => {
  const auth = pushAuth({ bearerToken: 'x' }, { secret: () => secret('let-me-in'), report: () => {} })
  const { servers } = await opened(t, [{ ...plainSource, settings: { ...plainOtlp, auth } }])
  const session = connectHttp2(`http://127.0.0.1:${servers.grpcPort}`)
  t.after(() => session.close())
  const headers = { ':method': 'POST', ':path': method, 'content-type': 'application/grpc', te: 'trailers' }
  // The message never comes.
  const stream = session.request(headers, { endStream: false })
  const [answer] = await once(stream, 'response')
  assert.equal(answer['grpc-status'], String(status.UNAUTHENTICATED))
  stream.close()
})

test('gives up a sender that does not finish its message in time, and goes on with others', async (t) => {
  const { servers, sink } = await opened(t)
  const server = await startGrpcServer({ host: '127.0.0.1', port: 0, callTimeoutMs: 50 }, () => servers.receiver)
  t.after(() => server.close())
  const { session, call } = halfSent(server.port)
  t.after(() => session.destroy())
  const [answer] = await once(call, 'response')
  assert.equal(answer['grpc-status'], String(status.DEADLINE_EXCEEDED))
  assert.equal(servers.meter.values.get('sloburn_ingest_requests_total{source="",status="408"}'), 1)
  call.close()
  const taken = await callerOf(server.port, t)(counter(cumulative))
  assert.ok(!(taken instanceof Error))
  assert.equal(sink.samples.length, 1)
})

/** The name in the certificate. */
const asTarget = { 'grpc.ssl_target_name_override': 'target.test' }

test('closes in time although a sender does not finish its message', async (t) => {
  const { servers } = await opened(t)
  const arrived = Promise.withResolvers<void>()
  const admit: OtlpReceiver['admit'] = (sender) => {
    arrived.resolve()
    return servers.receiver.admit(sender)
  }
  const receiver = { ...servers.receiver, admit }
  const server = await startGrpcServer({ host: '127.0.0.1', port: 0, closeGraceMs: 50 }, () => receiver)
  const { session, call } = halfSent(server.port)
  const ended = Promise.allSettled([once(call, 'close'), once(session, 'close')])
  await arrived.promise
  await server.close()
  await ended
  assert.ok(session.destroyed)
})

test('closes a connection over which nobody calls, and none with a call under way', async (t) => {
  const { servers } = await opened(t)
  const server = await startGrpcServer({ host: '127.0.0.1', port: 0, idleMs: 50 }, () => servers.receiver)
  t.after(() => server.close())
  const { session, call } = halfSent(server.port)
  await once(call, 'ready')
  await once(connectHttp2(`http://127.0.0.1:${server.port}`), 'close')
  assert.equal(session.closed, false)
  session.destroy()
})

test('takes calls over TLS, and none in the clear there', async (t) => {
  const { servers, sink } = await opened(t)
  const [cert, key] = [secret(testCertificate.cert), secret(testCertificate.key)]
  const address = { host: '127.0.0.1', port: 0, tls: { cert, key, clientCa: undefined } }
  const server = await startGrpcServer(address, () => servers.receiver)
  t.after(() => server.close())
  const trusting = credentials.createSsl(Buffer.from(testCertificate.cert))
  assert.deepEqual(await callerOf(server.port, t, asTarget, trusting)(counter(cumulative)), Buffer.alloc(0))
  assert.equal(sink.samples.length, 1)
  assert.equal(errorOf(await callerOf(server.port, t)(counter(cumulative))).code, status.UNAVAILABLE)
})

test('asks for a certificate of the senders where one is to be shown', async (t) => {
  const { servers, sink } = await opened(t)
  const [cert, key] = [testCertificate.cert, testCertificate.key]
  const tls = { cert: secret(cert), key: secret(key), clientCa: secret(cert) }
  const server = await startGrpcServer({ host: '127.0.0.1', port: 0, tls }, () => servers.receiver)
  t.after(() => server.close())
  const own = credentials.createSsl(Buffer.from(cert), Buffer.from(key), Buffer.from(cert))
  assert.deepEqual(await callerOf(server.port, t, asTarget, own)(counter(cumulative)), Buffer.alloc(0))
  const nameless = credentials.createSsl(Buffer.from(cert))
  assert.equal(
    errorOf(await callerOf(server.port, t, asTarget, nameless)(counter(cumulative))).code,
    status.UNAVAILABLE,
  )
  assert.equal(sink.samples.length, 1)
})

test('an address that is taken is told with the reason', async (t) => {
  const { servers } = await opened(t)
  const again = startGrpcServer({ host: '127.0.0.1', port: servers.grpcPort }, () => servers.receiver)
  await assert.rejects(again, new RegExp(`cannot listen on 127.0.0.1:${servers.grpcPort} for OTLP/gRPC`))
})
