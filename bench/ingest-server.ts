import { systemClock } from '../src/app/system-clock.ts'
import { Engine } from '../src/engine/engine.ts'
import { remoteWriteRoute } from '../src/ingest/remote-write/receiver.ts'
import { silentLog } from '../src/ports/log.ts'
import { parseRules } from '../src/rules/parse-rules.ts'
import { openSqliteStore } from '../src/storage/sqlite/open-sqlite-store.ts'
import { promMeter } from '../src/telemetry/prom-meter.ts'
import { startServer } from '../src/web/server.ts'
import { silentRouting } from '../test/support/silent-routing.ts'

/**
 * The server of the ingest benchmark, in a process of its own so that its CPU time is nobody else's: the real HTTP server,
 * remote-write route, engine and store. Its parent tells it the rules, and when event time has come for a checkpoint.
 */
process.once('message', (begin: Beginning) => {
  void start(begin)
})

interface Beginning {
  readonly rules: string
  readonly store: string
  /** What is older is history, and not evaluated. */
  readonly startAfter?: number
}

async function start(begin: Beginning): Promise<void> {
  const { slos, problems } = await parseRules([{ name: 'bench.yaml', text: begin.rules }])
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
  const { meter } = promMeter()
  const store = openSqliteStore(begin.store, { log: silentLog, meter })
  const world = { store, now: () => Number.POSITIVE_INFINITY }
  const engine = new Engine({ stepMs: 15_000, delayMs: 15_000 }, slos, silentRouting, world)
  if (begin.startAfter !== undefined) engine.startAfter(begin.startAfter)
  const route = remoteWriteRoute({
    sources: [{ name: 'bench', region: undefined }],
    sink: engine.sink,
    clock: systemClock,
    meter,
    log: silentLog,
    plain: process.env.SLOBURN_BENCH_PLAIN === '1',
  })
  const server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes: [route], log: silentLog })
  process.on('message', (word: string) => {
    if (word === 'checkpoint') void engine.checkpoint().then(() => process.send?.({ done: true }))
    if (word === 'tick') void tickAll(engine).then(() => process.send?.({ done: true }))
    if (word === 'memory') {
      void collectAll().then(() => process.send?.({ ...process.memoryUsage(), series: engine.seriesCount }))
    }
    if (word === 'stop') {
      void server
        .close()
        .then(() => store.close())
        .then(() => process.disconnect())
    }
  })
  process.send?.({ url: server.url })
}

/** What is collected holds what the next collection finds, and buffers are given back some time afterwards. */
async function collectAll(): Promise<void> {
  for (let time = 0; time < 4; time++) {
    gc?.()
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

async function tickAll(engine: Engine): Promise<void> {
  while ((await engine.tick()) !== undefined);
}
