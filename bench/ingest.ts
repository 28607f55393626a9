import { Agent, request } from 'node:http'
import { foreignTool } from '../test/support/debian.ts'
import { encodedLabels, roundOf, rules, type SeriesOrder, scrapeMs } from './ingest-stream.ts'
import { type Subject, startOwn, startPrometheus, startVictoriaMetrics } from './ingest-subjects.ts'
import { machine, median } from './measure.ts'

/**
 * CPU seconds per million samples through the remote-write path: real HTTP over loopback, snappy, protobuf, series look-up,
 * window accounting and a checkpoint on disk for every 30 s of event time, as the engine makes them; and the same stream into
 * Debian's Prometheus and VictoriaMetrics, which run side by side. The sender is this process; only the servers' CPU time counts.
 *
 * Words choose: `20k` or `200k` series, `in-order` or `shuffled`, `own` without the others, `plain` without WebAssembly,
 * `profile` with a CPU profile in .cache/profile.
 */
export async function benchIngest(words: readonly string[]): Promise<void> {
  console.log(
    `remote write over HTTP, ${connections} connections, CPU seconds per million samples, ${segments} segments`,
  )
  console.log(`${machine()}\n`)
  if (words.includes('plain')) process.env.SLOBURN_BENCH_PLAIN = '1'
  const rows: Row[] = []
  for (const order of chosen<SeriesOrder>(words, { 'in-order': 'as-last-time', shuffled: 'shuffled' })) {
    for (const series of chosen(words, { '20k': 20_000, '200k': 200_000 })) {
      rows.push(await measureAll(series, order, words))
    }
  }
  printRatios(rows)
}

const connections = 4
const segments = 3
const samplesPerSegment = 2_000_000
/** Rounds that resolve every series and let compilers settle. */
const warmUpRounds = 3
/** Event time between two checkpoints, as the engine's default is. */
const checkpointMs = 30_000
const profiling = ['--cpu-prof', '--cpu-prof-dir=.cache/profile']

const ownName = 'sloburn'
const peers = { prometheus: startPrometheus, 'victoria-metrics': startVictoriaMetrics } as const
const peerNames = ['prometheus', 'victoria-metrics'] as const

/** How many times less CPU than each peer a sample must take; 0 where nothing is promised. */
const floors: Readonly<Record<SeriesOrder, Readonly<Record<(typeof peerNames)[number], number>>>> = {
  'as-last-time': { prometheus: 20, 'victoria-metrics': 4 },
  shuffled: { prometheus: 15, 'victoria-metrics': 0 },
}

interface Figures {
  readonly secondsPerMillion: readonly number[]
  readonly rssMib: number
}

interface Row {
  readonly series: number
  readonly order: SeriesOrder
  readonly figures: ReadonlyMap<string, Figures>
}

async function measureAll(series: number, order: SeriesOrder, words: readonly string[]): Promise<Row> {
  // A little in the past, since Prometheus takes nothing older than its head.
  const rounds = warmUpRounds + (segments * samplesPerSegment) / series
  const startMs = Math.floor(Date.now() / scrapeMs - rounds) * scrapeMs
  const labels = encodedLabels(series)
  const stream = Array.from({ length: rounds }, (_, round) => roundOf({ series, order, startMs }, labels, round))
  const subjects = new Map<string, Subject>([
    [ownName, await startOwn(rules(), words.includes('profile') ? profiling : [])],
  ])
  try {
    for (const name of words.includes('own') ? [] : peerNames) {
      const { path, skip } = foreignTool(name)
      if (skip === false) subjects.set(name, await peers[name](path))
      else console.log(`not compared: ${skip}`)
    }
    return { series, order, figures: await measure(subjects, series, stream) }
  } finally {
    for (const subject of subjects.values()) await subject.stop()
  }
}

/**
 * Segment by segment, one subject after the other, so that whatever else the machine does meets all of them. A subject is
 * charged for what it does after its segment too, until its next one begins: the peers put work off.
 */
async function measure(
  subjects: ReadonlyMap<string, Subject>,
  series: number,
  stream: readonly (readonly Buffer[])[],
): Promise<ReadonlyMap<string, Figures>> {
  const runs = [...subjects].map(([name, subject]) => ({
    name,
    subject,
    send: sender(subject),
    marks: Array<number>(),
  }))
  for (const { subject, send } of runs) await sendRounds(stream.slice(0, warmUpRounds), subject, send)
  const perSegment = (stream.length - warmUpRounds) / segments
  for (let segment = 0; segment < segments; segment++) {
    const from = warmUpRounds + segment * perSegment
    for (const { subject, send, marks } of runs) {
      marks.push(subject.usage().cpuSeconds)
      await sendRounds(stream.slice(from, from + perSegment), subject, send)
    }
  }
  const figures = new Map<string, Figures>()
  for (const { name, subject, marks } of runs) {
    const { cpuSeconds, rssBytes } = subject.usage()
    const ends = [...marks.slice(1), cpuSeconds]
    const secondsPerMillion = marks.map((mark, index) => ((ends[index] - mark) / (series * perSegment)) * 1e6)
    figures.set(name, { secondsPerMillion, rssMib: rssBytes / 2 ** 20 })
  }
  for (const [name, each] of figures) print(name, series, each)
  console.log()
  return figures
}

/** Sends one body. */
export type Send = (body: Buffer) => Promise<void>

/** Sends bodies to a server, over connections that are kept; rejects unless it answers 204. */
export function sender({ url, path }: Subject): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
  return (body) =>
    new Promise((resolve, reject) => {
      const post = request(url + path, { method: 'POST', agent, headers }, (response) => {
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

/** Sends whole rounds, and lets the server make checkpoints. Rounds must arrive in order, requests of one need not. */
export async function sendRounds(rounds: readonly (readonly Buffer[])[], subject: Subject, send: Send): Promise<void> {
  for (const [index, round] of rounds.entries()) {
    for (let from = 0; from < round.length; from += connections) {
      await Promise.all(round.slice(from, from + connections).map(send))
    }
    if (((index + 1) * scrapeMs) % checkpointMs === 0) await subject.checkpoint()
  }
}

function print(name: string, series: number, { secondsPerMillion, rssMib }: Figures): void {
  const figures = secondsPerMillion.map((seconds) => seconds.toFixed(3)).join(' ')
  console.log(
    `${name.padEnd(16)} ${String(series).padStart(7)} series: ${figures} CPU s per million, RSS ${rssMib.toFixed(0)} MiB`,
  )
}

function printRatios(rows: readonly Row[]): void {
  console.log('| series | order | sloburn | peer | takes | times less | at least | holds |')
  console.log('|---|---|---|---|---|---|---|---|')
  for (const { series, order, figures } of rows) {
    const ours = median(figures.get(ownName)?.secondsPerMillion ?? [])
    for (const name of peerNames) {
      const peer = figures.get(name)
      if (peer === undefined) continue
      const theirs = median(peer.secondsPerMillion)
      const floor = floors[order][name]
      const cells = [series, order, ours.toFixed(3), name, theirs.toFixed(3), (theirs / ours).toFixed(1), floor || '–']
      console.log(`| ${cells.join(' | ')} | ${theirs / ours >= floor ? 'yes' : 'no'} |`)
    }
  }
}

/** The values of the words given, or all of them. */
function chosen<T>(words: readonly string[], values: Readonly<Record<string, T>>): T[] {
  const named = Object.keys(values).filter((word) => words.includes(word))
  return (named.length > 0 ? named : Object.keys(values)).map((word) => values[word])
}
