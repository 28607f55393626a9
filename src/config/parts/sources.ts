import { globalScope } from '../../core/model/slo.ts'
import { type OtlpConfig, type OtlpDocument, otlpConfig, otlpSchema } from '../../ingest/otlp/config.ts'
import {
  type PrometheusConfig,
  type PrometheusDocument,
  prometheusConfig,
  prometheusSchema,
} from '../../ingest/prometheus-api/config.ts'
import {
  addedLabels,
  addedLabelsSchema,
  type LabelTable,
  type LabelTableDocument,
  labelTable,
  labelTableSchema,
  type Relabelling,
} from '../../ingest/relabel/config.ts'
import {
  type RemoteWriteConfig,
  type RemoteWriteDocument,
  remoteWriteConfig,
  remoteWriteSchema,
} from '../../ingest/remote-write/config.ts'
import {
  type ReplicaConfig,
  type ReplicasDocument,
  replicaConfig,
  replicasSchema,
} from '../../ingest/replicas/config.ts'
import { type ScrapeConfig, type ScrapeDocument, scrapeConfig, scrapeSchema } from '../../ingest/scrape/config.ts'
import { readable, shapeCheck } from '../check-shape.ts'
import { partReading, type Reading } from '../part-reading.ts'
import { readNamedList } from './named-list.ts'

/** Draft-07 schema of one entry of `sources:`. */
const sourceSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100, description: 'What metrics and problems call it.' },
    region: { type: 'string', minLength: 1, description: 'The region of samples that carry no region label.' },
    labels: addedLabelsSchema,
    relabel: labelTableSchema,
    replicas: replicasSchema,
    scrape: scrapeSchema,
    remoteWrite: remoteWriteSchema,
    prometheus: prometheusSchema,
    otlp: otlpSchema,
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
  readonly labels?: Readonly<Record<string, string>>
  readonly relabel?: LabelTableDocument
  readonly replicas?: ReplicasDocument
  readonly scrape?: ScrapeDocument
  readonly remoteWrite?: RemoteWriteDocument
  readonly prometheus?: PrometheusDocument
  readonly otlp?: OtlpDocument
}

/** One source, ready to be built. */
export type SourceConfig = NamedSource &
  (
    | { readonly kind: 'scrape'; readonly settings: ScrapeConfig }
    | { readonly kind: 'remoteWrite'; readonly settings: RemoteWriteConfig }
    | { readonly kind: 'otlp'; readonly settings: OtlpConfig }
    | { readonly kind: 'prometheus'; readonly region: string; readonly settings: PrometheusConfig }
  )

interface NamedSource {
  readonly name: string
  /** The region of samples that carry none themselves. */
  readonly region: string | undefined
  /** What is done to the labels of all its series. */
  readonly relabelling: Relabelling
  /** Of which several send the same, one is taken; undefined where each sender stands for itself. */
  readonly replicas: ReplicaConfig | undefined
}

const hasSourceShape = shapeCheck<SourceDocument>(sourceSchema)

/** Every entry of `sources:` that is sound. `table` is that of normalised labels, as far as a source has none of its own. */
export function readSources(value: unknown, table: LabelTable, reading: Reading): readonly SourceConfig[] {
  const asked = new Map<string, string>()
  return readNamedList(value, '/sources', reading, (entry, pointer) => {
    if (!hasSourceShape(entry, pointer, reading.problems)) return undefined
    const source = sourceConfig(entry, table, pointer, reading)
    if (source?.kind === 'prometheus') reportSecondApi(source, pointer, asked, reading)
    return source
  })
}

/** Two APIs of one region would answer for the same events twice. */
function reportSecondApi(
  { name, region }: SourceConfig & { readonly kind: 'prometheus' },
  pointer: string,
  asked: Map<string, string>,
  { problems }: Reading,
): void {
  const first = asked.get(region)
  if (first === undefined) asked.set(region, name)
  else {
    const message = `the source "${first}" asks the API of region "${region}" already`
    const hint = 'put a load balancer or Thanos before a pair of them, and name that'
    problems.report({ code: 'CONFIG_VALUE', pointer: `${pointer}/region`, message, hint })
  }
}

function sourceConfig(
  document: SourceDocument,
  table: LabelTable,
  pointer: string,
  reading: Reading,
): SourceConfig | undefined {
  const { name, region, scrape, remoteWrite, prometheus, otlp } = document
  if (region === globalScope) {
    const message = `a region cannot be called "${globalScope}": that is all regions together`
    reading.problems.report({ code: 'WRONG_VALUE', pointer: `${pointer}/region`, message })
  }
  const part = partReading(pointer, reading)
  const added = addedLabels(document.labels, '/labels', part)
  const relabelling = { table: labelTable(document.relabel, table), added }
  const replicas = replicaConfig(document.replicas, part)
  const named = { name, region, relabelling, replicas }
  if (replicas !== undefined && (scrape !== undefined || prometheus !== undefined)) {
    part.report('/replicas', 'there are no replicas to tell apart here', 'use it where samples are pushed')
  }
  if (scrape !== undefined) {
    const settings = scrapeConfig(scrape, partReading(`${pointer}/scrape`, reading), reading.pathOf)
    return { ...named, kind: 'scrape', settings }
  }
  if (prometheus !== undefined) return prometheusSource(named, prometheus, pointer, reading)
  if (otlp !== undefined) {
    return { ...named, kind: 'otlp', settings: otlpConfig(otlp, partReading(`${pointer}/otlp`, reading)) }
  }
  if (remoteWrite === undefined) return undefined
  return {
    ...named,
    kind: 'remoteWrite',
    settings: remoteWriteConfig(remoteWrite, partReading(`${pointer}/remoteWrite`, reading)),
  }
}

function prometheusSource(
  named: NamedSource,
  document: PrometheusDocument,
  pointer: string,
  reading: Reading,
): SourceConfig | undefined {
  const settings = prometheusConfig(document, partReading(`${pointer}/prometheus`, reading))
  const { region } = named
  if (region !== undefined) return { ...named, region, kind: 'prometheus', settings }
  const message = `"region" is missing in ${readable(pointer)}: an API answers for one region`
  reading.problems.report({ code: 'MISSING_KEY', pointer: `${pointer}/region`, message, hint: 'region: eu-west-1' })
  return undefined
}
