import { labelsOf } from '../../core/model/labels.ts'
import { namesPerLogLineMax, targetsPerSourceMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import { type SampleSink, sampleBatch } from '../../ports/sample-sink.ts'
import { type HttpClient, httpClient } from '../http-exchange.ts'
import { SampleWriter, samplesPerBatch } from '../sample-writer.ts'
import { seriesAllowance } from '../series-allowance.ts'
import { slept } from '../slept.ts'
import type { ScrapeConfig } from './config.ts'
import { type Discovery, type DiscoveryWorld, startDiscovery } from './discovery.ts'
import { type DistinctTargets, distinctTargets } from './distinct-targets.ts'
import { nextScrapeAt, scrapeOffset } from './schedule.ts'
import type { ScrapeTarget } from './target.ts'
import { targetLabels } from './target-labels.ts'
import { closeTarget, endTarget, scrapeTarget, type TargetScrape } from './target-scrape.ts'

/** Which targets are scraped, and where their samples go. */
export interface ScrapeOptions {
  /** The source's name, which becomes the label `job`. */
  readonly source: string
  /** The region of samples that carry no region label. */
  readonly region: string | undefined
  readonly settings: ScrapeConfig
  readonly sink: SampleSink
  readonly clock: Clock
  readonly meter: Meter
  readonly log: Log
  /** Files and DNS, where targets are looked for. */
  readonly discovery: DiscoveryWorld
}

/** The running scrapes of one source. */
export interface Scrapes {
  /** Starts no scrape any more and cuts off those under way without trace; afterwards no sample comes. */
  stop(): Promise<void>
  /** The same, and all its series have ended: the source is gone. */
  end(): Promise<void>
  /** Scrapes by other settings from now on. Targets that stay go on as they were; the series of others end. */
  change(settings: ScrapeConfig): Promise<void>
  /** What is wrong with the first target that is not well, or with discovery; undefined when all are well. */
  problem(): string | undefined
}

/** Timers fire a little late, or early: such a scrape is taken to be on time, so that samples stand evenly. */
const timerToleranceMs = 2

interface Running {
  readonly scrape: TargetScrape
  readonly stop: () => Promise<void>
}

/** Scrapes all targets of one source, each on its own: one that hangs delays no other. */
export function startScrapes(options: ScrapeOptions): Scrapes {
  const { source, clock, meter, log } = options
  const targets = new Map<string, Running>()
  const start = targetStarter(
    options,
    () => settings,
    () => client,
  )
  let settings = options.settings
  let client = httpClient(settings.http)
  let changes: Promise<void> = Promise.resolve()
  let discovery: Discovery | undefined
  let isStopped = false
  /** What is wrong with the first target that has the labels of another. */
  let doubled: string | undefined

  const setTargets = async (wanted: readonly ScrapeTarget[]): Promise<void> => {
    if (isStopped) return
    const distinct = distinctTargets(wanted)
    const { scraped: byKey, doubles } = distinct
    warnOfUnscraped(distinct, options)
    const [double] = doubles
    doubled = double && `${double.url}: not scraped, as ${double.instance} is scraped under the same labels already`
    const gone = [...targets].filter(([key]) => !byKey.has(key))
    for (const [key] of gone) targets.delete(key)
    await Promise.all(gone.map(async ([, { scrape, stop }]) => stop().then(() => endTarget(scrape))))
    for (const [key, target] of byKey) if (!targets.has(key)) targets.set(key, start(target))
    meter.set('sloburn_scrape_targets', { source }, targets.size)
  }
  const discover = (): void => {
    discovery = startDiscovery({ source, settings, clock, meter, log, ...options.discovery }, (found) => {
      changes = changes.then(() => setTargets([...settings.targets, ...found]))
    })
  }
  const halt = async (): Promise<readonly TargetScrape[]> => {
    isStopped = true
    await discovery?.stop()
    await changes
    const running = [...targets.values()]
    await Promise.all(running.map(({ stop }) => stop()))
    client.close()
    return running.map(({ scrape }) => scrape)
  }

  void setTargets(settings.targets)
  discover()
  return {
    stop: async () => {
      for (const scrape of await halt()) closeTarget(scrape)
    },
    end: async () => {
      for (const scrape of await halt()) endTarget(scrape)
    },
    change: async (changed) => {
      const before = settings
      settings = changed
      client.close()
      client = httpClient(changed.http)
      await discovery?.stop()
      await changes
      const relabelled = before.honorLabels !== changed.honorLabels
      if (relabelled) await setTargets([])
      if (changed.intervalMs !== before.intervalMs)
        for (const [key, { scrape, stop }] of targets) {
          await stop()
          targets.set(key, start(scrape.target, scrape))
        }
      const found = discovery?.found() ?? []
      if (changed.files.length + changed.dns.length === 0) await setTargets(changed.targets)
      else await setTargets([...changed.targets, ...found])
      discover()
    },
    problem: () => {
      const unwell = [...targets.values()].flatMap(({ scrape: { target, health } }) =>
        health.kind === 'ok' ? [] : [`${target.url}: ${health.problem}`],
      )
      const problems = [...(discovery?.problems() ?? []), ...(doubled === undefined ? [] : [doubled]), ...unwell]
      return problems.length > 1 ? `${problems[0]} (and ${problems.length - 1} more)` : problems[0]
    },
  }
}

/** Says which targets are not scraped, and counts those beyond the limit. */
function warnOfUnscraped(
  { scraped, doubles, overLimit }: DistinctTargets,
  { source, log, meter }: ScrapeOptions,
): void {
  if (overLimit > 0) {
    log.warn(
      { source, targets: scraped.size + overLimit, targetsPerSourceMax },
      'too many targets; those beyond the limit are not scraped',
    )
    meter.count('sloburn_limit_hits_total', { limit: 'targetsPerSourceMax' }, overLimit)
  }
  if (doubles.length > 0) {
    const urls = doubles.slice(0, namesPerLogLineMax).map(({ url }) => url)
    log.warn({ source, urls, count: doubles.length }, 'targets with the labels of another are not scraped')
  }
}

/** Starts the scrapes of single targets, which share what a source may cost, and one batch. */
function targetStarter(
  { source, region, sink, clock, meter, log }: ScrapeOptions,
  settings: () => ScrapeConfig,
  client: () => HttpClient,
): (target: ScrapeTarget, known?: TargetScrape) => Running {
  const allowance = seriesAllowance()
  const batch = sampleBatch(samplesPerBatch)
  const origin = { source, region }
  const made = (target: ScrapeTarget): TargetScrape => {
    const own = labelsOf(new Map([['job', source], ['instance', target.instance], ...target.labels]))
    const decodeKey = targetLabels(own, settings().honorLabels)
    return {
      source,
      target,
      settings,
      client,
      writer: new SampleWriter({ origin, sink, meter, decodeKey, allowance, batch }),
      clock,
      meter,
      log,
      lastAt: Number.NEGATIVE_INFINITY,
      health: { kind: 'ok' },
      lastFormat: undefined,
      protobufAskedAt: Number.NEGATIVE_INFINITY,
      exemplarsUntil: Number.NEGATIVE_INFINITY,
    }
  }
  return (target, known) => {
    const scrape = known ?? made(target)
    const stopping = new AbortController()
    const running = scrapeForever(scrape, stopping.signal)
    return {
      scrape,
      stop: async () => {
        stopping.abort(new Error('stopped'))
        await running
      },
    }
  }
}

async function scrapeForever(scrape: TargetScrape, stopping: AbortSignal): Promise<void> {
  const { clock, target } = scrape
  const { intervalMs } = scrape.settings()
  const offset = scrapeOffset(target.url, intervalMs)
  let last = clock.now()
  while (!stopping.aborted) {
    const due = nextScrapeAt(onTime(clock.now(), last), offset, intervalMs)
    if (!(await slept(clock, due, stopping))) return
    last = onTime(clock.now(), due)
    await scrapeTarget(scrape, last, stopping)
  }
}

function onTime(now: EpochMs, due: EpochMs): EpochMs {
  return Math.abs(now - due) <= timerToleranceMs ? due : now
}
