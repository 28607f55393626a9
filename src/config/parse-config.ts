import { dirname, isAbsolute, join } from 'node:path'
import type { Problem } from '../core/model/problem.ts'
import { shapeCheck } from './check-shape.ts'
import type { Config } from './config.ts'
import { type LocatedYaml, readYaml } from './located-yaml.ts'
import type { Reading, SecretStore } from './part-reading.ts'
import { readApi } from './parts/api.ts'
import { readDashboards } from './parts/dashboards.ts'
import { readDelivery } from './parts/delivery.ts'
import { readCheckpoint, readEvaluation } from './parts/evaluation.ts'
import { readExports } from './parts/export.ts'
import { readHours } from './parts/hours.ts'
import { readIncidents } from './parts/incidents.ts'
import { readLabels } from './parts/labels.ts'
import { readListen } from './parts/listen.ts'
import { readLog } from './parts/log.ts'
import { readReceivers } from './parts/receivers.ts'
import { readReports, reportReceivers } from './parts/reports.ts'
import { readRoutes } from './parts/routes.ts'
import { readFallback, readHeartbeat } from './parts/safety.ts'
import { readSources } from './parts/sources.ts'
import { readStore } from './parts/store.ts'
import { problemList } from './problem-list.ts'

/** A config, or everything that is wrong with it. With a config there can still be warnings. */
export interface ParsedConfig {
  /** undefined when there are errors. */
  readonly config: Config | undefined
  /** In the order of their places. */
  readonly problems: readonly Problem[]
}

/** The top level; what stands under each key, its part checks, so that one mistake does not hide another. */
const hasTopShape = shapeCheck<TopDocument>({
  type: 'object',
  properties: {
    rules: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      minItems: 1,
      description: 'rule files and directories, for example [rules/]',
    },
    listen: {},
    evaluation: {},
    labels: {},
    sources: {},
    receivers: {},
    delivery: {},
    routes: {},
    hours: {},
    incidents: {},
    severities: {},
    inhibit: {},
    fallback: {},
    heartbeat: {},
    api: {},
    reports: {},
    dashboards: {},
    export: {},
    store: {},
    checkpoint: {},
    log: {},
    externalUrl: {},
  },
  required: ['rules'],
  additionalProperties: false,
})

interface TopDocument {
  readonly rules: readonly string[]
}

/** Turns the text of an engine config into settings. `file` is its path: other paths in it are seen from there. */
export function parseConfig(text: string, file: string, secrets: SecretStore): ParsedConfig {
  const document = readYaml(text, file)
  const problems = problemList(document)
  const config = problems.hasErrors ? undefined : readConfig(document, { problems, secrets, pathOf: pathsFrom(file) })
  return { config: problems.hasErrors ? undefined : config, problems: problems.problems }
}

function readConfig({ value }: LocatedYaml, reading: Reading): Config | undefined {
  const { problems, pathOf } = reading
  const isSound = hasTopShape(value, '', problems)
  const parts = partsOf(value)
  const receivers = parts.get('receivers')
  const fallback = readFallback(parts.get('fallback'), receivers, reading)
  const heartbeat = readHeartbeat(parts.get('heartbeat'), receivers, reading)
  const used = [fallback, heartbeat].flatMap((one) => (one === undefined ? [] : [one.receiver]))
  const usedElsewhere = [...used, ...reportReceivers(parts.get('reports'))]
  const hours = readHours(parts.get('hours'), reading)
  const incidents = {
    incidents: parts.get('incidents'),
    severities: parts.get('severities'),
    inhibit: parts.get('inhibit'),
  }
  const externalUrl = readExternalUrl(parts.get('externalUrl'), reading)
  const rest = {
    listen: readListen(parts.get('listen'), reading),
    evaluation: readEvaluation(parts.get('evaluation'), reading),
    sources: readSources(parts.get('sources'), readLabels(parts.get('labels'), reading), reading),
    receivers: readReceivers(receivers, reading),
    delivery: readDelivery(parts.get('delivery'), reading),
    routes: readRoutes(parts.get('routes'), { receivers, hours, usedElsewhere }, reading),
    incidents: readIncidents(incidents, reading),
    fallback,
    heartbeat,
    api: readApi(parts.get('api'), reading),
    reports: readReports(parts.get('reports'), { hours, receivers }, reading),
    dashboards: readDashboards(parts.get('dashboards'), externalUrl, reading),
    exports: readExports(parts.get('export'), reading),
    store: readStore(parts.get('store'), reading),
    checkpoint: readCheckpoint(parts.get('checkpoint'), reading),
    log: readLog(parts.get('log'), reading),
    externalUrl,
  }
  return isSound ? { rules: value.rules.map(pathOf), ...rest } : undefined
}

function partsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
}

function readExternalUrl(value: unknown, { problems }: Reading): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)) return value
  const message = 'externalUrl is not an http or https URL'
  problems.report({
    code: 'CONFIG_URL',
    pointer: '/externalUrl',
    message,
    hint: 'for example https://slo.example.com/',
  })
  return undefined
}

function pathsFrom(file: string): (path: string) => string {
  return (path) => (isAbsolute(path) ? path : join(dirname(file), path))
}
