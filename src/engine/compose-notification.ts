import { burnRate, errorRatio } from '../core/budget/burn-rate.ts'
import { timeToExhaustionMs } from '../core/budget/error-budget.ts'
import { alertKey } from '../core/model/alert.ts'
import type { Notification, RegionReading, WindowReading } from '../core/model/notification.ts'
import type { DurationMs } from '../core/model/units.ts'
import type { Counting } from './counting.ts'
import { readBudget } from './read-budget.ts'
import { readSloInRegion, regionsOf, type ScopeReading } from './read-scope.ts'
import { namelessRegion } from './region-counts.ts'
import type { AlertMove } from './step-alerts.ts'

/** Puts together all that a person needs to know of an alert that opened or resolved, from the counts of that moment. */
export function composeNotification(counting: Counting, { id, step, rule, since, reading }: AlertMove): Notification {
  const { slo, id: sloId, objective, window } = reading.compiled
  const short = windowReading(reading, rule.shortMs)
  const { counts, remaining, lengthMs } = readBudget(reading)
  return {
    status: step.event === 'resolved' ? 'resolved' : 'firing',
    key: alertKey(id),
    slo: sloId,
    service: slo.service,
    scope: reading.scope,
    severity: id.severity,
    description: slo.description,
    labels: Object.fromEntries([
      ...slo.labels,
      ...slo.group,
      ...slo.alerting.labels,
      ...slo.alerting.bySeverity[id.severity].labels,
    ]),
    runbook: slo.runbook ?? null,
    dashboard: slo.dashboard ?? null,
    objective,
    window: window.text,
    firedAt: since,
    resolvedAt: step.event === 'resolved' ? reading.at : null,
    at: reading.at,
    rule: { longMs: rule.longMs, shortMs: rule.shortMs, burnRate: rule.burnRate },
    long: windowReading(reading, rule.longMs),
    short,
    budget: { ...counts, remaining, timeToExhaustionMs: timeToExhaustionMs(remaining, short.burnRate, lengthMs) },
    regions: regionReadings(counting, reading, rule.shortMs),
  }
}

function windowReading(reading: ScopeReading, windowMs: DurationMs): WindowReading {
  const counts = reading.counts(windowMs)
  return { ...counts, errorRatio: errorRatio(counts), burnRate: burnRate(counts, reading.compiled.budget) }
}

function regionReadings(counting: Counting, { compiled, at }: ScopeReading, windowMs: DurationMs): RegionReading[] {
  return regionsOf(counting, compiled)
    .filter(({ region }) => region !== namelessRegion)
    .map((region) => {
      const reading = readSloInRegion(counting, region, compiled, at)
      const burn = burnRate(reading.counts(windowMs), reading.compiled.budget)
      return { region: region.region, burnRate: burn, state: reading.state() }
    })
}
