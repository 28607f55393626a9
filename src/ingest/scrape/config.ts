import type { ConfigReading } from '../../core/model/config-reading.ts'
import type { Labels } from '../../core/model/labels.ts'
import { scrapeBodyBytesMax } from '../../core/model/limits.ts'
import { type DurationMs, secondMs } from '../../core/model/units.ts'
import { formatDuration, parseDuration } from '../../core/time/duration.ts'
import { type HttpDocument, type HttpSettings, httpProperties, httpSettings } from '../http-settings.ts'
import { addedLabels, addedLabelsSchema } from '../label-settings.ts'
import { type DnsConfig, type DnsDocument, dnsConfig, dnsSchema } from './dns-config.ts'
import { type PageDefaults, readTarget, type ScrapeTarget, targetIdentity } from './target.ts'

const pageProperties = {
  scheme: { enum: ['http', 'https'], description: 'Of targets given as host:port; http unless given.' },
  path: { type: 'string', pattern: '^/', description: 'Of targets given as host:port; /metrics unless given.' },
  params: {
    description: 'Parameters of the query, each with one value or several.',
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  },
  labels: addedLabelsSchema,
} as const

const addressesSchema = {
  type: 'array',
  items: { type: 'string', minLength: 1 },
  minItems: 1,
  uniqueItems: true,
  description: 'Addresses: http://127.0.0.1:9100/metrics or 127.0.0.1:9100.',
} as const

/** Draft-07 schema of what stands under `scrape:`. */
export const scrapeSchema = {
  description: 'Reads metrics pages in Prometheus text, OpenMetrics or protobuf, each on its interval.',
  type: 'object',
  properties: {
    targets: { ...addressesSchema, minItems: 0 },
    groups: {
      description: 'Targets that have labels, or a path, of their own.',
      type: 'array',
      items: {
        type: 'object',
        properties: { targets: addressesSchema, ...pageProperties },
        required: ['targets'],
        additionalProperties: false,
      },
    },
    files: {
      description:
        'Files of targets in the format of file_sd: JSON or YAML, a * in the last name. They are read again when they change.',
      type: 'array',
      items: { type: 'string', minLength: 1, pattern: '\\.(json|ya?ml)$' },
      minItems: 1,
      uniqueItems: true,
    },
    dns: dnsSchema,
    refresh: { type: 'string', description: 'Time between two looks at files and DNS, 30s unless given.' },
    interval: { type: 'string', description: 'Time between two scrapes of a target, 15s unless given.' },
    timeout: {
      type: 'string',
      description: 'Time a target has to answer; 10s, or the interval where that is shorter.',
    },
    ...pageProperties,
    ...httpProperties,
    protobuf: {
      enum: [true, false, 'auto'],
      description:
        'Asks for the protobuf format, which alone has native histograms: always, never, or of targets that have some.',
    },
    honorTimestamps: { type: 'boolean', description: 'Takes the times that a page gives; true unless given.' },
    honorLabels: {
      type: 'boolean',
      description:
        'Labels of the page win over those of the target, as for a federated or pushed page; false unless given.',
    },
    followRedirects: { type: 'boolean', description: 'true unless given.' },
    bodyBytesMax: {
      type: 'integer',
      minimum: 1,
      maximum: scrapeBodyBytesMax,
      description: 'A longer page is refused.',
    },
    samplesMax: { type: 'integer', minimum: 1, description: 'A page with more samples is refused.' },
  },
  additionalProperties: false,
} as const

interface PageDocument {
  readonly scheme?: 'http' | 'https'
  readonly path?: string
  readonly params?: Readonly<Record<string, string | readonly string[]>>
  readonly labels?: Readonly<Record<string, string>>
}

interface GroupDocument extends PageDocument {
  readonly targets: readonly string[]
}

/** What stands under `scrape:`, as checked by the schema. */
export interface ScrapeDocument extends PageDocument, HttpDocument {
  readonly targets?: readonly string[]
  readonly groups?: readonly GroupDocument[]
  readonly files?: readonly string[]
  readonly dns?: readonly DnsDocument[]
  readonly refresh?: string
  readonly interval?: string
  readonly timeout?: string
  readonly protobuf?: boolean | 'auto'
  readonly honorTimestamps?: boolean
  readonly honorLabels?: boolean
  readonly followRedirects?: boolean
  readonly bodyBytesMax?: number
  readonly samplesMax?: number
}

