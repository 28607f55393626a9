import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { cpus } from 'node:os'
import protobuf from 'protobufjs'
import SnappyJS from 'snappyjs'

/**
 * Samples per CPU second through the remote-write path: real HTTP over loopback, snappy, protobuf, series look-up,
 * window accounting. The sender is this process; only the server's CPU time counts. Bodies are built beforehand.
 */
export async function benchIngest(): Promise<void> {
  console.log(`remote write over HTTP, ${samplesPerRequest} samples a request, ${connections} connections`)
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}\n`)
  for (const seriesCount of [20_000, 200_000]) {
    const figures = await measure(seriesCount, seriesCount === 20_000 ? 60 : 6)
    console.log(
      `${String(seriesCount).padStart(7)} series: ${figures.secondsPerMillion.map((x) => x.toFixed(3)).join(' ')} CPU s per million samples` +
        `, ${(1 / median(figures.secondsPerMillion)).toFixed(2)} million per CPU second, RSS ${figures.rssMib.toFixed(0)} MiB`,
    )
  }
}

const samplesPerRequest = 2_000
const connections = 4
const segments = 3

interface Usage {
  readonly cpuSeconds: number
  readonly rssBytes: number
  readonly series: number
}

async function measure(seriesCount: number, roundsPerSegment: number) {
  const server = fork(new URL('./ingest-server.ts', import.meta.url))
  try {
    server.send(rules())
    const [{ url }] = await once(server, 'message')
    const send = sender(url)
    // The first rounds resolve every series and let the compiler settle.
    for (const body of bodies(seriesCount, 0, 3)) await send(body)
    const secondsPerMillion: number[] = []
    let rssMib = 0
    for (let segment = 0; segment < segments; segment++) {
      const prepared = [...bodies(seriesCount, 3 + segment * roundsPerSegment, roundsPerSegment)]
      const before = await usage(server)
      await sendAll(prepared, send)
      const after = await usage(server)
      if (after.series !== seriesCount)
        throw new Error(`the server counts ${after.series} series instead of ${seriesCount}`)
      secondsPerMillion.push(((after.cpuSeconds - before.cpuSeconds) / (seriesCount * roundsPerSegment)) * 1e6)
      rssMib = after.rssBytes / 2 ** 20
    }
    return { secondsPerMillion, rssMib }
  } finally {
    server.send('stop')
    await once(server, 'exit')
  }
}

/** 100 services, each with an SLO that wants all of its series. */
function rules(): string {
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

const writeRequest = protobuf
  .parse(
    `syntax = "proto3";
    message WriteRequest { repeated TimeSeries timeseries = 1; }
    message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
    message Label { string name = 1; string value = 2; }
    message Sample { double value = 1; int64 timestamp = 2; }`,
  )
  .root.lookupType('WriteRequest')

const startMs = 1_767_225_600_000

/** Requests that carry one sample of every series per round, 15 s apart. */
function* bodies(seriesCount: number, firstRound: number, rounds: number): Iterable<Buffer> {
  for (let round = firstRound; round < firstRound + rounds; round++) {
    for (let from = 0; from < seriesCount; from += samplesPerRequest) {
      const timeseries = Array.from({ length: samplesPerRequest }, (_, index) => series(from + index, round))
      yield Buffer.from(SnappyJS.compress(writeRequest.encode({ timeseries }).finish()))
    }
  }
}

function series(index: number, round: number) {
  const labels = [
    ['__name__', 'http_requests_total'],
    ['code', index % 10 === 0 ? '500' : '200'],
    ['handler', `/api/v1/resource/${index % 7}`],
    ['instance', `10.0.${(index >> 8) % 256}.${index % 256}:8080`],
    ['job', `service-${index % 100}`],
    ['method', index % 2 === 0 ? 'GET' : 'POST'],
    ['namespace', 'production'],
    ['pod', `service-${index % 100}-7d9f8b6c5d-${index}`],
    ['region', ['eu-west-1', 'us-east-1', 'ap-south-1'][index % 3] ?? ''],
  ].map(([name, value]) => ({ name, value }))
  return { labels, samples: [{ value: (index % 50) * round, timestamp: startMs + round * 15_000 }] }
}

function sender(url: string): (body: Buffer) => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return (body) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
      const post = request(`${url}/api/v1/write`, { method: 'POST', agent, headers }, (response) => {
        response.resume()
        response.on('end', () => {
          if (response.statusCode === 204) resolve()
          else reject(new Error(`the server answered ${response.statusCode}`))
        })
      })
      post.on('error', reject)
      post.end(body)
    })
}

/** Rounds must arrive in order, requests of one round need not. */
async function sendAll(prepared: readonly Buffer[], send: (body: Buffer) => Promise<void>): Promise<void> {
  for (let from = 0; from < prepared.length; from += connections) {
    await Promise.all(prepared.slice(from, from + connections).map(send))
  }
}

async function usage(server: ChildProcess): Promise<Usage> {
  server.send('usage')
  const [answer] = await once(server, 'message')
  return answer
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
