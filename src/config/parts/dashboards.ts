import {
  type DashboardSettings,
  type DeploymentMetrics,
  type HealthMetrics,
  type InfrastructureMetrics,
  type ReplicationMetrics,
  usualDashboards,
} from '../../core/model/dashboard-settings.ts'
import { labelNamePattern, metricNameLabel } from '../../core/model/labels.ts'
import type { Selector } from '../../core/model/selector.ts'
import { parseCounters } from '../../core/sli/parse-counters.ts'
import { shapeCheck } from '../check-shape.ts'
import type { Reading } from '../part-reading.ts'

const text = { type: 'string', minLength: 1, maxLength: 200 } as const
const label = { type: 'string', pattern: labelNamePattern, description: 'the name of a label' } as const
const metric = {
  type: 'string',
  minLength: 1,
  maxLength: 2_000,
  description: 'one selector in quotes, such as \'replication_lag_seconds{db="orders"}\'',
} as const

function group(properties: object, required: readonly string[] = []): object {
  return { type: 'object', properties, required, additionalProperties: false, minProperties: 1 }
}

/** Draft-07 schema of `dashboards:`. */
const dashboardsSchema = {
  type: 'object',
  properties: {
    folder: text,
    tags: { type: 'array', items: text, maxItems: 20 },
    regionLabel: label,
    availability: { type: 'array', items: text, description: 'names of SLOs' },
    requests: group({ total: metric, duration: metric, by: { type: 'array', items: label, maxItems: 5 } }),
    cost: group({ perHour: metric, currency: { type: 'string', pattern: '^[A-Za-z]{3}$', description: 'ISO 4217' } }, [
      'perHour',
    ]),
    replication: group({
      from: label,
      to: label,
      lag: metric,
      conflicts: metric,
      conflictsBy: label,
      backlogBytes: metric,
      backlogOperations: metric,
      applied: metric,
      oldestAge: metric,
    }),
    deployments: group({ timestamp: metric, version: label }, ['timestamp']),
    health: group({ checks: metric, endpoint: label, weights: metric, failovers: metric }),
    infrastructure: group({ nodes: metric, pods: metric }),
    traces: { enum: ['tempo', 'jaeger'] },
  },
  additionalProperties: false,
} as const

/** As written: selectors are text still. */
interface DashboardsDocument {
  readonly folder?: string
  readonly tags?: readonly string[]
  readonly regionLabel?: string
  readonly availability?: readonly string[]
  readonly requests?: { readonly total?: string; readonly duration?: string; readonly by?: readonly string[] }
  readonly cost?: { readonly perHour: string; readonly currency?: string }
  readonly replication?: Written<ReplicationMetrics>
  readonly deployments?: Written<DeploymentMetrics>
  readonly health?: Written<HealthMetrics>
  readonly infrastructure?: Written<InfrastructureMetrics>
  readonly traces?: 'tempo' | 'jaeger'
}

type Written<T> = { readonly [Key in keyof T]?: string }

const hasDashboardsShape = shapeCheck<DashboardsDocument>(dashboardsSchema)

/** Reads `dashboards:`; what is not given is as usual. `engineUrl` is where people reach the engine. */
export function readDashboards(value: unknown, engineUrl: string | undefined, reading: Reading): DashboardSettings {
  const link = engineUrl === undefined ? {} : { engineUrl }
  if (value === undefined || !hasDashboardsShape(value, '/dashboards', reading.problems)) {
    return { ...usualDashboards, ...link }
  }
  const { requests, cost, replication, deployments, health, infrastructure, traces } = value
  const of = (part: string) => selectorsUnder(`/dashboards/${part}`, reading)
  return {
    folder: value.folder ?? usualDashboards.folder,
    tags: value.tags ?? [],
    regionLabel: value.regionLabel ?? usualDashboards.regionLabel,
    availability: value.availability ?? [],
    requests: {
      by: requests?.by ?? [],
      ...of('requests')(requests, 'total'),
      ...of('requests')(requests, 'duration'),
    },
    ...readCost(cost, reading),
    ...(replication === undefined ? {} : { replication: readReplication(replication, of('replication')) }),
    ...readDeployments(deployments, reading),
    ...(health === undefined ? {} : { health: readHealth(health, of('health')) }),
    ...(infrastructure === undefined
      ? {}
      : {
          infrastructure: {
            ...of('infrastructure')(infrastructure, 'nodes', true),
            ...of('infrastructure')(infrastructure, 'pods', true),
          },
        }),
    ...(traces === undefined ? {} : { traces: { kind: traces } }),
    ...link,
  }
}