/** What is scraped, how often and as whom. */
export interface ScrapeConfig {
  /** Those that stand in the config. */
  readonly targets: readonly ScrapeTarget[]
  /** Files of further ones; the last name may hold a `*`. */
  readonly files: readonly string[]
  readonly dns: readonly DnsConfig[]
  readonly refreshMs: DurationMs
  /** What targets have that are found in files and DNS. */
  readonly page: PageDefaults
  readonly intervalMs: DurationMs
  readonly timeoutMs: DurationMs
  readonly http: HttpSettings
  readonly protobuf: boolean | 'auto'
  readonly honorTimestamps: boolean
  readonly honorLabels: boolean
  readonly followRedirects: boolean
  readonly bodyBytesMax: number
  readonly samplesMax: number
}

const intervalMinMs = 100
const intervalDefaultMs = 15 * secondMs
const timeoutDefaultMs = 10 * secondMs
const refreshDefaultMs = 30 * secondMs

/**
 * Fills in what is not given, and reports addresses that cannot be scraped or that would count as one instance. `pathOf`
 * says where a file of targets is, seen from the config.
 */
export function scrapeConfig(
  document: ScrapeDocument,
  reading: ConfigReading,
  pathOf: (path: string) => string = (path) => path,
): ScrapeConfig {
  const intervalMs = duration(document.interval, '/interval', intervalDefaultMs, reading)
  const timeoutMs = duration(document.timeout, '/timeout', Math.min(timeoutDefaultMs, intervalMs), reading)
  if (timeoutMs > intervalMs) {
    const hint = `use a timeout of ${formatDuration(intervalMs)} or less`
    reading.report('/timeout', 'the timeout is longer than the interval', hint)
  }
  const page = pageDefaults(document, '', noDefaults, reading)
  const { files = [], dns = [] } = document
  if (document.targets === undefined && document.groups === undefined && files.length + dns.length === 0) {
    reading.report('', 'there is nothing to scrape', 'give targets, groups, files or dns')
  }
  return {
    targets: configuredTargets(document, page, reading),
    files: files.map(pathOf),
    dns: dns.map((each, index) => dnsConfig(each, `/dns/${index}`, reading)),
    refreshMs: duration(document.refresh, '/refresh', refreshDefaultMs, reading),
    page,
    intervalMs,
    timeoutMs,
    http: httpSettings(document, reading),
    protobuf: document.protobuf ?? 'auto',
    honorTimestamps: document.honorTimestamps ?? true,
    honorLabels: document.honorLabels ?? false,
    followRedirects: document.followRedirects ?? true,
    bodyBytesMax: document.bodyBytesMax ?? scrapeBodyBytesMax,
    samplesMax: document.samplesMax ?? Number.POSITIVE_INFINITY,
  }
}

const noDefaults: PageDefaults = { scheme: 'http', path: '/metrics', params: [], labels: new Map() }

function configuredTargets(document: ScrapeDocument, page: PageDefaults, reading: ConfigReading): ScrapeTarget[] {
  const written = (document.targets ?? []).map((address, index) => ({ address, at: `/targets/${index}`, page }))
  for (const [place, group] of (document.groups ?? []).entries()) {
    const own = pageDefaults(group, `/groups/${place}`, page, reading)
    for (const [index, address] of group.targets.entries()) {
      written.push({ address, at: `/groups/${place}/targets/${index}`, page: own })
    }
  }
  const targets: ScrapeTarget[] = []
  const known = new Set<string>()
  for (const { address, at, page: own } of written) {
    const target = readTarget(address, own)
    if ('problem' in target) {
      reading.report(at, target.problem, target.hint)
      continue
    }
    const identity = targetIdentity(target)
    if (known.has(identity)) {
      const hint = 'give each its own source, or a label: their series would have the same job and instance'
      reading.report(at, `a second target at ${target.instance}`, hint)
    }
    known.add(identity)
    targets.push(target)
  }
  return targets
}

function pageDefaults(
  { scheme, path, params, labels }: PageDocument,
  at: string,
  otherwise: PageDefaults,
  reading: ConfigReading,
): PageDefaults {
  const own: Labels = addedLabels(labels, `${at}/labels`, reading)
  const pairs = Object.entries(params ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  )
  return {
    scheme: scheme ?? otherwise.scheme,
    path: path ?? otherwise.path,
    params: params === undefined ? otherwise.params : pairs,
    labels: new Map([...otherwise.labels, ...own]),
  }
}

function duration(text: string | undefined, path: string, otherwise: DurationMs, reading: ConfigReading): DurationMs {
  if (text === undefined) return otherwise
  const parsed = parseDuration(text)
  if (parsed !== undefined && parsed >= intervalMinMs) return parsed
  reading.report(path, `${JSON.stringify(text)} is not a duration of ${intervalMinMs}ms or more`, 'use e.g. 15s or 1m')
  return otherwise
}
