import type { Selector } from './selector.ts'

/**
 * What dashboards show beside the SLOs: metrics that rule files do not name. Where a metric is not given, its panel is not there.
 */
export interface DashboardSettings {
  /** The folder in Grafana. */
  readonly folder: string
  /** Beside `slo` and `generated`. */
  readonly tags: readonly string[]
  /** The label that holds the region of the metrics below. */
  readonly regionLabel: string
  /** The SLOs whose good events make the availability that leadership sees; those of ratios where it is empty. */
  readonly availability: readonly string[]
  readonly requests: RequestMetrics
  readonly cost?: CostMetrics
  readonly replication?: ReplicationMetrics
  readonly deployments?: DeploymentMetrics
  readonly health?: HealthMetrics
  readonly infrastructure?: InfrastructureMetrics
  readonly traces?: TraceSource
  /** Where people reach the engine, for links. */
  readonly engineUrl?: string
}

/** What is known of requests apart from SLOs. */
export interface RequestMetrics {
  /** A counter of all requests. */
  readonly total?: Selector
  /** A histogram of their durations, by its name without `_bucket`. */
  readonly duration?: Selector
  /** Labels by which failures are broken down, such as `route`. */
  readonly by: readonly string[]
}

/** Where a dashboard reads what things cost. */
export interface CostMetrics {
  /** A gauge of money per hour. */
  readonly perHour: Selector
  /** ISO 4217, such as `EUR`. */
  readonly currency: string
}

/** Copies between regions: gauges, but for the counters `conflicts` and `applied`. */
export interface ReplicationMetrics {
  /** The labels of the two ends. */
  readonly from: string
  readonly to: string
  /** Seconds. */
  readonly lag?: Selector
  readonly conflicts?: Selector
  /** The label that says what kind of conflict it was, or how it was resolved. */
  readonly conflictsBy: string
  readonly backlogBytes?: Selector
  readonly backlogOperations?: Selector
  readonly applied?: Selector
  /** Seconds. */
  readonly oldestAge?: Selector
}

/** Where a dashboard reads what was deployed, and when. */
export interface DeploymentMetrics {
  /** A gauge whose value is the time of the deployment, in Unix seconds. */
  readonly timestamp: Selector
  /** The label that says what was deployed. */
  readonly version: string
}

/** Where a dashboard reads which region is well, and how much traffic it is sent. */
export interface HealthMetrics {
  /** A gauge that is 1 while a check passes, and the label that names the check. */
  readonly checks?: Selector
  readonly endpoint: string
  /** A gauge: the share of traffic that is sent to a region. */
  readonly weights?: Selector
  /** A counter. */
  readonly failovers?: Selector
}

/** Conditions on labels alone: the names of the metrics are those of the common exporters. */
export interface InfrastructureMetrics {
  /** Of node_exporter. */
  readonly nodes?: Selector
  /** Of kube-state-metrics and cAdvisor. */
  readonly pods?: Selector
}

/** A data source for traces in the same Grafana. */
export interface TraceSource {
  readonly kind: 'tempo' | 'jaeger'
}

/** Dashboards of rule files alone. */
export const usualDashboards: DashboardSettings = {
  folder: 'SLO',
  tags: [],
  regionLabel: 'region',
  availability: [],
  requests: { by: [] },
}
