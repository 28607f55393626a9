import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, credentials, Metadata } from '@grpc/grpc-js'
import { otlpReceiver } from '../../../src/ingest/otlp/receiver.ts'
import { silentLog } from '../../../src/ports/log.ts'
import { silentMeter } from '../../../src/ports/meter.ts'
import type { SampleSink } from '../../../src/ports/sample-sink.ts'
import {
  attributes,
  cumulative,
  delta,
  encodeExport,
  type MadeMetric,
  nanos,
} from '../../support/ingest-otlp-messages.ts'
import { openOtlpServers, plainSource } from '../../support/ingest-otlp-server.ts'
import { countsWhatHappened, firstMs, roundMs } from '../../support/ingest-same-world.ts'
import { type ShopTotals, type ShopWorld, shopBounds, shopTotals } from '../../support/ingest-shop-world.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const clock = new VirtualClock(firstMs)

/** Brings a world into an engine by one path. */
type Path = (world: ShopWorld, sink: SampleSink, order: () => number) => void | Promise<void>

const paths: Readonly<Record<string, Path>> = {
  'OTLP, cumulative': (world, sink) => sendOtlp(world, sink, totalMetrics, 'protobuf'),
  'OTLP in JSON, cumulative': (world, sink) => sendOtlp(world, sink, totalMetrics, 'json'),
  'OTLP, delta': (world, sink) => sendOtlp(world, sink, deltaMetrics, 'protobuf'),
  'OTLP in JSON, delta': (world, sink) => sendOtlp(world, sink, deltaMetrics, 'json'),
  'OTLP, exponential and cumulative': (world, sink) => sendOtlp(world, sink, exponentialTotals, 'protobuf'),
  'OTLP, exponential and delta': (world, sink) => sendOtlp(world, sink, exponentialDeltas, 'protobuf'),
  'OTLP, delta, each sent twice and in any order': (world, sink, order) => {
    const requests = [...otlpRequests(world, deltaMetrics), ...otlpRequests(world, deltaMetrics)]
    const shuffled = requests.map((request) => ({ request, place: order() })).toSorted((a, b) => a.place - b.place)
    const take = otlpInlet(sink)
    for (const { request } of shuffled) take(encodeExport(request))
  },
}

for (const [name, path] of Object.entries(paths)) {
  test(`the same world counts to the event by ${name}`, () =>
    countsWhatHappened((world, { sink }, chance) => path(world, sink, chance)))
}

for (const [name, metricsOf] of [
  ['cumulative', totalMetrics],
  ['delta', deltaMetrics],
] as const) {
  test(`the same world counts to the event by OTLP over gRPC, ${name}`, () =>
    countsWhatHappened((world, { sink }) => callGrpc(world, sink, metricsOf), 8))
}

type MetricsOf = (now: ShopTotals, before: ShopTotals | undefined, round: number) => MadeMetric[]

function* otlpRequests(world: ShopWorld, metricsOf: MetricsOf): Iterable<object> {
  const totals = [0, 1].map((process) => shopTotals(world, process, firstMs))
  for (const round of world.keys()) {
    yield {
      resourceMetrics: totals.map((ofProcess, process) => {
        const resource = { 'service.name': 'shop', 'service.instance.id': `p${process}` }
        const now = ofProcess[round]
        assert.ok(now !== undefined)
        const made = metricsOf(now, ofProcess[round - 1], round)
        return { resource: { attributes: attributes(resource) }, scopeMetrics: [{ metrics: made }] }
      }),
    }
  }
}

function otlpInlet(sink: SampleSink, form: 'protobuf' | 'json' = 'protobuf') {
  const receiver = otlpReceiver({
    sources: [{ ...plainSource, region: 'eu' }],
    sink,
    clock,
    meter: silentMeter,
    log: silentLog,
  })
  const inlet = receiver.admit({ source: undefined, authorization: undefined })
  assert.ok('takeProtobuf' in inlet)
  return (body: Uint8Array | string) => {
    const outcome = typeof body === 'string' ? inlet.takeJson(body) : inlet.takeProtobuf(body)
    assert.deepEqual(outcome, { kind: 'taken', partial: undefined }, form)
  }
}

function sendOtlp(world: ShopWorld, sink: SampleSink, metricsOf: MetricsOf, form: 'protobuf' | 'json'): void {
  const take = otlpInlet(sink, form)
  for (const request of otlpRequests(world, metricsOf)) {
    take(form === 'json' ? JSON.stringify(request) : encodeExport(request))
  }
}

