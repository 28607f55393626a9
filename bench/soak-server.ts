import { setImmediate } from 'node:timers/promises'
import { Engine } from '../src/engine/engine.ts'
import { remoteWriteRoute } from '../src/ingest/remote-write/receiver.ts'
import type { Clock } from '../src/ports/clock.ts'
import { silentLog } from '../src/ports/log.ts'
import { parseRules } from '../src/rules/parse-rules.ts'
import { openSqliteStore } from '../src/storage/sqlite/open-sqlite-store.ts'
import { promMeter } from '../src/telemetry/prom-meter.ts'
import { startServer } from '../src/web/server.ts'
import { silentRouting } from '../test/support/silent-routing.ts'

/** What the parent tells the server of the soak. */
export type SoakWord =
  | { readonly word: 'start'; readonly rules: string; readonly store: string; readonly now: number }
  /** Event time has come so far: evaluate what is due. */
  | { readonly word: 'evaluate'; readonly now: number }
  | { readonly word: 'checkpoint' }
  | { readonly word: 'report' }

/** What it answers to `report`. */
export interface SoakReport {
  readonly rssBytes: number
  readonly heapBytes: number
  readonly series: number
  readonly cpuSeconds: number
  /** By SLO: everything ever counted, in all regions. */
  readonly counted: Readonly<Record<string, { readonly bad: number; readonly total: number }>>
}

/**
 * The server of the soak, in a process that is killed again and again: the real HTTP server, remote-write route, engine and
 * store on disk. Its clock shows the time of the samples, which runs many times faster than that on the wall.
 */
process.on('message', (message: SoakWord) => {
  void hear(message)
})

let now = 0
let engine: Engine | undefined

async function hear(message: SoakWord): Promise<void> {
  if (message.word === 'start') await start(message)
  if (message.word === 'evaluate') {
    now = message.now
    while ((await engine?.tick()) !== undefined);
    process.send?.({ done: 'evaluate' })
  }
  if (message.word === 'checkpoint') {
    await engine?.checkpoint()
    process.send?.({ done: 'checkpoint' })
  }
  if (message.word === 'report' && engine !== undefined) process.send?.({ done: 'report', report: reportOf(engine) })
}

async function start({ rules, store: path, now: begin }: { rules: string; store: string; now: number }): Promise<void> {
  now = begin
  const { slos, problems } = await parseRules([{ name: 'soak.yaml', text: rules }])
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
  const { meter } = promMeter()
  const store = openSqliteStore(path, { log: silentLog, meter })
  engine = new Engine({ stepMs: 15_000, delayMs: 0 }, slos, silentRouting, {
    store,
    now: () => now,
    pause: () => setImmediate(),
  })
  await engine.restore()
  const clock: Clock = { now: () => now, sleepUntil: () => new Promise(() => {}) }
  const sources = [{ name: 'soak', region: undefined }]
  const route = remoteWriteRoute({ sources, sink: engine.sink, clock, meter, log: silentLog })
  const server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes: [route], log: silentLog })
  process.send?.({ done: 'start', url: server.url })
}

function reportOf({ counting, seriesCount }: Engine): SoakReport {
  const counted: Record<string, { bad: number; total: number }> = {}
  for (const region of counting.regions.values()) {
    for (const [id, slo] of region.slos) {
      const { bad, total } = region.countsEver(slo)
      const sum = (counted[id] ??= { bad: 0, total: 0 })
      sum.bad += bad
      sum.total += total
    }
  }
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  return { rssBytes: rss, heapBytes: heapUsed, series: seriesCount, cpuSeconds: (user + system) / 1e6, counted }
}
