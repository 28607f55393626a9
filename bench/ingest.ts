import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import protobuf from 'protobufjs'
import SnappyJS from 'snappyjs'

/**
 * Samples per CPU second through the remote-write path: real HTTP over loopback, snappy, protobuf, series look-up,
 * window accounting; and the same stream into Debian's Prometheus where it is installed. The sender is this process;
 * only the server's CPU time counts. Bodies are built beforehand.
 */
export async function benchIngest(): Promise<void> {
  console.log(`remote write over HTTP, ${samplesPerRequest} samples a request, ${connections} connections`)
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}\n`)
  const withPeer = existsSync(prometheusPath)
  if (!withPeer) console.log(`${prometheusPath} is not installed, so there is nothing to compare with`)
  for (const seriesCount of [20_000, 200_000]) {
    const rounds = seriesCount === 20_000 ? 60 : 6
    const own = await measure(await startOwn(), seriesCount, rounds)
    print('sloburn', seriesCount, own)
    if (!withPeer) continue
    const peer = await measure(await startPrometheus(), seriesCount, rounds)
    print('prometheus', seriesCount, peer)
    const ratio = median(peer.secondsPerMillion) / median(own.secondsPerMillion)
    console.log(`${''.padStart(18)} sloburn takes ${ratio.toFixed(1)}× less CPU a sample\n`)
  }
}

const samplesPerRequest = 2_000
const connections = 4
const segments = 3
const prometheusPath = '/usr/bin/prometheus'

/** A server under test. */
interface Subject {
  readonly url: string
  usage(): Promise<Usage>
  stop(): Promise<void>
}

interface Usage {
  readonly cpuSeconds: number
  readonly rssBytes: number
}

interface Figures {
  readonly secondsPerMillion: readonly number[]
  readonly rssMib: number
}

function print(name: string, seriesCount: number, { secondsPerMillion, rssMib }: Figures): void {
  const figures = secondsPerMillion.map((seconds) => seconds.toFixed(2)).join(' ')
  const perSecond = (1 / median(secondsPerMillion)).toFixed(2)
  console.log(
    `${name.padEnd(10)} ${String(seriesCount).padStart(7)} series: ${figures} CPU s per million samples, ` +
      `${perSecond} million per CPU second, RSS ${rssMib.toFixed(0)} MiB`,
  )
}

async function measure(subject: Subject, seriesCount: number, roundsPerSegment: number): Promise<Figures> {
  try {
    const send = sender(subject.url)
    // The first rounds resolve every series and let compilers settle.
    for (const body of bodies(seriesCount, 0, 3)) await send(body)
    const secondsPerMillion: number[] = []
    let rssMib = 0
    for (let segment = 0; segment < segments; segment++) {
      const prepared = [...bodies(seriesCount, 3 + segment * roundsPerSegment, roundsPerSegment)]
      const before = await subject.usage()
      await sendAll(prepared, send)
      const after = await subject.usage()
      secondsPerMillion.push(((after.cpuSeconds - before.cpuSeconds) / (seriesCount * roundsPerSegment)) * 1e6)
      rssMib = after.rssBytes / 2 ** 20
    }
    return { secondsPerMillion, rssMib }
  } finally {
    await subject.stop()
  }
}

async function startOwn(): Promise<Subject> {
  const server = fork(new URL('ingest-server.ts', import.meta.url))
  server.send(rules())
  const [{ url }] = await once(server, 'message')
  return {
    url,
    usage: async () => {
      server.send('usage')
      const [answer] = await once(server, 'message')
      return answer
    },
    stop: async () => {
      server.send('stop')
      await once(server, 'exit')
    },
  }
}

async function startPrometheus(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-bench-'))
  writeFileSync(join(folder, 'prometheus.yml'), 'global: { scrape_interval: 1h }\n')
  const server = spawn(
    prometheusPath,
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      '--web.listen-address=127.0.0.1:0',
      '--web.enable-remote-write-receiver',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const port = await portOf(server)
  return {
    url: `http://127.0.0.1:${port}`,
    usage: () => Promise.resolve(usageOf(server)),
    stop: async () => {
      server.kill('SIGINT')
      await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** It names the port it was told first, and the one it got once it listens. */
async function portOf(server: ChildProcess): Promise<string> {
  if (server.stderr === null) throw new Error('the output of Prometheus is not read')
  for await (const line of createInterface({ input: server.stderr })) {
    const port = /Listening on.*address=127\.0\.0\.1:([1-9]\d*)/.exec(line)?.[1]
    if (port === undefined) continue
    server.stderr.resume()
    return port
  }
  throw new Error('Prometheus ended before it listened')
}

/** CPU time in clock ticks of 10 ms and memory in pages of 4 KiB, from the kernel. */
function usageOf({ pid }: ChildProcess): Usage {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, rssBytes: Number(fields[21]) * 4_096 }
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

/** A little in the past, since Prometheus takes nothing older than its head. */
const startMs = Math.floor(Date.now() / 15_000) * 15_000 - 3_600_000

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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
