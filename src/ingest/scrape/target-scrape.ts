import { type EpochMs, hourMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { HttpClient } from '../http-exchange.ts'
import type { SampleWriter } from '../sample-writer.ts'
import type { WriteSummary } from '../write-summary.ts'
import type { ScrapeConfig } from './config.ts'
import { type FetchedExposition, fetchExposition, type PageFormat } from './fetch-exposition.ts'
import { type ReadPage, readPage } from './read-page.ts'
import type { ScrapeTarget } from './target.ts'

/** Everything the scrapes of one target share. */
export interface TargetScrape {
  readonly source: string
  readonly target: ScrapeTarget
  /** As the config says now. */
  readonly settings: () => ScrapeConfig
  readonly client: () => HttpClient
  readonly writer: SampleWriter
  readonly clock: Clock
  readonly meter: Meter
  readonly log: Log
  /** When the target was scraped last, with or without success; −∞ before the first time. */
  lastAt: EpochMs
  health: TargetHealth
  /** The format of the last page: other formats write the same series in other bytes. */
  lastFormat: PageFormat | undefined
  /** When the target is to be asked next whether it has native histograms. */
  protobufAskedAt: EpochMs
  /** Examples up to this time were offered before. */
  exemplarsUntil: EpochMs
}

/** How the last scrape of a target went. */
export type TargetHealth =
  | { readonly kind: 'ok' }
  | { readonly kind: 'bad lines'; readonly problem: string }
  | { readonly kind: 'failed'; readonly problem: string }

/** A target that had no native histograms is asked again after this: it may have got them with a new version. */
const protobufAskedEveryMs = hourMs

/**
 * Scrapes a target once: its samples, the end of the series that are gone, and how the scrape itself went. One that is
 * cut off by `stopping` leaves no trace.
 */
export async function scrapeTarget(scrape: TargetScrape, at: EpochMs, stopping: AbortSignal): Promise<void> {
  const { clock, meter, source } = scrape
  const settings = scrape.settings()
  const fetched = await fetchInTime(scrape, settings, at, stopping)
  if (stopping.aborted) {
    if (fetched.kind === 'fetched') fetched.release()
    return
  }
  const seconds = Math.max(0, clock.now() - at) / 1000
  const health = writeScrape(scrape, settings, fetched, at, seconds)
  if (fetched.kind === 'fetched') fetched.release()
  meter.observe('sloburn_scrape_duration_seconds', { source }, seconds)
  meter.count('sloburn_scrapes_total', { source, outcome: health.kind === 'failed' ? 'failed' : 'succeeded' })
  if (fetched.kind === 'failed' && fetched.limit !== undefined) {
    meter.count('sloburn_limit_hits_total', { limit: fetched.limit })
  }
  noteHealth(scrape, health)
  scrape.lastAt = at
}

/** Tells the sink that all series of a target have ended: it is not scraped any more. */
export function endTarget({ writer, clock, lastAt }: TargetScrape): void {
  writer.begin(clock.now())
  writer.endMissing(lastAt)
  writer.end()
  writer.close()
}

/** Gives back what a target holds, without a word to the sink. */
export function closeTarget({ writer }: TargetScrape): void {
  writer.close()
}

async function fetchInTime(
  scrape: TargetScrape,
  settings: ScrapeConfig,
  at: EpochMs,
  stopping: AbortSignal,
): Promise<FetchedExposition> {
  const { clock, target } = scrape
  const { timeoutMs } = settings
  const ending = new AbortController()
  const deadline = new AbortController()
  const stop = () => ending.abort(stopping.reason)
  stopping.addEventListener('abort', stop, { once: true })
  const expire = () => ending.abort(new Error(`no answer within ${formatDuration(timeoutMs)}`))
  clock.sleepUntil(clock.now() + timeoutMs, deadline.signal).then(expire, () => {})
  const protobuf = asksForProtobuf(scrape, settings, at)
  try {
    const client = scrape.client()
    return await fetchExposition({ client, url: target.url, timeoutMs, settings, protobuf, signal: ending.signal })
  } finally {
    stopping.removeEventListener('abort', stop)
    deadline.abort()
  }
}

/** Protobuf costs more to read than text, so only targets that have native histograms are asked for it again and again. */
function asksForProtobuf(scrape: TargetScrape, { protobuf }: ScrapeConfig, at: EpochMs): boolean {
  if (protobuf !== 'auto') return protobuf
  if (scrape.lastFormat === 'protobuf') return true
  if (at - scrape.protobufAskedAt < protobufAskedEveryMs) return false
  scrape.protobufAskedAt = at
  return true
}

/** All of one scrape goes to the sink here, with nothing awaited in between. */
function writeScrape(
  scrape: TargetScrape,
  settings: ScrapeConfig,
  fetched: FetchedExposition,
  at: EpochMs,
  seconds: number,
): TargetHealth {
  const { writer, lastAt, target } = scrape
  const page = fetched.kind === 'fetched' ? readPage(writer, fetched, at, scrape.exemplarsUntil, settings) : undefined
  const format = fetched.kind === 'fetched' ? fetched.format : scrape.lastFormat
  if (page !== undefined) scrape.exemplarsUntil = page.exemplarsUntil
  // The series of a page in another format stand beside those of the last one for a scrape; none of them has ended.
  const isOtherFormat = format !== scrape.lastFormat && scrape.lastFormat !== undefined
  scrape.lastFormat =
    format === 'protobuf' && settings.protobuf === 'auto' && page?.hasNative === false ? undefined : format
  const health = healthOf(fetched, page, target.url)
  writer.begin(at)
  const isUp = health.kind !== 'failed'
  writeReport(writer, reportKeys.up, isUp ? 1 : 0)
  writeReport(writer, reportKeys.duration, seconds)
  writeReport(writer, reportKeys.samples, page?.summary.received ?? 0)
  writeReport(writer, reportKeys.kept, page === undefined || page.overLimit ? 0 : page.summary.received)
  writeReport(writer, reportKeys.added, page?.seriesAdded ?? 0)
  if (!isOtherFormat) writer.endMissing(lastAt)
  writer.end()
  return health
}

/** A page of which nothing could be read is no metrics page. */
function healthOf(fetched: FetchedExposition, page: ReadPage | undefined, url: string): TargetHealth {
  if (fetched.kind === 'failed') return { kind: 'failed', problem: fetched.reason }
  if (page === undefined) return { kind: 'failed', problem: `${url} was not read` }
  if (page.overLimit) return { kind: 'failed', problem: page.problem ?? 'too many samples' }
  const { received, details }: WriteSummary = page.summary
  const problem = page.problem ?? [...details.values()][0]
  if (problem === undefined) return { kind: 'ok' }
  return { kind: received === 0 ? 'failed' : 'bad lines', problem }
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
  kept: encoder.encode('scrape_samples_post_metric_relabeling'),
  added: encoder.encode('scrape_series_added'),
}
