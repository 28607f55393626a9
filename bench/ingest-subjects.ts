import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { rules } from './ingest-stream.ts'

/** A server under test. */
export interface Subject {
  readonly url: string
  /** The path that takes remote write. */
  readonly path: string
  usage(): Usage
  /** Makes durable what was sent, where the server does not by itself. */
  checkpoint(): Promise<void>
  stop(): Promise<void>
}

export interface Usage {
  /** User and system time in seconds, in ticks of 10 ms. */
  readonly cpuSeconds: number
  readonly rssBytes: number
}

/** The engine, which also says what it holds. */
export interface OwnSubject extends Subject {
  /** Evaluates what is due. */
  tick(): Promise<void>
  /** Bytes in use after a collection, and how many series the engine counts; needs --expose-gc. */
  memory(): Promise<{
    readonly rss: number
    readonly heapUsed: number
    readonly external: number
    readonly series: number
  }>
}

/** The engine with its HTTP server and a store on disk, in a process of its own. */
export async function startOwn(
  wanted = rules(),
  execArgv: readonly string[] = [],
  startAfter?: number,
): Promise<OwnSubject> {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-bench-'))
  const server = fork(new URL('ingest-server.ts', import.meta.url), { execArgv: [...execArgv] })
  const ask = async (question: Parameters<typeof server.send>[0]) => {
    server.send(question)
    const [answer] = await once(server, 'message')
    return answer
  }
  const { url } = await ask({ rules: wanted, store: join(folder, 'bench.db'), startAfter })
  return {
    url,
    path: '/api/v1/write',
    usage: () => usageOf(server),
    checkpoint: async () => {
      await ask('checkpoint')
    },
    tick: async () => {
      await ask('tick')
    },
    memory: () => ask('memory'),
    stop: async () => {
      server.send('stop')
      await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Debian's Prometheus. */
export async function startPrometheus(program: string, ruleFile?: string): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-bench-'))
  const ruleFiles = ruleFile === undefined ? '' : `rule_files: [${JSON.stringify(ruleFile)}]\n`
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1h, evaluation_interval: 30s }\n${ruleFiles}`,
  )
  const server = spawn(
    program,
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      '--web.listen-address=127.0.0.1:0',
      '--web.enable-remote-write-receiver',
      '--storage.tsdb.retention.time=60d',
      '--web.enable-lifecycle',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  // It names the port it was told first, and the one it got once it listens; its storage is open some time after that.
  const port = await portOf(server, /Listening on.*address=127\.0\.0\.1:([1-9]\d*)/)
  return foreign(server, folder, `http://127.0.0.1:${port}`, '/api/v1/write', '/-/ready')
}

/** Debian's VictoriaMetrics. */
export async function startVictoriaMetrics(program: string): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-bench-'))
  const port = await freePort()
  const server = spawn(
    program,
    [`-storageDataPath=${folder}/data`, `-httpListenAddr=127.0.0.1:${port}`, '-retentionPeriod=1'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  server.stderr.resume()
  return foreign(server, folder, `http://127.0.0.1:${port}`, '/api/v1/write', '/health')
}

async function foreign(
  server: ChildProcess,
  folder: string,
  url: string,
  path: string,
  readyPath: string,
): Promise<Subject> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const status = await fetch(url + readyPath).then(
      ({ status: code }) => code,
      () => 0,
    )
    if (status === 200) break
    if (server.exitCode !== null || Date.now() > deadline) throw new Error(`${server.spawnfile} does not come up`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    path,
    usage: () => usageOf(server),
    checkpoint: async () => {},
    stop: async () => {
      server.kill('SIGINT')
      await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function portOf(server: ChildProcess, pattern: RegExp): Promise<string> {
  if (server.stderr === null) throw new Error('the output of the server is not read')
  for await (const line of createInterface({ input: server.stderr })) {
    const port = pattern.exec(line)?.[1]
    if (port === undefined) continue
    server.stderr.resume()
    return port
  }
  throw new Error(`${server.spawnfile} ended before it listened`)
}

/** VictoriaMetrics does not say which port it got: one that was free a moment ago has to do. */
async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** CPU time in clock ticks of 10 ms and memory in pages of 4 KiB, from the kernel, of all threads of a process. */
export function usageOf({ pid }: ChildProcess): Usage {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, rssBytes: Number(fields[21]) * 4_096 }
}
