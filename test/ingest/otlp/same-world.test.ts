import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { sloStatuses } from '../../../src/engine/slo-status.ts'
import { otlpReceiver } from '../../../src/ingest/otlp/receiver.ts'
import { remoteWriteRoute } from '../../../src/ingest/remote-write/receiver.ts'
import { silentLog } from '../../../src/ports/log.ts'
import { silentMeter } from '../../../src/ports/meter.ts'
import type { SampleSink } from '../../../src/ports/sample-sink.ts'
import { parseRules } from '../../../src/rules/parse-rules.ts'
import { anEngine, evaluateAll } from '../../support/engine-world.ts'
import {
  attributes,
  cumulative,
  delta,
  encodeExport,
  type MadeMetric,
  nanos,
} from '../../support/ingest-otlp-messages.ts'
import { plainSource } from '../../support/ingest-otlp-server.ts'
import {
  type ShopTotals,
  type ShopWorld,
  shopBounds,
  shopRoundMs,
  shopTotals,
  shopTruth,
  shopWorlds,
} from '../../support/ingest-shop-world.ts'
import { compress, encodeWriteRequest, written } from '../../support/ingest-write-requests.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const rules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: requests }
spec:
  service: shop
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: http_server_requests_total{http_response_status_code="500"}
      total: http_server_requests_total
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: latency }
spec:
  service: shop
  objective: 99
  window: 30d
  indicator:
    latency: { histogram: http_server_request_duration_seconds, below: 250ms }
`

const { slos } = await parseRules([{ name: 'rules.yaml', text: rules }])
const firstMs = 1_767_225_600_000
const clock = new VirtualClock(firstMs)

/** Brings a world into an engine by one path. */
type Path = (world: ShopWorld, sink: SampleSink, order: () => number) => void

const paths: Readonly<Record<string, Path>> = {
  'OTLP, cumulative': (world, sink) => sendOtlp(world, sink, totalMetrics, 'protobuf'),
  'OTLP in JSON, cumulative': (world, sink) => sendOtlp(world, sink, totalMetrics, 'json'),
  'OTLP, delta': (world, sink) => sendOtlp(world, sink, deltaMetrics, 'protobuf'),
  'OTLP in JSON, delta': (world, sink) => sendOtlp(world, sink, deltaMetrics, 'json'),
  'OTLP, exponential and cumulative': (world, sink) => sendOtlp(world, sink, exponentialMetrics, 'protobuf'),
  'OTLP, delta, each sent twice and in any order': (world, sink, order) => {
    const requests = [...otlpRequests(world, deltaMetrics), ...otlpRequests(world, deltaMetrics)]
    const shuffled = requests.map((request) => ({ request, place: order() })).toSorted((a, b) => a.place - b.place)
    const take = otlpInlet(sink)
    for (const { request } of shuffled) take(encodeExport(request))
  },
  'remote write': sendRemoteWrite,
}

for (const [name, path] of Object.entries(paths)) {
  test(`the same world counts to the event by ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(shopWorlds, fc.infiniteStream(fc.nat()), async (world, chance) => {
        const engine = anEngine({ slos: slos ?? [] })
        path(world, engine.sink, () => chance.next().value ?? 0)
        await evaluateAll(engine)
        const statuses = sloStatuses(engine, firstMs + world.length * shopRoundMs)
        const counted = Object.fromEntries(
          statuses.map(({ name: slo, scopes }) => [
            slo,
            scopes.find(({ scope }) => scope === 'global')?.countedSinceStart,
          ]),
        )
        assert.deepEqual(counted, shopTruth(world))
      }),
      { numRuns: 40 },
    )
  })
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

function totalMetrics(now: ShopTotals, _before: ShopTotals | undefined, round: number): MadeMetric[] {
  return metrics(now, now.startMs, round, cumulative)
}

