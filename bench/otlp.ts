import type { Labels } from '../src/core/model/labels.ts'
import { Engine } from '../src/engine/engine.ts'
import { PointWriter } from '../src/ingest/otlp/point-writer.ts'
import { seriesAllowance } from '../src/ingest/series-allowance.ts'
import { MetricsReader } from '../src/ingest/wire/otlp-metrics.ts'
import { silentMeter } from '../src/ports/meter.ts'
import { noAppends, type SampleBatch, type SampleSink, unwantedSeries } from '../src/ports/sample-sink.ts'
import { parseRules } from '../src/rules/parse-rules.ts'
import { memoryStore } from '../src/simulation/memory-store.ts'
import { attributes, encodeExport, type MadeMetric, nanos, otlpType } from '../test/support/ingest-otlp-messages.ts'
import { silentRouting } from '../test/support/silent-routing.ts'
import { cpuSeconds, machine, median } from './measure.ts'

/**
 * CPU seconds per million OTLP points from bytes to the sink, against protobufjs that decodes the same bytes to objects and does
 * nothing with them, by turns in one run. `append` ends at a sink that adds the values up; `engine` counts them for SLOs.
 */
export async function benchOtlp(): Promise<void> {
  console.log(`OTLP, ${pointsPerRequest} points a request, ${seriesCount} series; ${machine()}\n`)
  for (const kind of kinds) {
    const requests = Array.from({ length: rounds }, (_, round) => requestsOf(kind, round))
    const subjects = { protobufjs: decodeAlone(), append: intoSink(addingSink()), engine: intoSink(await engineSink()) }
    const figures = { protobufjs: [] as number[], append: [] as number[], engine: [] as number[] }
    for (const subject of Object.values(subjects)) run(subject, requests.slice(0, warmUpRounds))
    for (let segment = 0; segment < segments; segment++) {
      const from = warmUpRounds + segment * roundsPerSegment
      const part = requests.slice(from, from + roundsPerSegment)
      for (const name of names) figures[name].push(run(subjects[name], part))
    }
    const peer = median(figures.protobufjs)
    for (const name of names) {
      const shown = figures[name].map((seconds) => seconds.toFixed(3)).join(' ')
      const ratio = name === 'protobufjs' ? '' : `, ${(peer / median(figures[name])).toFixed(1)}× less than protobufjs`
      console.log(`${kind.padEnd(10)} ${name.padEnd(10)} ${shown} CPU s per million points${ratio}`)
    }
    const floor = floors[kind]
    const reached = peer / median(figures.append)
    console.log(`${''.padEnd(10)} at least ${floor}× to append: ${reached >= floor ? 'reached' : 'NOT REACHED'}\n`)
  }
}

const pointsPerRequest = 2_000
const seriesCount = 20_000
const segments = 3
const warmUpRounds = 4
const roundsPerSegment = 8
const rounds = warmUpRounds + segments * roundsPerSegment
const kinds = ['sums', 'histograms'] as const
const floors = { sums: 8, histograms: 6 } as const
const names = ['protobufjs', 'append', 'engine'] as const

type Subject = (request: Uint8Array) => void

/** Seconds per million points. */
function run(subject: Subject, part: readonly (readonly Uint8Array[])[]): number {
  const seconds = cpuSeconds(() => {
    for (const requests of part) for (const request of requests) subject(request)
  })
  return (seconds / (part.length * seriesCount)) * 1e6
}

function decodeAlone(): Subject {
  const type = otlpType('ExportMetricsServiceRequest')
  return (request) => void type.decode(request)
}

function intoSink(sink: SampleSink): Subject {
  const labels = { resourceAttributes: [], translation: 'underscore' } as const
  const origin = { source: 'bench', region: undefined, splitDelivery: true }
  const writer = new PointWriter({ origin, sink, meter: silentMeter, allowance: seriesAllowance(), labels })
  const reader = new MetricsReader(writer)
  return (request) => {
    writer.begin(startMs)
    const fault = reader.read(request)
    const { received, rejected } = writer.end()
    if (fault !== undefined || received !== pointsPerRequest || rejected.size > 0) {
      throw new Error(fault ?? `${received} points, refused: ${JSON.stringify([...rejected])}`)
    }
  }
}

