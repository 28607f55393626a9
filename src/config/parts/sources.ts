import { globalScope } from '../../core/model/slo.ts'
import {
  type RemoteWriteConfig,
  type RemoteWriteDocument,
  remoteWriteConfig,
  remoteWriteSchema,
} from '../../ingest/remote-write/config.ts'
import { type ScrapeConfig, type ScrapeDocument, scrapeConfig, scrapeSchema } from '../../ingest/scrape/config.ts'
import { notSupportedYet, shapeCheck } from '../check-shape.ts'
import { partReading, type Reading } from '../part-reading.ts'
import { readNamedList } from './named-list.ts'

/** Draft-07 schema of one entry of `sources:`. */
export const sourceSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100, description: 'What metrics and problems call it.' },
    region: { type: 'string', minLength: 1, description: 'The region of samples that carry no region label.' },
    scrape: scrapeSchema,
    remoteWrite: remoteWriteSchema,
    prometheus: { [notSupportedYet]: 'let that Prometheus remote-write to a source with remoteWrite: {}' },
    otlp: { [notSupportedYet]: 'use remoteWrite: {} or scrape for now' },
  },
  required: ['name'],
  oneOf: [
    { required: ['scrape'] },
    { required: ['remoteWrite'] },
    { required: ['prometheus'] },
    { required: ['otlp'] },
  ],
  additionalProperties: false,
} as const

interface SourceDocument {
  readonly name: string
  readonly region?: string
  readonly scrape?: ScrapeDocument
  readonly remoteWrite?: RemoteWriteDocument
}

/** One source, ready to be built. */
export type SourceConfig = NamedSource &
  (
    | { readonly kind: 'scrape'; readonly settings: ScrapeConfig }
    | { readonly kind: 'remoteWrite'; readonly settings: RemoteWriteConfig }
  )

interface NamedSource {
  readonly name: string
  /** The region of samples that carry none themselves. */
  readonly region: string | undefined
}

const hasSourceShape = shapeCheck<SourceDocument>(sourceSchema)

/** Every entry of `sources:` that is sound. */
export function readSources(value: unknown, reading: Reading): readonly SourceConfig[] {
  return readNamedList(value, '/sources', reading, (entry, pointer) =>
    hasSourceShape(entry, pointer, reading.problems) ? sourceConfig(entry, pointer, reading) : undefined,
  )
}

function sourceConfig(document: SourceDocument, pointer: string, reading: Reading): SourceConfig | undefined {
  const { name, region, scrape, remoteWrite } = document
  if (region === globalScope) {
    const message = `a region cannot be called "${globalScope}": that is all regions together`
    reading.problems.report({ code: 'WRONG_VALUE', pointer: `${pointer}/region`, message })
  }
  if (scrape !== undefined) {
    const settings = scrapeConfig(scrape, partReading(`${pointer}/scrape`, reading))
    return { name, region, kind: 'scrape', settings }
  }
  if (remoteWrite === undefined) return undefined
  return { name, region, kind: 'remoteWrite', settings: remoteWriteConfig(remoteWrite) }
}
