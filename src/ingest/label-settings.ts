import type { ConfigReading } from '../core/model/config-reading.ts'
import { type Labels, labelNamePattern, labelsOf } from '../core/model/labels.ts'

/** Draft-07 schema of a table of normalised labels, at the top of the config or in one source under `relabel:`. */
export const labelTableSchema = {
  description:
    'Which labels a normalised one is taken from, the first that a series has: { service: [service_name, job] }.',
  type: 'object',
  propertyNames: { pattern: labelNamePattern },
  additionalProperties: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    uniqueItems: true,
    description: 'Names of labels; an empty list switches the normalised label off.',
  },
} as const

/** Draft-07 schema of labels that all series of a source or target get. */
export const addedLabelsSchema = {
  description: 'Labels that series of it get where they have none of that name.',
  type: 'object',
  propertyNames: { pattern: labelNamePattern },
  additionalProperties: { type: 'string' },
} as const

/** A table as it is written. */
export type LabelTableDocument = Readonly<Record<string, readonly string[]>>

/**
 * Which label of a series is taken for a normalised one: the first that the series has. A series that has the normalised
 * label itself keeps it.
 */
export type LabelTable = ReadonlyMap<string, readonly string[]>

/** What is done to the labels of every series of a source. */
export interface Relabelling {
  readonly table: LabelTable
  /** Labels that series of this source get where they have none of that name, as Prometheus does with external labels. */
  readonly added: Labels
}

/**
 * The names that OpenTelemetry, Kubernetes and Prometheus have for the same four things: semantic conventions in the
 * spelling of Prometheus and in their own, well-known node labels as kube-state-metrics and service discovery write them.
 */
export const defaultLabelTable: LabelTable = new Map([
  [
    'region',
    [
      'cloud_region',
      'cloud.region',
      'topology_kubernetes_io_region',
      'label_topology_kubernetes_io_region',
      'failure_domain_beta_kubernetes_io_region',
      'aws_region',
    ],
  ],
  [
    'zone',
    [
      'cloud_availability_zone',
      'cloud.availability_zone',
      'topology_kubernetes_io_zone',
      'label_topology_kubernetes_io_zone',
      'failure_domain_beta_kubernetes_io_zone',
      'availability_zone',
    ],
  ],
  [
    'service',
    ['service_name', 'service.name', 'app_kubernetes_io_name', 'label_app_kubernetes_io_name', 'k8s_app', 'app', 'job'],
  ],
  [
    'environment',
    [
      'deployment_environment_name',
      'deployment.environment.name',
      'deployment_environment',
      'deployment.environment',
      'env',
    ],
  ],
])

/** What a source that says nothing about labels does. */
export const defaultRelabelling: Relabelling = { table: defaultLabelTable, added: new Map() }

/** A table as written, beside the one that holds for what it does not name. */
export function labelTable(document: LabelTableDocument | undefined, otherwise: LabelTable): LabelTable {
  return new Map([...otherwise, ...Object.entries(document ?? {})])
}

/** Labels as written; what they are called on the inside of Prometheus is no label of a series. */
export function addedLabels(
  document: Readonly<Record<string, string>> | undefined,
  path: string,
  reading: ConfigReading,
): Labels {
  for (const name of Object.keys(document ?? {})) {
    if (!name.startsWith('__')) continue
    reading.report(`${path}/${name}`, `a label cannot be called ${name}`, 'names that begin with __ are taken')
  }
  return labelsOf(Object.entries(document ?? {}))
}