/** Reads one selector of a part: an object with that key alone, or an empty one. */
type ReadSelector = <Key extends string>(
  part: { readonly [Name in Key]?: string } | undefined,
  key: Key,
  withoutName?: boolean,
) => { readonly [Name in Key]?: Selector }

function selectorsUnder(pointer: string, reading: Reading): ReadSelector {
  return (part, key, withoutName = false) => {
    const written = part?.[key]
    const selector =
      written === undefined ? undefined : readSelector(written, `${pointer}/${key}`, withoutName, reading)
    const found: { [Name in typeof key]?: Selector } = {}
    if (selector !== undefined) found[key] = selector
    return found
  }
}

function readSelector(
  written: string,
  pointer: string,
  withoutName: boolean,
  { problems }: Reading,
): Selector | undefined {
  const report = (message: string, hint: string): undefined => {
    problems.report({ code: 'CONFIG_VALUE', pointer, message, hint })
  }
  const parsed = parseCounters(written)
  if (parsed.kind === 'failed') return report(parsed.message, parsed.hint ?? 'a selector, such as a_metric{job="shop"}')
  const { terms } = parsed.expression
  if (terms.length !== 1 || terms[0].sign !== 1) return report('more than one metric', 'give one selector')
  const { selector } = terms[0]
  const isNamed = selector.matchers.some(({ label: of, operator }) => of === metricNameLabel && operator === '=')
  if (withoutName && isNamed) {
    return report('names one metric of many', 'give the labels alone, such as {job="node"}: the names are known')
  }
  if (!withoutName && !isNamed) return report('does not name a metric', 'such as a_metric{job="shop"}')
  return selector
}

function readCost(cost: DashboardsDocument['cost'], reading: Reading): Pick<DashboardSettings, 'cost'> {
  const { perHour } = selectorsUnder('/dashboards/cost', reading)(cost, 'perHour')
  return perHour === undefined ? {} : { cost: { perHour, currency: (cost?.currency ?? 'EUR').toUpperCase() } }
}

function readDeployments(
  deployments: Written<DeploymentMetrics> | undefined,
  reading: Reading,
): Pick<DashboardSettings, 'deployments'> {
  const { timestamp } = selectorsUnder('/dashboards/deployments', reading)(deployments, 'timestamp')
  return timestamp === undefined ? {} : { deployments: { timestamp, version: deployments?.version ?? 'version' } }
}

function readReplication(written: Written<ReplicationMetrics>, read: ReadSelector): ReplicationMetrics {
  return {
    from: written.from ?? 'source_region',
    to: written.to ?? 'target_region',
    conflictsBy: written.conflictsBy ?? 'type',
    ...read(written, 'lag'),
    ...read(written, 'conflicts'),
    ...read(written, 'backlogBytes'),
    ...read(written, 'backlogOperations'),
    ...read(written, 'applied'),
    ...read(written, 'oldestAge'),
  }
}

function readHealth(written: Written<HealthMetrics>, read: ReadSelector): HealthMetrics {
  return {
    endpoint: written.endpoint ?? 'instance',
    ...read(written, 'checks'),
    ...read(written, 'weights'),
    ...read(written, 'failovers'),
  }
}