const identity = (bytes: Buffer): Buffer => bytes

/** By real calls. */
async function callGrpc(world: ShopWorld, sink: SampleSink, metricsOf: MetricsOf): Promise<void> {
  const servers = await openOtlpServers(sink, clock, [{ ...plainSource, region: 'eu' }])
  const client = new Client(`127.0.0.1:${servers.grpcPort}`, credentials.createInsecure())
  const method = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export'
  try {
    for (const request of otlpRequests(world, metricsOf)) {
      const body = Buffer.from(encodeExport(request))
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      client.makeUnaryRequest(method, identity, identity, body, new Metadata(), (error, answer) => {
        if (error !== null) reject(error)
        else if (answer?.length !== 0) reject(new Error('not all was taken'))
        else resolve()
      })
      await promise
    }
  } finally {
    client.close()
    await servers.close()
  }
}

function totalMetrics(now: ShopTotals, _before: ShopTotals | undefined, round: number): MadeMetric[] {
  return metrics(now, now.startMs, round, cumulative)
}

function deltaMetrics(now: ShopTotals, before: ShopTotals | undefined, round: number): MadeMetric[] {
  const since = sinceBefore(now, before, round)
  return metrics(since, since.startMs, round, delta)
}

/** What happened since the round before, or since a start in between. */
function sinceBefore(now: ShopTotals, before: ShopTotals | undefined, round: number): ShopTotals {
  if (before === undefined || before.startMs !== now.startMs) return now
  return {
    startMs: roundMs(round - 1),
    good: now.good - before.good,
    bad: now.bad - before.bad,
    latencies: now.latencies.slice(before.latencies.length),
  }
}

function metrics(counted: ShopTotals, startMs: number, round: number, aggregationTemporality: number): MadeMetric[] {
  const times = { startTimeUnixNano: nanos(startMs), timeUnixNano: nanos(roundMs(round)) }
  const of = (code: string, value: number) => {
    return { ...times, attributes: attributes({ 'http.response.status_code': code }), asInt: String(value) }
  }
  const { latencies } = counted
  const histogram = {
    ...times,
    count: String(latencies.length),
    sum: latencies.reduce((sum, seconds) => sum + seconds, 0),
    explicitBounds: shopBounds,
    bucketCounts: bucketCounts(latencies),
  }
  return [
    {
      name: 'http.server.requests',
      unit: '{request}',
      sum: {
        dataPoints: [of('200', counted.good), of('500', counted.bad)],
        aggregationTemporality,
        isMonotonic: true,
      },
    },
    { name: 'http.server.request.duration', unit: 's', histogram: { dataPoints: [histogram], aggregationTemporality } },
  ]
}

function exponentialTotals(now: ShopTotals, before: ShopTotals | undefined, round: number): MadeMetric[] {
  return exponential(totalMetrics(now, before, round), now, round, cumulative)
}

function exponentialDeltas(now: ShopTotals, before: ShopTotals | undefined, round: number): MadeMetric[] {
  return exponential(deltaMetrics(now, before, round), sinceBefore(now, before, round), round, delta)
}

/** At scale 0 the bounds are powers of two, so that 0.25 is one and nothing is estimated; half way the resolution falls. */
function exponential(
  [requests]: readonly MadeMetric[],
  { startMs, latencies }: ShopTotals,
  round: number,
  aggregationTemporality: number,
): MadeMetric[] {
  assert.ok(requests !== undefined)
  const scale = round < 2 ? 3 : 0
  const indices = latencies.map((seconds) => Math.ceil(Math.log2(seconds) * 2 ** scale) - 1)
  const offset = Math.min(...indices)
  const counts = Array.from({ length: Math.max(...indices) - offset + 1 }, (_, index) => {
    return String(indices.filter((each) => each === index + offset).length)
  })
  const point = {
    startTimeUnixNano: nanos(startMs),
    timeUnixNano: nanos(roundMs(round)),
    count: String(latencies.length),
    scale,
    positive: { offset, bucketCounts: counts },
  }
  const data = { dataPoints: [point], aggregationTemporality }
  return [requests, { name: 'http.server.request.duration', unit: 's', exponentialHistogram: data }]
}

function bucketCounts(latencies: readonly number[]): string[] {
  return [...shopBounds, Number.POSITIVE_INFINITY].map((bound, index) => {
    const above = shopBounds[index - 1] ?? Number.NEGATIVE_INFINITY
    return String(latencies.filter((seconds) => seconds > above && seconds <= bound).length)
  })
}
