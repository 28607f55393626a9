import type { ConfigReading } from '../core/model/config-reading.ts'
import { labelNamePattern, metricNameLabel } from '../core/model/labels.ts'
import { secret } from '../core/model/secret.ts'
import { type DurationMs, hourMs, secondMs } from '../core/model/units.ts'
import { formatDuration, parseDuration } from '../core/time/duration.ts'
import {
  type HttpDocument,
  type HttpSettings,
  httpProperties,
  httpSettings,
  isHeaderValue,
} from '../ingest/http-settings.ts'
import type { OwnSeriesKind } from '../ports/own-series.ts'

/** Draft-07 schema of what stands under `remoteWrite:` of an export. */
export const remoteWriteExportSchema = {
  description: 'Sends our own series to a store that takes Prometheus remote write 1.0.',
  type: 'object',
  properties: {
    url: {
      type: 'string',
      pattern: '^https?://',
      description: 'The whole address, such as http://127.0.0.1:9090/api/v1/write or https://mimir/api/v1/push.',
    },
    ...httpProperties,
    tenant: { type: 'string', minLength: 1, description: 'Sent as X-Scope-OrgID, for Mimir and the like.' },
    interval: { type: 'string', description: 'Time between two samples of a series; 15s where it is left out.' },
    timeout: { type: 'string', description: 'Time an attempt may take; 10s where it is left out.' },
    series: {
      enum: ['all', 'slo'],
      description: '"all" is what /metrics shows, "slo" only what stands there of SLOs (slo_*).',
    },
    labels: {
      type: 'object',
      description: 'Labels of every series that has none of that name; { job: sloburn } where it is left out.',
      propertyNames: { pattern: labelNamePattern },
      additionalProperties: { type: 'string', minLength: 1 },
    },
  },
  required: ['url'],
  additionalProperties: false,
} as const

/** What stands under `remoteWrite:`, as checked by the schema. */
export interface RemoteWriteExportDocument extends HttpDocument {
  readonly url: string
  readonly tenant?: string
  readonly interval?: string
  readonly timeout?: string
  readonly series?: OwnSeriesKind
  readonly labels?: Readonly<Record<string, string>>
}

/** Where our own series are sent, how often, and which. */
export interface RemoteWriteExportConfig extends HttpSettings {
  readonly url: string
  readonly intervalMs: DurationMs
  readonly timeoutMs: DurationMs
  readonly series: OwnSeriesKind
  readonly labels: ReadonlyMap<string, string>
}

const usualIntervalMs = 15 * secondMs
const usualTimeoutMs = 10 * secondMs

/** Resolves the secrets, and reports what cannot be sent. */
export function remoteWriteExportConfig(
  document: RemoteWriteExportDocument,
  reading: ConfigReading,
): RemoteWriteExportConfig {
  const { url, tenant, series = 'all', labels = { job: 'sloburn' } } = document
  const { headers, tls } = httpSettings(document, reading)
  if (tenant !== undefined && !isHeaderValue(tenant)) {
    reading.report('/tenant', 'not a header value', 'use one line of visible ASCII characters')
  }
  if (!URL.canParse(url)) reading.report('/url', 'not a URL', 'use e.g. http://127.0.0.1:9090/api/v1/write')
  else if (new URL(url).username !== '' || new URL(url).password !== '') {
    reading.report('/url', 'a user name or password in a URL is not supported', 'use basicAuth, bearerToken or headers')
  }
  if (metricNameLabel in labels) {
    reading.report(`/labels/${metricNameLabel}`, 'this is the name of the metric', 'take another name')
  }
  return {
    url,
    headers: tenant === undefined ? headers : new Map([...headers, ['x-scope-orgid', secret(tenant)]]),
    tls,
    intervalMs: readTime(document.interval, '/interval', usualIntervalMs, reading),
    timeoutMs: readTime(document.timeout, '/timeout', usualTimeoutMs, reading),
    series,
    labels: new Map(Object.entries(labels)),
  }
}

function readTime(text: string | undefined, path: string, usual: DurationMs, reading: ConfigReading): DurationMs {
  const time = text === undefined ? usual : parseDuration(text)
  if (time !== undefined && time >= secondMs && time <= hourMs) return time
  const bounds = `${formatDuration(secondMs)} to ${formatDuration(hourMs)}`
  reading.report(path, `${JSON.stringify(text)} is not a duration from ${bounds}`, `use e.g. ${formatDuration(usual)}`)
  return usual
}
