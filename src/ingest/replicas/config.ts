import type { ConfigReading } from '../../core/model/config-reading.ts'
import { type DurationMs, secondMs } from '../../core/model/units.ts'
import { parseDuration } from '../../core/time/duration.ts'

/** Draft-07 schema of what stands under `replicas:` in a source that senders push to. */
export const replicasSchema = {
  description:
    'Takes the samples of one of several replicas that all send the same, such as a pair of Prometheus servers.',
  type: 'object',
  properties: {
    label: {
      type: 'string',
      minLength: 1,
      description: 'The label that tells replicas apart; __replica__ unless given.',
    },
    cluster: {
      type: 'string',
      minLength: 1,
      description: 'The label that says whose replicas they are; cluster unless given.',
    },
    failover: {
      type: 'string',
      description: 'Another replica takes over after so long without samples; 30s unless given.',
    },
  },
  additionalProperties: false,
} as const

/** What stands under `replicas:`, as checked by the schema. */
export interface ReplicasDocument {
  readonly label?: string
  readonly cluster?: string
  readonly failover?: string
}

/** How the replicas of one pair tell themselves apart. */
export interface ReplicaConfig {
  /** The label that differs between replicas; it is no part of a series. */
  readonly label: string
  /** The label of the pair that a replica belongs to. */
  readonly clusterLabel: string
  /** Without samples for so long, another replica takes over. */
  readonly failoverMs: DurationMs
}

/** As long as Mimir waits: two scrapes at the usual interval that fail, and a batch that is late. */
const failoverDefaultMs = 30 * secondMs

/** Fills in what is not given; undefined without a document. */
export function replicaConfig(
  document: ReplicasDocument | undefined,
  reading: ConfigReading,
): ReplicaConfig | undefined {
  if (document === undefined) return undefined
  const { label = '__replica__', cluster = 'cluster', failover } = document
  if (label === cluster)
    reading.report('/replicas/cluster', 'replica and cluster are the same label', 'name two labels')
  const failoverMs = failover === undefined ? failoverDefaultMs : parseDuration(failover)
  if (failoverMs === undefined || failoverMs < secondMs) {
    reading.report('/replicas/failover', 'not a duration of 1s or more', 'for example 30s')
  }
  return { label, clusterLabel: cluster, failoverMs: failoverMs ?? failoverDefaultMs }
}
