import { systemClock } from '../src/app/system-clock.ts'
import { Engine } from '../src/engine/engine.ts'
import { defaultRelabelling } from '../src/ingest/relabel/config.ts'
import { normalizingSink } from '../src/ingest/relabel/normalizing-sink.ts'
import { scrapeConfig } from '../src/ingest/scrape/config.ts'
import { startScrapes } from '../src/ingest/scrape/scraper.ts'
import { silentLog } from '../src/ports/log.ts'
import { parseRules } from '../src/rules/parse-rules.ts'
import { memoryStore } from '../src/simulation/memory-store.ts'
import { promMeter } from '../src/telemetry/prom-meter.ts'
import { silentRouting } from '../test/support/silent-routing.ts'

/** What the parent says first. */
interface Order {
  readonly rules: string
  readonly target: string
  readonly interval: string
}

/**
 * The scraping process of the benchmark, alone in its process so that its CPU time is nobody else's: scrapes and the counting of
 * the engine. Nothing is evaluated, as Prometheus beside it has no rules to evaluate either.
 */
process.once('message', (order: Order) => {
  void start(order)
})

async function start({ rules, target, interval }: Order): Promise<void> {
  const { slos, problems } = await parseRules([{ name: 'bench.yaml', text: rules }])
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
  const world = { store: memoryStore().store, now: () => systemClock.now() }
  const engine = new Engine({ stepMs: 15_000, delayMs: 15_000 }, slos, silentRouting, world)
  const { meter } = promMeter()
  const settings = scrapeConfig(
    { targets: [target], interval },
    {
      secret: () => {
        throw new Error('no secrets here')
      },
      report: (path, message) => {
        throw new Error(path + message)
      },
    },
  )
  const resolver = { resolve4: nowhere, resolve6: nowhere, resolveSrv: nowhere }
  const scrapes = startScrapes({
    source: 'bench',
    region: 'eu-west-1',
    settings,
    sink: normalizingSink(engine.sink, defaultRelabelling),
    clock: systemClock,
    meter,
    log: silentLog,
    discovery: { resolver, parseTargets: () => ({ problem: 'not asked' }) },
  })
  process.on('message', (word: string) => {
    if (word === 'usage') {
      const { user, system } = process.cpuUsage()
      process.send?.({ cpuSeconds: (user + system) / 1e6, problem: scrapes.problem(), series: engine.seriesCount })
    }
    if (word !== 'stop') return
    void scrapes.stop().then(() => process.disconnect())
  })
  process.send?.('started')
}

function nowhere(): Promise<never> {
  return Promise.reject(new Error('not asked'))
}
