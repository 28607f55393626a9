import SnappyJS from 'snappyjs'

/** Samples of one request, as Prometheus sends them by default. */
export const samplesPerRequest = 2_000

/** Time between two samples of a series. */
export const scrapeMs = 15_000

/** In which order the series of a round are sent. */
export type SeriesOrder = 'as-last-time' | 'shuffled'

/** A stream of requests: `series` counters, one sample of each per round. */
export interface Stream {
  readonly series: number
  readonly order: SeriesOrder
  /** The time of the samples of round 0. */
  readonly startMs: number
}

/**
 * The compressed requests of one round. Instances of 20 series each, with nine labels of some 190 bytes in all. Messages are
 * put together by hand, since the sender is not what is measured; test/ingest compares what is read with protobufjs.
 */
export function roundOf({ series, order, startMs }: Stream, labels: readonly Buffer[], round: number): Buffer[] {
  const places = order === 'shuffled' ? shuffled(series, round) : undefined
  const requests: Buffer[] = []
  for (let from = 0; from < series; from += samplesPerRequest) {
    const parts: Buffer[] = []
    for (let place = from; place < Math.min(series, from + samplesPerRequest); place++) {
      const index = places?.[place] ?? place
      parts.push(seriesMessage(labels[index], (index % 50) * round, startMs + round * scrapeMs))
    }
    requests.push(Buffer.from(SnappyJS.compress(Buffer.concat(parts))))
  }
  return requests
}

/** The encoded labels of every series, which are the same in each round. */
export function encodedLabels(series: number, metric = 'http_requests_total'): Buffer[] {
  return Array.from({ length: series }, (_, index) => Buffer.concat(labelsOf(index, metric).map(labelMessage)))
}

const seriesPerInstance = 20

function labelsOf(index: number, metric: string): readonly (readonly [string, string])[] {
  const instance = Math.floor(index / seriesPerInstance)
  const within = index % seriesPerInstance
  return [
    ['__name__', metric],
    ['code', within % 10 === 0 ? '500' : '200'],
    ['handler', `/api/v1/resource/${within % 10}`],
    ['instance', `10.0.${(instance >> 8) % 256}.${instance % 256}:8080`],
    ['job', `service-${instance % 100}`],
    ['method', within < 10 ? 'GET' : 'POST'],
    ['namespace', 'production'],
    ['pod', `service-${instance % 100}-7d9f8b6c5d-${instance}`],
    ['region', ['eu-west-1', 'us-east-1', 'ap-south-1'][instance % 3] ?? ''],
  ]
}

/** The encoded labels of one series. */
export function encodedSeries(labels: Readonly<Record<string, string>>): Buffer {
  const names = Object.keys(labels).sort((a, b) => (a < b ? -1 : 1))
  return Buffer.concat(names.map((name) => labelMessage([name, labels[name]])))
}

/** A compressed request with samples of some series. */
export function requestOf(
  series: readonly {
    readonly labels: Buffer
    readonly samples: readonly (readonly [timeMs: number, value: number])[]
  }[],
): Buffer {
  const parts = series.map(({ labels, samples }) =>
    field(1, Buffer.concat([labels, ...samples.map(([timeMs, value]) => field(2, sampleMessage(value, timeMs)))])),
  )
  return Buffer.from(SnappyJS.compress(Buffer.concat(parts)))
}

function labelMessage([name, value]: readonly [string, string]): Buffer {
  return field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))]))
}

function seriesMessage(labels: Buffer, value: number, timeMs: number): Buffer {
  return field(1, Buffer.concat([labels, field(2, sampleMessage(value, timeMs))]))
}

/** One encoded sample. */
export function sampleMessage(value: number, timeMs: number): Buffer {
  const sample = Buffer.alloc(9 + 7)
  sample[0] = 0x09
  sample.writeDoubleLE(value, 1)
  sample[9] = 0x10
  varint(timeMs).copy(sample, 10)
  return sample
}

/** An encoded field that holds a message. */
export function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | 2), varint(content.length), content])
}

/** An encoded whole number. */
export function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

/** Another order in every round, but the same in every run: a linear congruence draws the places. */
function shuffled(length: number, round: number): Uint32Array {
  const places = Uint32Array.from({ length }, (_, index) => index)
  let state = (round + 1) * 2_654_435_761
  for (let index = length - 1; index > 0; index--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (index + 1))
    const place = places[index]
    places[index] = places[other]
    places[other] = place
  }
  return places
}

/** 100 services, each with an SLO that wants all of its series. */
export function rules(): string {
  return Array.from({ length: 100 }, (_, service) => {
    const selector = `http_requests_total{job="service-${service}"`
    return `apiVersion: sloburn/v1
kind: SLO
metadata: { name: service-${service} }
spec:
  service: service-${service}
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: '${selector},code=~"5.."}'
      total: '${selector}}'
`
  }).join('---\n')
}
