import type { EpochMs } from '../../core/model/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import { type SampleSink, sampleBatch } from '../../ports/sample-sink.ts'
import { SampleWriter, samplesPerBatch } from '../sample-writer.ts'
import { seriesAllowance } from '../series-allowance.ts'
import type { ScrapeConfig } from './config.ts'
import { nextScrapeAt, scrapeOffset } from './schedule.ts'
import { targetLabels } from './target-labels.ts'
import { scrapeTarget, type TargetScrape } from './target-scrape.ts'

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
}

/** The running scrapes of one source. */
export interface Scrapes {
  /** Starts no scrape any more and cuts off those under way without trace; afterwards no sample comes. */
  stop(): Promise<void>
  /** What is wrong with the first target that is not well; undefined when all are. */
  problem(): string | undefined
}

/** Timers fire a little late, or early: such a scrape is taken to be on time, so that samples stand evenly. */
const timerToleranceMs = 2

/** Scrapes all targets of one source, each on its own: one that hangs delays no other. */
export function startScrapes(options: ScrapeOptions): Scrapes {
  const stopping = new AbortController()
  const scrapes = targetScrapes(options)
  const loops = scrapes.map((scrape) => scrapeForever(scrape, stopping.signal))
  return {
    async stop() {
      stopping.abort(new Error('stopped'))
      await Promise.all(loops)
    },
    problem() {
      const unwell = scrapes.flatMap(({ target, health }) =>
        health.kind === 'ok' ? [] : [`${target.url}: ${health.problem}`],
      )
      return unwell.length > 1 ? `${unwell[0]} (and ${unwell.length - 1} more)` : unwell[0]
    },
  }
}

function targetScrapes({ source, region, settings, sink, clock, meter, log }: ScrapeOptions): TargetScrape[] {
  const allowance = seriesAllowance()
  const batch = sampleBatch(samplesPerBatch)
  const origin = { source, region }
  return settings.targets.map((target) => {
    const decodeKey = targetLabels(source, target.instance)
    const writer = new SampleWriter({ origin, sink, meter, decodeKey, allowance, batch })
    const never = Number.NEGATIVE_INFINITY
    return { source, target, settings, writer, clock, meter, log, lastAt: never, health: { kind: 'ok' } }
  })
}

async function scrapeForever(scrape: TargetScrape, stopping: AbortSignal): Promise<void> {
  const { clock, settings, target } = scrape
  const offset = scrapeOffset(target.url, settings.intervalMs)
  let last = clock.now()
  while (!stopping.aborted) {
    const due = nextScrapeAt(onTime(clock.now(), last), offset, settings.intervalMs)
    if (!(await slept(clock, due, stopping))) return
    last = onTime(clock.now(), due)
    await scrapeTarget(scrape, last, stopping)
  }
}

function onTime(now: EpochMs, due: EpochMs): EpochMs {
  return Math.abs(now - due) <= timerToleranceMs ? due : now
}

/** Whether the time came before the end did. */
async function slept(clock: Clock, until: EpochMs, stopping: AbortSignal): Promise<boolean> {
  try {
    await clock.sleepUntil(until, stopping)
    return true
  } catch {
    return false
  }
}