/** Counters, and of histograms what a latency SLO wants. */
function isWanted(labels: Labels): boolean {
  const le = labels.get('le')
  return le === undefined ? labels.get('__name__')?.endsWith('_sum') !== true : le === '0.25'
}

/** Does the least that a sink could: every value is looked at. */
function addingSink(): SampleSink {
  let refs = 0
  let sum = 0
  const append = (batch: SampleBatch) => {
    const counts = noAppends()
    for (let index = 0; index < batch.length; index++) sum += batch.values[index]
    counts.accepted = batch.length
    return counts
  }
  return {
    generation: 1,
    resolve: (labels) => (isWanted(labels) ? refs++ : unwantedSeries),
    resolveHistogram: () => undefined,
    append,
    appendDeltas: append,
    noteUncertain: () => {},
    noteExemplar: () => {
      if (sum < 0) throw new Error('values fell')
    },
  }
}

/** One SLO per service, which wants all of its series. */
async function engineSink(): Promise<SampleSink> {
  const text = Array.from({ length: services }, (_, service) => {
    const job = `job="service-${service}"`
    return `apiVersion: sloburn/v1
kind: SLO
metadata: { name: requests-${service} }
spec:
  service: service-${service}
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: 'http_server_requests_total{${job},http_response_status_code=~"5.."}'
      total: 'http_server_requests_total{${job}}'
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: latency-${service} }
spec:
  service: service-${service}
  objective: 99
  window: 30d
  indicator:
    latency: { histogram: 'http_server_request_duration_seconds{${job}}', below: 250ms }
`
  }).join('---\n')
  const { slos, problems } = await parseRules([{ name: 'bench.yaml', text }])
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
  const world = { store: memoryStore().store, now: () => Number.POSITIVE_INFINITY }
  return new Engine({ stepMs: 15_000, delayMs: 15_000 }, slos, silentRouting, world).sink
}

const services = 20
const startMs = 1_767_225_600_000

/** Every series once: one resource per service, as a collector passes them on. */
function requestsOf(kind: (typeof kinds)[number], round: number): Uint8Array[] {
  const perService = pointsPerRequest / 2
  return Array.from({ length: seriesCount / pointsPerRequest }, (_, request) =>
    encodeExport({
      resourceMetrics: [0, 1].map((half) => {
        const service = (request * 2 + half) % services
        const points = Array.from({ length: perService }, (__, index) => point(kind, index, round))
        const resource = {
          'service.name': `service-${service}`,
          'service.instance.id': `6f1b2a7e-${service}`,
          'service.version': '1.42.0',
          'cloud.region': ['eu-west-1', 'us-east-1', 'ap-south-1'][service % 3] ?? '',
          'k8s.namespace.name': 'production',
        }
        const scope = { name: '@opentelemetry/instrumentation-http', version: '0.301.0' }
        return {
          resource: { attributes: attributes(resource) },
          scopeMetrics: [{ scope, metrics: [metric(kind, points)] }],
        }
      }),
    }),
  )
}

function metric(kind: (typeof kinds)[number], dataPoints: readonly object[]): MadeMetric {
  if (kind === 'sums') {
    return {
      name: 'http.server.requests',
      unit: '{request}',
      sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true },
    }
  }
  return { name: 'http.server.request.duration', unit: 's', histogram: { dataPoints, aggregationTemporality: 2 } }
}

/** The bounds that semantic conventions advise for durations, and a last one. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

function point(kind: (typeof kinds)[number], index: number, round: number): object {
  const common = {
    attributes: attributes({
      'http.request.method': index % 2 === 0 ? 'GET' : 'POST',
      'http.response.status_code': index % 10 === 0 ? '500' : '200',
      'http.route': `/api/v1/resource/${index}`,
      'network.protocol.version': '1.1',
      'url.scheme': 'https',
    }),
    startTimeUnixNano: nanos(startMs - 1_000),
    timeUnixNano: nanos(startMs + round * 15_000),
  }
  if (kind === 'sums') return { ...common, asInt: String((index % 50) * round) }
  const bucketCounts = Array.from({ length: bounds.length + 1 }, (_, bucket) =>
    String(((bucket * 7 + index) % 23) * round),
  )
  const count = bucketCounts.reduce((sum, each) => sum + Number(each), 0)
  return { ...common, count: String(count), sum: count * 0.1, bucketCounts, explicitBounds: bounds, min: 0.001, max: 9 }
}
