import { Counter, Gauge, type Registry } from 'prom-client'
import { errorRatio as errorRatioOf } from '../core/budget/burn-rate.ts'
import { isOpen } from '../core/model/alert.ts'
import { dataStates } from '../core/model/counts.ts'
import { dayMs } from '../core/model/units.ts'
import { formatDuration, parseDuration } from '../core/time/duration.ts'
import type { ScopeStatus, SloStatus } from '../ports/slo-status.ts'

/** Makes `/metrics` show the SLOs given; what is not known is left out rather than shown as 0. */
export type ShowSlos = (slos: readonly SloStatus[]) => void

/** Adds the metrics of every SLO's state to a registry; they are all set anew each time. */
export function sloMetrics(registry: Registry): ShowSlos {
  const metrics = createMetrics(registry)
  return (slos) => {
    for (const metric of Object.values(metrics)) metric.reset()
    for (const slo of slos) {
      showSlo(metrics, slo)
      for (const scope of slo.scopes) show(metrics, slo, scope)
    }
  }
}

type SloMetrics = ReturnType<typeof createMetrics>

function createMetrics(registry: Registry) {
  const common = ['slo', 'service', 'region']
  const registers = [registry]
  const gauge = (name: string, help: string, labels: readonly string[] = []) =>
    new Gauge({ name, help, labelNames: [...common, ...labels], registers })
  const ofSlo = (name: string, help: string, labels: readonly string[] = []) =>
    new Gauge({ name, help, labelNames: ['slo', 'service', ...labels], registers })
  return {
    info: ofSlo('slo_info', 'Always 1; what else a rule file says of an SLO stands in the labels.', [
      'window',
      'runbook',
      'dashboard',
    ]),
    windowLength: ofSlo(
      'slo_window_seconds',
      'Length of the SLO window; of a calendar window the usual one: a month has 30 days.',
    ),
    threshold: ofSlo(
      'slo_burn_rate_threshold',
      'Burn rate that an alert rule asks for, by its long window; its short window must exceed it too.',
      ['severity', 'window'],
    ),
    objective: gauge('slo_objective_ratio', 'Target share of good events.'),
    errorRatio: gauge('slo_error_ratio', 'Share of bad events over a window.', ['window']),
    burnRate: gauge('slo_burn_rate', 'Error ratio over a window, divided by the error budget.', ['window']),
    remaining: gauge(
      'slo_error_budget_remaining_ratio',
      "Share of the SLO window's error budget that is left; negative when overspent.",
    ),
    events: new Counter({
      name: 'slo_events_total',
      help: 'Events counted since the process started.',
      labelNames: [...common, 'kind'],
      registers,
    }),
    windowEvents: gauge('slo_window_events', 'Events within the SLO window.', ['kind']),
    coverage: gauge('slo_coverage_ratio', 'Share of the SLO window for which data was seen.'),
    evaluated: gauge('slo_evaluated_timestamp_seconds', 'Event time of the last evaluation.'),
    firing: gauge('slo_alert_firing', 'Whether the alert of a severity is open.', ['severity']),
    bucketMissing: gauge(
      'slo_bucket_missing',
      '1 where an SLO is held as unknown, because its histogram has no bucket with the bound it asks for.',
    ),
    dataState: gauge('slo_data_state', 'Which data state holds: exactly one is 1.', ['state']),
  }
}

function showSlo(metrics: SloMetrics, { name, service, window, runbook, dashboard, rules }: SloStatus): void {
  const labels = { slo: name, service }
  metrics.info.set({ ...labels, window, runbook: runbook ?? '', dashboard: dashboard ?? '' }, 1)
  const lengthMs = parseDuration(window) ?? usualLengthsMs.get(window)
  if (lengthMs !== undefined) metrics.windowLength.set(labels, lengthMs / 1_000)
  // Of two rules with one long window the lower threshold is shown: it is set last.
  for (const { severity, longMs, burnRate } of rules.toSorted((a, b) => b.burnRate - a.burnRate)) {
    metrics.threshold.set({ ...labels, severity, window: formatDuration(longMs) }, burnRate)
  }
}

/** By the words that stand for calendar windows. */
const usualLengthsMs: ReadonlyMap<string, number> = new Map([
  ['day', dayMs],
  ['week', 7 * dayMs],
  ['month', 30 * dayMs],
  ['quarter', 91 * dayMs],
  ['year', 365 * dayMs],
])

function show(metrics: SloMetrics, slo: SloStatus, scope: ScopeStatus): void {
  const labels = { slo: slo.name, service: slo.service, region: scope.scope }
  metrics.objective.set(labels, slo.objective)
  if (scope.counts !== null) {
    setKnown(metrics.errorRatio, { ...labels, window: slo.window }, errorRatioOf(scope.counts))
    const { bad, total } = scope.counts
    metrics.windowEvents.set({ ...labels, kind: 'good' }, total - bad)
    metrics.windowEvents.set({ ...labels, kind: 'bad' }, bad)
  }
  for (const { windowMs, errorRatio, burnRate } of scope.burnRates) {
    const windowLabels = { ...labels, window: formatDuration(windowMs) }
    setKnown(metrics.errorRatio, windowLabels, errorRatio)
    setKnown(metrics.burnRate, windowLabels, burnRate)
  }
  setKnown(metrics.remaining, labels, scope.remaining)
  setKnown(metrics.coverage, labels, scope.coverage)
  if (scope.at !== null) metrics.evaluated.set(labels, scope.at / 1_000)
  if (scope.countedSinceStart !== null) {
    const { bad, total } = scope.countedSinceStart
    metrics.events.inc({ ...labels, kind: 'good' }, total - bad)
    metrics.events.inc({ ...labels, kind: 'bad' }, bad)
  }
  for (const { severity, state } of scope.alerts) {
    metrics.firing.set({ ...labels, severity }, isOpen(state) ? 1 : 0)
  }
  if (scope.problem !== null) metrics.bucketMissing.set(labels, 1)
  for (const state of dataStates) metrics.dataState.set({ ...labels, state }, state === scope.state ? 1 : 0)
}

function setKnown(gauge: Gauge, labels: Readonly<Record<string, string>>, value: number | null): void {
  if (value !== null) gauge.set(labels, value)
}
