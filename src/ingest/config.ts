import type { ConfigReading } from '../core/model/config-reading.ts'
import {
  type PrometheusConfig,
  type PrometheusDocument,
  prometheusConfig,
  prometheusSchema,
} from './prometheus-api/config.ts'
import {
  type RemoteWriteConfig,
  type RemoteWriteDocument,
  remoteWriteConfig,
  remoteWriteSchema,
} from './remote-write/config.ts'
import { type ScrapeConfig, type ScrapeDocument, scrapeConfig, scrapeSchema } from './scrape/config.ts'

/** Draft-07 schema of one entry of `sources:`. */
export const sourceSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100, description: 'What metrics and logs call it.' },
    region: { type: 'string', minLength: 1, description: 'The region of samples that carry no region label.' },
    scrape: scrapeSchema,
    remoteWrite: remoteWriteSchema,
    prometheus: prometheusSchema,
  },
  required: ['name'],
  oneOf: [{ required: ['scrape'] }, { required: ['remoteWrite'] }, { required: ['prometheus'] }],
  additionalProperties: false,
} as const

/** One entry of `sources:`, as checked by the schema: exactly one kind is present. */
export interface SourceDocument {
  readonly name: string
  readonly region?: string
  readonly scrape?: ScrapeDocument
  readonly remoteWrite?: RemoteWriteDocument
  readonly prometheus?: PrometheusDocument
}

/** One source, ready to be started. */
export type SourceConfig =
  | {
      readonly kind: 'scrape'
      readonly name: string
      readonly region: string | undefined
      readonly settings: ScrapeConfig
    }
  | {
      readonly kind: 'remoteWrite'
      readonly name: string
      readonly region: string | undefined
      readonly settings: RemoteWriteConfig
    }
  | {
      readonly kind: 'prometheus'
      readonly name: string
      /** Of which the API answers; without it there is nothing to count its answers for. */
      readonly region: string | undefined
      readonly settings: PrometheusConfig
    }

/** Turns a checked entry into a source's config. Paths reported are inside the entry; throws when no kind is present. */
export function sourceConfig(document: SourceDocument, reading: ConfigReading): SourceConfig {
  const { name, region, scrape, remoteWrite, prometheus } = document
  if (scrape !== undefined) {
    return { kind: 'scrape', name, region, settings: scrapeConfig(scrape, inside('scrape', reading)) }
  }
  if (remoteWrite !== undefined) return { kind: 'remoteWrite', name, region, settings: remoteWriteConfig(remoteWrite) }
  if (prometheus !== undefined) {
    if (region === undefined) reading.report('/region', 'the region of the API is missing', 'region: eu-west-1')
    return { kind: 'prometheus', name, region, settings: prometheusConfig(prometheus, inside('prometheus', reading)) }
  }
  throw new Error(`source ${name} has no kind: check it against sourceSchema first`)
}

function inside(kind: string, reading: ConfigReading): ConfigReading {
  return {
    secret: (source, path) => reading.secret(source, `/${kind}${path}`),
    report: (path, message, hint) => reading.report(`/${kind}${path}`, message, hint),
  }
}
