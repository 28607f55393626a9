import type { ConfigReading } from '../../core/model/config-reading.ts'
import { secret } from '../../core/model/secret.ts'
import { type DurationMs, minuteMs, secondMs } from '../../core/model/units.ts'
import { formatDuration, parseDuration } from '../../core/time/duration.ts'
import { type HttpDocument, type HttpSettings, httpProperties, httpSettings, isHeaderValue } from '../http-settings.ts'
import { type BackfillConfig, type BackfillDocument, backfillConfig, backfillSchema } from './backfill-config.ts'
import { type PullConfig, type PullDocument, pullConfig, pullSchema } from './pull-config.ts'

/** Draft-07 schema of what stands under `prometheus:`. */
export const prometheusSchema = {
  description:
    'Asks the query API of a region (Prometheus, Thanos, Mimir, VictoriaMetrics) what query indicators want to know of it, and reads counters and their history.',
  type: 'object',
  properties: {
    url: {
      type: 'string',
      pattern: '^https?://',
      description: 'Address of the API without /api/v1, such as http://127.0.0.1:9090 or https://mimir/prometheus.',
    },
    ...httpProperties,
    tenant: { type: 'string', minLength: 1, description: 'Sent as X-Scope-OrgID, for Mimir and the like.' },
    interval: {
      type: 'string',
      description:
        'Time between two queries, which is their $window; 1m, or the evaluation interval where that is longer.',
    },
    timeout: {
      type: 'string',
      description: 'Time a query has to be answered; 10s, or the interval where that is shorter.',
    },
    backfill: backfillSchema,
    pull: pullSchema,
  },
  required: ['url'],
  additionalProperties: false,
} as const

/** What stands under `prometheus:`, as checked by the schema. */
export interface PrometheusDocument extends HttpDocument {
  readonly url: string
  readonly tenant?: string
  readonly interval?: string
  readonly timeout?: string
  readonly backfill?: boolean | BackfillDocument
  readonly pull?: boolean | PullDocument
}

/** Where an API is, who asks, and how often. */
export interface QueryConfig extends HttpSettings {
  /** Without a slash at its end. */
  readonly url: string
  readonly intervalMs: DurationMs
  readonly timeoutMs: DurationMs
}

/** Settings of a source that is asked. */
export interface PrometheusConfig extends QueryConfig {
  /** undefined where no history is to be read. */
  readonly backfill: BackfillConfig | undefined
  readonly pull: PullConfig
}

const intervalDefaultMs = minuteMs
const timeoutDefaultMs = 10 * secondMs
/** A rate needs two samples in its window. */
const durationMinMs = secondMs

/** Resolves the secrets, and reports what cannot be asked or sent. */
export function prometheusConfig(document: PrometheusDocument, reading: ConfigReading): PrometheusConfig {
  const intervalMs = duration(document.interval, '/interval', intervalDefaultMs, reading)
  const timeoutMs = duration(document.timeout, '/timeout', Math.min(timeoutDefaultMs, intervalMs), reading)
  if (timeoutMs > intervalMs) {
    const hint = `use a timeout of ${formatDuration(intervalMs)} or less`
    reading.report('/timeout', 'the timeout is longer than the interval', hint)
  }
  const { headers, tls } = httpSettings(document, reading)
  const { tenant } = document
  if (tenant !== undefined && !isHeaderValue(tenant)) {
    reading.report('/tenant', 'not a header value', 'use one line of visible ASCII characters')
  }
  return {
    url: readUrl(document.url, reading),
    headers: tenant === undefined ? headers : new Map([...headers, ['x-scope-orgid', secret(tenant)]]),
    tls,
    intervalMs,
    timeoutMs,
    backfill: backfillConfig(document.backfill, reading),
    pull: pullConfig(document.pull, reading),
  }
}

function duration(text: string | undefined, path: string, otherwise: DurationMs, reading: ConfigReading): DurationMs {
  if (text === undefined) return otherwise
  const parsed = parseDuration(text)
  if (parsed !== undefined && parsed >= durationMinMs) return parsed
  const problem = `${JSON.stringify(text)} is not a duration of ${formatDuration(durationMinMs)} or more`
  reading.report(path, problem, 'use e.g. 30s or 1m')
  return otherwise
}

function readUrl(text: string, reading: ConfigReading): string {
  const example = 'use e.g. http://127.0.0.1:9090'
  if (!URL.canParse(text)) {
    reading.report('/url', 'not a URL', example)
    return text
  }
  const { username, password, search, hash, pathname, origin } = new URL(text)
  if (username !== '' || password !== '') {
    reading.report('/url', 'a user name or password in a URL is not supported', 'use basicAuth, bearerToken or headers')
  } else if (search !== '' || hash !== '') {
    reading.report('/url', 'a query or fragment has no place in the address of an API', example)
  } else if (pathname.includes('/api/v1')) {
    reading.report('/url', 'the address goes too far: /api/v1/query is added to it', example)
  }
  return `${origin}${pathname}`.replace(/\/+$/, '')
}