/** What happened since the round before, or since a start in between. */
function deltaMetrics(now: ShopTotals, before: ShopTotals | undefined, round: number): MadeMetric[] {
  if (before === undefined || before.startMs !== now.startMs) return metrics(now, now.startMs, round, delta)
  const since = {
    ...now,
    good: now.good - before.good,
    bad: now.bad - before.bad,
    latencies: now.latencies.slice(before.latencies.length),
  }
  return metrics(since, firstMs + (round - 1) * shopRoundMs, round, delta)
}

function metrics(counted: ShopTotals, startMs: number, round: number, aggregationTemporality: number): MadeMetric[] {
  const times = { startTimeUnixNano: nanos(startMs), timeUnixNano: nanos(firstMs + round * shopRoundMs) }
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

/** At scale 0 the bounds are powers of two, so that 0.25 is one and nothing is estimated; half way the resolution falls. */
function exponentialMetrics(now: ShopTotals, before: ShopTotals | undefined, round: number): MadeMetric[] {
  const [requests] = totalMetrics(now, before, round)
  assert.ok(requests !== undefined)
  const scale = round < 2 ? 3 : 0
  const indices = now.latencies.map((seconds) => Math.ceil(Math.log2(seconds) * 2 ** scale) - 1)
  const offset = Math.min(...indices)
  const counts = Array.from({ length: Math.max(...indices) - offset + 1 }, (_, index) => {
    return String(indices.filter((each) => each === index + offset).length)
  })
  const point = {
    startTimeUnixNano: nanos(now.startMs),
    timeUnixNano: nanos(firstMs + round * shopRoundMs),
    count: String(now.latencies.length),
    scale,
    positive: { offset, bucketCounts: counts },
  }
  const data = { dataPoints: [point], aggregationTemporality: cumulative }
  return [requests, { name: 'http.server.request.duration', unit: 's', exponentialHistogram: data }]
}

function bucketCounts(latencies: readonly number[]): string[] {
  return [...shopBounds, Number.POSITIVE_INFINITY].map((bound, index) => {
    const above = shopBounds[index - 1] ?? Number.NEGATIVE_INFINITY
    return String(latencies.filter((seconds) => seconds > above && seconds <= bound).length)
  })
}

/** A zero of every series at each start, since remote write 1.0 does not tell starts, and a restart may reach the same value. */
function sendRemoteWrite(world: ShopWorld, sink: SampleSink): void {
  const route = remoteWriteRoute({
    sources: [{ name: 'push', region: 'eu' }],
    sink,
    clock,
    meter: silentMeter,
    log: silentLog,
  })
  const totals = [0, 1].map((process) => shopTotals(world, process, firstMs))
  for (const round of world.keys()) {
    const timeseries = totals.flatMap((ofProcess, process) => {
      const now = ofProcess[round]
      assert.ok(now !== undefined)
      const zero = { ...now, good: 0, bad: 0, latencies: [] }
      const starts = ofProcess[round - 1]?.startMs === now.startMs ? [] : writtenSeries(zero, process, now.startMs)
      return [...starts, ...writtenSeries(now, process, firstMs + round * shopRoundMs)]
    })
    const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
    const request = {
      params: {},
      query: new URLSearchParams(),
      headers,
      body: compress(encodeWriteRequest({ timeseries })),
    }
    const answer = route.handle(request)
    assert.ok(!(answer instanceof Promise))
    assert.equal(answer.status, 204)
  }
}

function writtenSeries({ good, bad, latencies }: ShopTotals, process: number, timestamp: number) {
  const who = { job: 'shop', instance: `p${process}` }
  const requests = { __name__: 'http_server_requests_total', ...who }
  const histogram = 'http_server_request_duration_seconds'
  const within = (bound: number) => latencies.filter((seconds) => seconds <= bound).length
  return [
    written({ ...requests, http_response_status_code: '200' }, good, timestamp),
    written({ ...requests, http_response_status_code: '500' }, bad, timestamp),
    ...shopBounds.map((bound) =>
      written({ __name__: `${histogram}_bucket`, le: String(bound), ...who }, within(bound), timestamp),
    ),
    written({ __name__: `${histogram}_count`, ...who }, latencies.length, timestamp),
  ]
}
