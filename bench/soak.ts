import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import SnappyJS from 'snappyjs'
import { rules } from './ingest-stream.ts'
import { machine } from './measure.ts'
import type { SoakReport, SoakWord } from './soak-server.ts'
import { SoakWorld, type Truth } from './soak-world.ts'

const samplesPerRequest = 2_000
const connections = 4
/** Rounds between two checkpoints that are let finish. */
const roundsPerCheckpoint = 10
/**
 * Rounds after one of those in which nothing restarts or goes. The process is killed after the third; what it had heard of
 * since the checkpoint comes back with the fourth, and would be gone for good where a counter is gone by then.
 */
const quietRounds = 4
const killedAfterRound = 2

/**
 * Churn, counter resets and kills at 200 000 series, over real HTTP with a store on disk: at the end every SLO must have
 * counted exactly what the world did, and memory must have stayed where it was.
 */
export async function benchSoak(words: readonly string[]): Promise<void> {
  const minutes = numberAfter(words, '--minutes') ?? 10
  const series = numberAfter(words, '--series') ?? 200_000
  console.log(`${machine()}; ${minutes} min at ${series} series, one scrape a minute of event time\n`)
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-soak-'))
  const subject = new Subject(join(folder, 'soak.db'))
  try {
    await soak(subject, new SoakWorld(series, Math.floor(Date.now() / 60_000) * 60_000 - 7 * 86_400_000, 7), minutes)
  } finally {
    await subject.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function soak(subject: Subject, world: SoakWorld, minutes: number): Promise<void> {
  const endsAt = performance.now() + minutes * 60_000
  await subject.start(world.now)
  const memory: number[] = []
  let kills = 0
  for (let round = 0; performance.now() < endsAt || round % roundsPerCheckpoint !== 0; round++) {
    const isQuiet = round % roundsPerCheckpoint < quietRounds
    await subject.send(world, isQuiet)
    await subject.ask({ word: 'evaluate', now: world.now })
    if (round % roundsPerCheckpoint === roundsPerCheckpoint - 1) {
      await subject.ask({ word: 'checkpoint' })
      const { rssBytes, series } = await subject.report()
      memory.push(rssBytes)
      line(world, kills, rssBytes, series)
    }
    if (round % roundsPerCheckpoint === killedAfterRound && round > roundsPerCheckpoint) {
      await subject.killWhileSaving(round % 60)
      kills++
      await subject.start(world.now)
    }
  }
  const { counted, cpuSeconds } = await subject.report()
  const { samples, ...happened } = world.figures
  console.log(`\n${samples} samples; ${JSON.stringify(happened)}; ${kills} kills while saving`)
  console.log(`CPU of the last process: ${cpuSeconds.toFixed(1)} s`)
  compare(counted, world.truth)
  const [early, late] = [memory.slice(Math.floor(memory.length / 2)), memory.slice(-3)].map((part) => Math.max(...part))
  console.log(`RSS at most ${mib(late)} MiB over the last checkpoints, ${mib(early)} MiB over the second half`)
}

function line(world: SoakWorld, kills: number, rssBytes: number, series: number): void {
  const { rounds, seriesEver } = world.figures
  console.log(
    `round ${String(rounds).padStart(5)}: ${series} series known of ${seriesEver} ever, ${kills} kills, RSS ${mib(rssBytes)} MiB`,
  )
}

function compare(counted: SoakReport['counted'], truth: readonly Truth[]): void {
  const wrong = truth.flatMap((expected, service) => {
    const own = counted[`service-${service}`] ?? { bad: Number.NaN, total: Number.NaN }
    const isSame = own.bad === expected.bad && own.total === expected.total
    return isSame
      ? []
      : [`service-${service}: counted ${own.bad} of ${own.total}, was ${expected.bad} of ${expected.total}`]
  })
  const total = truth.reduce((sum, each) => sum + each.total, 0)
  if (wrong.length === 0) {
    console.log(`exact: ${total} events of ${truth.length} SLOs, every one counted once`)
    return
  }
  console.log(`NOT EXACT in ${wrong.length} of ${truth.length} SLOs:\n${wrong.slice(0, 5).join('\n')}`)
  process.exitCode = 1
}

/** The server, which may be killed and started again on the same store. */
class Subject {
  readonly #store: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections })
  #process: ChildProcess | undefined
  #url = ''

  constructor(store: string) {
    this.#store = store
  }

  async start(now: number): Promise<void> {
    this.#process = fork(new URL('soak-server.ts', import.meta.url))
    const { url } = await this.#answer('start', { word: 'start', rules: rules(), store: this.#store, now })
    this.#url = String(url)
  }

  /** Sends one scrape of the whole world. */
  async send(world: SoakWorld, isQuiet: boolean): Promise<void> {
    let parts: Buffer[] = []
    const waiting = new Set<Promise<void>>()
    const flush = async (): Promise<void> => {
      const body = Buffer.from(SnappyJS.compress(Buffer.concat(parts)))
      parts = []
      const sent = this.#post(body).finally(() => waiting.delete(sent))
      waiting.add(sent)
      if (waiting.size >= connections) await Promise.race(waiting)
    }
    for (const [labels, value] of world.scrape(isQuiet)) {
      parts.push(message(labels, value, world.now))
      if (parts.length === samplesPerRequest) await flush()
    }
    if (parts.length > 0) await flush()
    await Promise.all(waiting)
  }

  async ask(word: SoakWord): Promise<void> {
    await this.#answer(word.word, word)
  }

  async report(): Promise<SoakReport> {
    const { report } = await this.#answer('report', { word: 'report' })
    if (report === undefined) throw new Error('the server has nothing to report')
    return report
  }

  /** Kills the process some milliseconds after it began to store a checkpoint. */
  async killWhileSaving(afterMs: number): Promise<void> {
    this.#process?.send({ word: 'checkpoint' } satisfies SoakWord)
    await setTimeout(afterMs)
    await this.kill()
  }

  async kill(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  async #answer(word: string, asked: SoakWord): Promise<{ url?: string; report?: SoakReport }> {
    const child = this.#process
    if (child === undefined) throw new Error('the server does not run')
    const ended = new AbortController()
    const onExit = (): void => ended.abort(new Error(`the server ended while asked to ${word}`))
    child.once('exit', onExit)
    child.send(asked)
    try {
      for (;;) {
        const [answer] = await once(child, 'message', { signal: ended.signal })
        if (answer.done === word) return answer
      }
    } finally {
      child.off('exit', onExit)
    }
  }

  #post(body: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
      const post = request(`${this.#url}/api/v1/write`, { method: 'POST', agent: this.#agent, headers }, (response) => {
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
}

/** One series with one sample, as remote write 1.0 has it. */
function message(labels: Buffer, value: number, timeMs: number): Buffer {
  const sample = Buffer.alloc(9 + 1 + 6)
  sample[0] = 0x09
  sample.writeDoubleLE(value, 1)
  sample[9] = 0x10
  let rest = timeMs
  for (let index = 0; index < 6; index++) {
    sample[10 + index] = (rest % 0x80) | (index < 5 ? 0x80 : 0)
    rest = Math.floor(rest / 0x80)
  }
  const length = labels.length + 2 + sample.length
  return Buffer.concat([
    Buffer.of(0x0a, (length & 0x7f) | 0x80, length >> 7),
    labels,
    Buffer.of(0x12, sample.length),
    sample,
  ])
}

function numberAfter(words: readonly string[], option: string): number | undefined {
  const place = words.indexOf(option)
  return place < 0 ? undefined : Number(words[place + 1])
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
