import type { ConfigReading } from '../../core/model/config-reading.ts'
import { type DurationMs, secondMs } from '../../core/model/units.ts'
import { formatDuration, parseDuration } from '../../core/time/duration.ts'

/** Draft-07 schema of what stands under `scrape:`. */
export const scrapeSchema = {
  description: 'Reads metrics pages in Prometheus text or OpenMetrics, each on its interval.',
  type: 'object',
  properties: {
    targets: {
      type: 'array',
      items: { type: 'string', pattern: '^https?://' },
      minItems: 1,
      uniqueItems: true,
      description: 'Addresses of metrics pages, such as http://127.0.0.1:9100/metrics.',
    },
    interval: { type: 'string', description: 'Time between two scrapes of a target, 15s unless given.' },
    timeout: {
      type: 'string',
      description: 'Time a target has to answer; 10s, or the interval where that is shorter.',
    },
  },
  required: ['targets'],
  additionalProperties: false,
} as const

/** What stands under `scrape:`, as checked by the schema. */
export interface ScrapeDocument {
  readonly targets: readonly string[]
  readonly interval?: string
  readonly timeout?: string
}

export interface ScrapeConfig {
  readonly targets: readonly ScrapeTarget[]
  readonly intervalMs: DurationMs
  readonly timeoutMs: DurationMs
}

export interface ScrapeTarget {
  readonly url: string
  /** `host:port`, which becomes the label `instance`. */
  readonly instance: string
}

const intervalMinMs = 100
const intervalDefaultMs = 15 * secondMs
const timeoutDefaultMs = 10 * secondMs

/** Fills in interval and timeout, and reports addresses that cannot be scraped or that would count as one instance. */
export function scrapeConfig(document: ScrapeDocument, reading: ConfigReading): ScrapeConfig {
  const intervalMs = duration(document.interval, '/interval', intervalDefaultMs, reading)
  const timeoutMs = duration(document.timeout, '/timeout', Math.min(timeoutDefaultMs, intervalMs), reading)
  if (timeoutMs > intervalMs) {
    const hint = `use a timeout of ${formatDuration(intervalMs)} or less`
    reading.report('/timeout', 'the timeout is longer than the interval', hint)
  }
  const targets: ScrapeTarget[] = []
  for (const [index, url] of document.targets.entries()) {
    const target = readTarget(url, `/targets/${index}`, reading)
    if (target === undefined) continue
    if (targets.some(({ instance }) => instance === target.instance)) {
      const hint = 'give each its own source: their series would have the same job and instance'
      reading.report(`/targets/${index}`, `a second target at ${target.instance}`, hint)
    }
    targets.push(target)
  }
  return { targets, intervalMs, timeoutMs }
}

function duration(text: string | undefined, path: string, otherwise: DurationMs, reading: ConfigReading): DurationMs {
  if (text === undefined) return otherwise
  const parsed = parseDuration(text)
  if (parsed !== undefined && parsed >= intervalMinMs) return parsed
  reading.report(path, `${JSON.stringify(text)} is not a duration of ${intervalMinMs}ms or more`, 'use e.g. 15s or 1m')
  return otherwise
}

function readTarget(text: string, path: string, reading: ConfigReading): ScrapeTarget | undefined {
  if (!URL.canParse(text)) {
    reading.report(path, 'not a URL', 'use e.g. http://127.0.0.1:9100/metrics')
    return undefined
  }
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') {
    reading.report(path, 'a user name or password in a URL is not supported', 'let the target answer without')
    return undefined
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return { url: url.href, instance: `${url.hostname}:${port}` }
}
