import { anyOf } from '../core/sli/promql-string.ts'
import { matcher, rate, sumBy } from './promql.ts'

/** A metric of the SLOs that are chosen, in every scope; each replica of the engine that is asked tells it once. */
export function ofSlos(metric: string, ...more: readonly string[]): string {
  return `${metric}{${['service=~"$service"', 'slo=~"$slo"', ...more].join(',')}}`
}

/** The same in the regions that are chosen, without the scope of all together. */
export function ofRegions(metric: string, ...more: readonly string[]): string {
  return ofSlos(metric, ...regionsOnly, ...more)
}

/** The labels that tell the series of a metric apart, whoever told them. */
const identities = {
  slo_info: ['slo', 'service', 'runbook'],
  slo_window_seconds: ['slo', 'service'],
  slo_burn_rate_threshold: ['slo', 'service', 'severity', 'window'],
  slo_burn_rate: ['slo', 'service', 'region', 'window'],
  slo_window_events: ['slo', 'service', 'region', 'kind'],
  slo_objective_ratio: ['slo', 'service', 'region'],
  slo_incident_opened_timestamp_seconds: ['incident', 'slo', 'service', 'severity'],
} as const

/** The same as `ofSlos` with every series once, however many replicas tell it: what joins and counts need. */
export function once(metric: keyof typeof identities, ...more: readonly string[]): string {
  return `max by (${identities[metric].join(', ')}) (${ofSlos(metric, ...more)})`
}

/** Events a second that SLOs counted, added up by labels. */
export function eventRate(by: readonly string[], ...more: readonly string[]): string {
  return sumBy(by, `max by (slo, service, region, kind) (${rate(ofSlos('slo_events_total', ...more))})`)
}

/** The conditions on `region` that leave out the scope of all together. */
export const regionsOnly = ['region=~"$region"', 'region!="global"'] as const

/**
 * One value per SLO: that of all regions together, or of the worst region where an SLO has no global scope. `labels` are those that
 * tell several values of one SLO apart.
 */
export function overall(
  metric: string,
  worst: 'min' | 'max',
  labels: readonly string[] = [],
  ...more: string[]
): string {
  const by = ['slo', 'service', ...labels]
  const known = `max by (${by.join(', ')}) (${ofSlos(metric, 'region="global"', ...more)})`
  return `(${known} or on (${['slo', ...labels].join(', ')}) ${worst} by (${by.join(', ')}) (${ofSlos(metric, 'region!="global"', ...more)}))`
}

/** The condition that restricts windows to those of `slo_burn_rate_threshold`: the long ones of the rules of a severity. */
export function longWindowsOf(severity: 'page' | 'ticket'): string {
  return `and on (slo, service, window) ${ofSlos('slo_burn_rate_threshold', `severity="${severity}"`)}`
}

/** How near the nearest alert rule is: burn rate over its long window ÷ what it asks for. At 1 it holds, if its short window does. */
export function nearnessTo(severity: 'page' | 'ticket', by: readonly string[], ...more: readonly string[]): string {
  const threshold = once('slo_burn_rate_threshold', `severity="${severity}"`)
  return `max by (${by.join(', ')}) (${ofSlos('slo_burn_rate', ...more)} / on (slo, service, window) group_left () ${threshold})`
}

/** The condition of SLOs as a number, worst of each `by`; `conditionWords` says it in words. */
export function conditionOf(by: readonly string[], ...more: readonly string[]): string {
  const parts = [
    `3 * ${ofSlos('slo_alert_firing', 'severity="page"', ...more)}`,
    `1 * ${ofSlos('slo_alert_firing', 'severity="ticket"', ...more)}`,
    `2 * (${ofSlos('slo_error_budget_remaining_ratio', ...more)} < bool 0)`,
    `4 * ${ofSlos('slo_data_state', 'state=~"no-data|stale"', ...more)}`,
  ]
  return `max by (${by.join(', ')}) (${parts.join(' or ')})`
}

/** Seconds until the budget is gone if it goes on as over these windows; nothing where nothing burns. */
export function timeToExhaustion(by: readonly string[], windows: string, ...more: readonly string[]): string {
  const burning = `max by (slo, service, region) (${ofSlos('slo_burn_rate', matcher('window', '=~', windows), ...more)}) > 0`
  const left = `clamp_min(${ofSlos('slo_error_budget_remaining_ratio', ...more)}, 0)`
  return `min by (${by.join(', ')}) (${left} * on (slo, service) group_left () ${once('slo_window_seconds')} / on (slo, service, region) group_left () (${burning}))`
}

/** The condition on `slo` that chooses some by name, each with all its groups. */
export function named(slos: readonly string[]): string {
  return matcher('slo', '=~', `(${anyOf(slos)})([{].*)?`)
}

const opened = 'slo_incident_opened_timestamp_seconds'

/** Incidents that were open at some time of the range shown, one series each: when they opened, in Unix seconds. */
export function incidentsInRange(): string {
  return `max by (incident, slo, service) (last_over_time(${ofSlos(opened)}[$__range]))`
}

/** Those of them that paged; the value is 1. */
export function pagedIncidents(): string {
  return `count by (incident, slo, service) (last_over_time(${ofSlos(opened, 'severity="page"')}[$__range]))`
}

/** The share of its SLO's budget that each of them spent. */
export function incidentSpending(): string {
  return `max by (incident, slo, service) (max_over_time(${ofSlos('slo_incident_budget_spent_ratio')}[$__range]))`
}

/** How long each of them was open, in seconds, as far as the range shows it. */
export function incidentDurations(): string {
  return `max by (incident, slo, service) (max_over_time((time() - ${ofSlos(opened)})[$__range:30s]))`
}
