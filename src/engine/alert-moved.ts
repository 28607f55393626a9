import type { AlertMoved } from '../core/incidents/fold-alert.ts'
import type { AlertRecord } from '../core/model/alert.ts'
import { isOpen } from '../core/model/alert.ts'
import type { Severity, Slo } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { AlertMove } from './step-alerts.ts'

/** What a move of an alert means for incidents; undefined where it neither opened nor resolved. */
export function alertMoved({ id, step, since, rule, reading, data }: AlertMove): AlertMoved | undefined {
  if (step.event === undefined) return undefined
  const { slo, id: sloId } = reading.compiled
  return {
    id,
    event: step.event,
    firedAt: since,
    at: reading.at,
    rule,
    service: slo.service,
    labels: {
      ...alertLabels(slo, id.severity),
      slo: sloId,
      service: slo.service,
      scope: id.scope,
      region: id.scope,
      severity: id.severity,
      ...(id.cause === undefined ? {} : { cause: id.cause }),
    },
    receivers: slo.alerting.bySeverity[id.severity].receivers,
    data: data ?? null,
  }
}

/** The end of an alert that nothing declares any more. */
export function orphanMoved({ id, state, service }: AlertRecord, now: EpochMs): AlertMoved | undefined {
  if (!isOpen(state)) return undefined
  const { rule, since: firedAt } = state
  const gone = { labels: {}, receivers: [], data: null, undeclared: true } as const
  return { id, event: 'resolved', firedAt, at: now, rule, service, ...gone }
}

/** The labels that an SLO's authors gave to its alerts of one severity. */
export function alertLabels(slo: Slo, severity: Severity): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...slo.labels,
    ...slo.group,
    ...slo.alerting.labels,
    ...slo.alerting.bySeverity[severity].labels,
  ])
}
