import { systemClock } from '../src/app/system-clock.ts'
import { Engine } from '../src/engine/engine.ts'
import { remoteWriteRoute } from '../src/ingest/remote-write/receiver.ts'
import { silentLog } from '../src/ports/log.ts'
import { parseRules } from '../src/rules/parse-rules.ts'
import { memoryStore } from '../src/simulation/memory-store.ts'
import { promMeter } from '../src/telemetry/prom-meter.ts'
import { startServer } from '../src/web/server.ts'

/**
 * The server of the ingest benchmark, in a process of its own so that its CPU time is nobody else's: the real HTTP
 * server, remote-write route and engine, told its rules and asked for its CPU time over the parent's channel.
 */
process.once('message', (rules: string) => {
  void start(rules)
})

async function start(rules: string): Promise<void> {
  const { slos, problems } = await parseRules([{ name: 'bench.yaml', text: rules }])
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
  const routing = { routes: [], recipientsOf: () => [], digest: (text: string) => text }
  const world = { store: memoryStore().store, now: () => Number.POSITIVE_INFINITY }
  const engine = new Engine({ stepMs: 15_000, delayMs: 15_000 }, slos, routing, world)
  const { meter } = promMeter()
  const route = remoteWriteRoute({
    sources: [{ name: 'bench', region: undefined }],
    sink: engine.sink,
    clock: systemClock,
    meter,
    log: silentLog,
  })
  const server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes: [route], log: silentLog })
  process.on('message', (word: string) => {
    if (word === 'usage') {
      const { user, system } = process.cpuUsage()
      process.send?.({
        cpuSeconds: (user + system) / 1e6,
        rssBytes: process.memoryUsage().rss,
        series: engine.seriesCount,
      })
    }
    if (word === 'stop') void server.close().then(() => process.disconnect())
  })
  process.send?.({ url: server.url })
}
