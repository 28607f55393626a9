import type { EpochMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { SampleWriter } from '../sample-writer.ts'
import { ExpositionStream } from '../wire/exposition-stream.ts'
import type { WriteSummary } from '../write-summary.ts'
import type { ScrapeConfig, ScrapeTarget } from './config.ts'
import { type FetchedExposition, fetchExposition } from './fetch-exposition.ts'

/** Everything the scrapes of one target share. */
export interface TargetScrape {
  readonly source: string
  readonly target: ScrapeTarget
  readonly settings: ScrapeConfig
  readonly writer: SampleWriter
  readonly clock: Clock
  readonly meter: Meter
  readonly log: Log
  /** When the target was scraped last, with or without success. */
  lastAt: EpochMs
  health: TargetHealth
}

/** How the last scrape of a target went. */
export type TargetHealth =
  | { readonly kind: 'ok' }
  | { readonly kind: 'bad lines'; readonly problem: string }
  | { readonly kind: 'failed'; readonly problem: string }

/**
 * Scrapes a target once: its samples, the end of the series that are gone, and how the scrape itself went. One that is
 * cut off by `stopping` leaves no trace.
 */
export async function scrapeTarget(scrape: TargetScrape, at: EpochMs, stopping: AbortSignal): Promise<void> {
  const { clock, meter, source } = scrape
  const fetched = await fetchInTime(scrape, stopping)
  if (stopping.aborted) return
  const seconds = Math.max(0, clock.now() - at) / 1000
  const health = writeScrape(scrape, fetched, at, seconds)
  meter.observe('sloburn_scrape_duration_seconds', { source }, seconds)
  meter.count('sloburn_scrapes_total', { source, outcome: health.kind === 'failed' ? 'failed' : 'succeeded' })
  if (fetched.kind === 'failed' && fetched.limit !== undefined) {
    meter.count('sloburn_limit_hits_total', { limit: fetched.limit })
  }
  noteHealth(scrape, health)
  scrape.lastAt = at
}

async function fetchInTime(scrape: TargetScrape, stopping: AbortSignal): Promise<FetchedExposition> {
  const { clock, settings, target } = scrape
  const ending = new AbortController()
  const deadline = new AbortController()
  const stop = () => ending.abort(stopping.reason)
  stopping.addEventListener('abort', stop, { once: true })
  const expire = () => ending.abort(new Error(`no answer within ${formatDuration(settings.timeoutMs)}`))
  clock.sleepUntil(clock.now() + settings.timeoutMs, deadline.signal).then(expire, () => {})
  try {
    return await fetchExposition(target.url, settings.timeoutMs, ending.signal)
  } finally {
    stopping.removeEventListener('abort', stop)
    deadline.abort()
  }
}

/** All of one scrape goes to the sink here, with nothing awaited in between. */
function writeScrape(scrape: TargetScrape, fetched: FetchedExposition, at: EpochMs, seconds: number): TargetHealth {
  const { writer, lastAt } = scrape
  const page = fetched.kind === 'fetched' ? writePage(writer, fetched, at) : undefined
  const health = healthOf(fetched, page)
  writer.begin(at)
  writeReport(writer, reportKeys.up, health.kind === 'failed' ? 0 : 1)
  writeReport(writer, reportKeys.duration, seconds)
  writeReport(writer, reportKeys.samples, page?.received ?? 0)
  writer.endMissing(lastAt)
  writer.end()
  return health
}

function writePage(writer: SampleWriter, { bytes, format }: Page, at: EpochMs): WriteSummary {
  writer.begin(at)
  const page = new ExpositionStream(writer, format)
  page.write(bytes)
  page.end()
  return writer.end()
}

type Page = Extract<FetchedExposition, { kind: 'fetched' }>

/** A page of which nothing could be read is no metrics page. */
function healthOf(fetched: FetchedExposition, page: WriteSummary | undefined): TargetHealth {
  if (fetched.kind === 'failed') return { kind: 'failed', problem: fetched.reason }
  const [problem] = page?.details.values() ?? []
  if (problem === undefined) return { kind: 'ok' }
  return { kind: page?.received === 0 ? 'failed' : 'bad lines', problem }
}

function writeReport(writer: SampleWriter, key: Uint8Array, value: number): void {
  writer.series(key, 0, key.length)
  writer.sample(Number.NaN, value, false)
}

/** Says once that a target fails, once that it has bad lines, and once that all is well again. */
function noteHealth(scrape: TargetScrape, health: TargetHealth): void {
  const { source, target, log } = scrape
  const before = scrape.health.kind
  scrape.health = health
  if (health.kind === before) return
  const fields = { source, target: target.url }
  if (health.kind === 'ok') log.info(fields, 'scrape is fine again')
  else if (health.kind === 'failed') log.warn({ ...fields, problem: health.problem }, 'scrape failed')
  else log.warn({ ...fields, problem: health.problem }, 'scrape has lines that cannot be read')
}

const encoder = new TextEncoder()

/** The series that every scrape has, as in Prometheus. */
const reportKeys = {
  up: encoder.encode('up'),
  duration: encoder.encode('scrape_duration_seconds'),
  samples: encoder.encode('scrape_samples_scraped'),
}
