import type { DurationMs, EpochMs } from '../../core/model/units.ts'

/**
 * Where in the interval a target is scraped: always at the same place, which its address decides, so that many targets
 * spread over the interval.
 */
export function scrapeOffset(url: string, intervalMs: DurationMs): DurationMs {
  let hash = 0x811c_9dc5
  for (let index = 0; index < url.length; index++) hash = Math.imul(hash ^ url.charCodeAt(index), 0x0100_0193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  return ((hash ^ (hash >>> 13)) >>> 0) % intervalMs
}

/** The next moment after `now` that stands at the offset in its interval. */
export function nextScrapeAt(now: EpochMs, offset: DurationMs, intervalMs: DurationMs): EpochMs {
  return Math.floor((now - offset) / intervalMs) * intervalMs + offset + intervalMs
}
