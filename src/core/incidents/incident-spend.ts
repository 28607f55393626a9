import type { BurnRatePoint, Incident, IncidentAlert, IncidentSpend } from '../model/incident.ts'
import { globalScope } from '../model/slo.ts'
import type { EpochMs } from '../model/units.ts'

/** The one SLO and scope whose budget an incident is reckoned by, and from when its events belong to the incident. */
export interface SpendSubject {
  readonly slo: string
  readonly scope: string
  readonly since: EpochMs
}

/** What an incident spent, and of which budget. */
export interface KnownSpend extends IncidentSpend {
  readonly slo: string
  readonly scope: string
}

/**
 * Whose events an incident is reckoned by: those of the SLO that it opened with, in all regions where an alert is about all of
 * them, else in the first region. Undefined where no alert is about a burn rate.
 */
export function spendSubject({ key, alerts, openedAt }: Incident): SpendSubject | undefined {
  const burning = burnAlerts(alerts)
  const slo = burning.some(({ id }) => id.slo === key) ? key : burning[0]?.id.slo
  const own = burning.filter(({ id }) => id.slo === slo)
  if (slo === undefined) return undefined
  const scope = own.some(({ id }) => id.scope === globalScope) ? globalScope : own[0].id.scope
  return { slo, scope, since: Math.min(openedAt, onsetOf(own) ?? openedAt) }
}

/** Alerts about burn rates, not about the data itself. */
export function burnAlerts<Alert extends Pick<IncidentAlert, 'id'>>(alerts: readonly Alert[]): readonly Alert[] {
  return alerts.filter(({ id }) => id.cause === undefined)
}

/**
 * When the trouble began by the evidence of the first alert that has any; undefined without. That of a ticket is the beginning of
 * its window, which says nothing of when the trouble began.
 */
export function onsetOf(alerts: readonly IncidentAlert[]): EpochMs | undefined {
  return alerts.find(({ rule: { evidence } }) => (evidence?.chanceOnceInMs ?? null) !== null)?.rule.evidence?.since
}

/** What was spent up to each point that knows it, the oldest first. */
export function spendOver(points: readonly BurnRatePoint[]): readonly KnownSpend[] {
  const known = points.flatMap(({ readings }) =>
    readings.flatMap(({ slo, scope, spent }) => (spent === undefined ? [] : [{ slo, scope, ...spent }])),
  )
  return known.toSorted((a, b) => a.until - b.until)
}
