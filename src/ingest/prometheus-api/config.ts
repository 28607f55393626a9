import type { ConfigReading } from '../../core/model/config-reading.ts'
import { type Secret, type SecretSource, secret, secretSourceSchema } from '../../core/model/secret.ts'
import { type DurationMs, minuteMs, secondMs } from '../../core/model/units.ts'
import { formatDuration, parseDuration } from '../../core/time/duration.ts'

/** Draft-07 schema of what stands under `prometheus:`. */
export const prometheusSchema = {
  description:
    'Asks the query API of a region (Prometheus, Thanos, Mimir, VictoriaMetrics) what query indicators want to know of it.',
  type: 'object',
  properties: {
    url: {
      type: 'string',
      pattern: '^https?://',
      description: 'Address of the API without /api/v1, such as http://127.0.0.1:9090 or https://mimir/prometheus.',
    },
    headers: {
      type: 'object',
      description: 'Further headers to send.',
      propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" },
      additionalProperties: secretSourceSchema,
    },
    bearerToken: { ...secretSourceSchema, description: 'Sent as Authorization: Bearer.' },
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
  },
  required: ['url'],
  additionalProperties: false,
} as const

/** What stands under `prometheus:`, as checked by the schema. */
export interface PrometheusDocument {
  readonly url: string
  readonly headers?: Readonly<Record<string, SecretSource>>
  readonly bearerToken?: SecretSource
  readonly tenant?: string
  readonly interval?: string
  readonly timeout?: string
}

export interface PrometheusConfig {
  /** Without a slash at its end. */
  readonly url: string
  /** All headers that say who asks, names in lower case. */
  readonly headers: ReadonlyMap<string, Secret>
  readonly intervalMs: DurationMs
  readonly timeoutMs: DurationMs
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
  return { url: readUrl(document.url, reading), headers: readHeaders(document, reading), intervalMs, timeoutMs }
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
    reading.report('/url', 'a user name or password in a URL is not supported', 'use bearerToken or headers')
  } else if (search !== '' || hash !== '') {
    reading.report('/url', 'a query or fragment has no place in the address of an API', example)
  } else if (pathname.includes('/api/v1')) {
    reading.report('/url', 'the address goes too far: /api/v1/query is added to it', example)
  }
  return `${origin}${pathname}`.replace(/\/+$/, '')
}

function readHeaders(
  { headers = {}, bearerToken, tenant }: PrometheusDocument,
  reading: ConfigReading,
): ReadonlyMap<string, Secret> {
  const all = new Map<string, Secret>()
  for (const [name, source] of Object.entries(headers)) {
    const value = reading.secret(source, `/headers/${name}`)
    if (!isHeaderValue(value.reveal())) {
      reading.report(`/headers/${name}`, 'not a header value', 'use one line of visible ASCII characters')
    }
    all.set(name.toLowerCase(), value)
  }
  if (bearerToken !== undefined) addToken(all, reading.secret(bearerToken, '/bearerToken'), reading)
  if (tenant !== undefined) {
    if (!isHeaderValue(tenant))
      reading.report('/tenant', 'not a header value', 'use one line of visible ASCII characters')
    all.set('x-scope-orgid', secret(tenant))
  }
  return all
}

function addToken(headers: Map<string, Secret>, token: Secret, reading: ConfigReading): void {
  if (headers.has('authorization')) {
    reading.report('/bearerToken', 'there is an Authorization header already', 'keep one of the two')
  }
  if (!isHeaderValue(token.reveal())) {
    reading.report('/bearerToken', 'not a header value', 'use one line of visible ASCII characters')
  }
  headers.set('authorization', secret(`Bearer ${token.reveal()}`))
}

function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}
