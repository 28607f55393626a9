import { burnAlerts, onsetOf, type SpendSubject, spendSubject } from '../../core/incidents/incident-spend.ts'
import type { Incident } from '../../core/model/incident.ts'
import { globalScope } from '../../core/model/slo.ts'
import { compareTexts } from '../../core/model/text-order.ts'
import { type EpochMs, minuteMs } from '../../core/model/units.ts'
import { type BusinessHours, isWithinHours } from '../../core/time/business-hours.ts'
import type { ReportPeriod } from '../period/read-period.ts'
import { countedSpent, estimatedSpent } from './incident-spent.ts'
import type { IncidentLine, IncidentTotals, SloLine } from './report.ts'
import type { ReportIncident } from './report-input.ts'

/** Alerts of one SLO in one scope. */
export interface AlertCounts {
  readonly pages: number
  readonly tickets: number
  /** The highest burn rate seen; 0 where none was kept. */
  readonly worst: number
}

/** The incidents that share an instant with a period, of those about burn rates. */
export function incidentsWithin(
  incidents: readonly ReportIncident[],
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
) {
  return incidents.filter(({ incident }) => {
    return (
      incident.openedAt < to &&
      (endOf(incident) ?? Number.POSITIVE_INFINITY) > from &&
      burnAlerts(incident.alerts).length > 0
    )
  })
}

/** What is known of an SLO beside its incidents. */
export interface IncidentSlo {
  readonly line: SloLine
  /** Its unit in the report ÷ the unit that it counts in. */
  readonly factor: number
  /** The bad events of the days that share an instant with a stretch of the period, in a scope; null where nothing was counted. */
  readonly badOnDays: (scope: string, from: EpochMs, to: EpochMs) => number | null
}

/** What incidents of a period are told by. */
export interface IncidentWorld {
  readonly period: ReportPeriod
  /** Up to when there is data. */
  readonly end: EpochMs
  readonly slos: ReadonlyMap<string, IncidentSlo>
  readonly workingHours: BusinessHours
}

/** One line per incident, what spent most first. */
export function incidentLines(incidents: readonly ReportIncident[], world: IncidentWorld): readonly IncidentLine[] {
  return incidents
    .map((one) => incidentLine(one, world))
    .toSorted(
      (a, b) => (b.budgetSpent ?? -1) - (a.budgetSpent ?? -1) || a.openedAt - b.openedAt || compareTexts(a.id, b.id),
    )
}

/** How many there were, for how long one of them at least was open, and what the five largest had of all. */
export function incidentTotals(lines: readonly IncidentLine[], { from }: ReportPeriod, end: EpochMs): IncidentTotals {
  let [minutes, reached] = [0, from]
  for (const { openedAt, endedAt } of lines.toSorted((a, b) => a.openedAt - b.openedAt)) {
    const until = Math.min(endedAt ?? end, end)
    minutes += Math.max(0, until - Math.max(openedAt, reached)) / minuteMs
    reached = Math.max(reached, until)
  }
  const spent = lines.flatMap(({ budgetSpent }) => (budgetSpent === null ? [] : [budgetSpent])).sort((a, b) => b - a)
  const all = spent.reduce((a, b) => a + b, 0)
  const topShare = all > 0 ? spent.slice(0, 5).reduce((a, b) => a + b, 0) / all : null
  return { count: lines.length, minutes, topShare }
}

/** The alerts of one SLO by scope. */
export function alertsOf(slo: string, incidents: readonly ReportIncident[]): ReadonlyMap<string, AlertCounts> {
  const counts = new Map<string, { pages: number; tickets: number; worst: number }>()
  const at = (scope: string) => {
    const known = counts.get(scope) ?? { pages: 0, tickets: 0, worst: 0 }
    counts.set(scope, known)
    return known
  }
  for (const { incident, burnRates } of incidents) {
    for (const { id } of burnAlerts(incident.alerts)) {
      if (id.slo === slo) at(id.scope)[id.severity === 'page' ? 'pages' : 'tickets']++
    }
    for (const reading of burnRates.flatMap(({ readings }) => readings)) {
      if (reading.slo !== slo || reading.burnRate === null) continue
      const known = at(reading.scope)
      known.worst = Math.max(known.worst, reading.burnRate)
    }
  }
  return counts
}

function incidentLine(one: ReportIncident, { period, end, slos, workingHours }: IncidentWorld): IncidentLine {
  const { incident, events } = one
  const endedAt = endOf(incident)
  const alerts = burnAlerts(incident.alerts)
  const { slo, scope } = spendSubject(incident) ?? { slo: incident.key, scope: globalScope }
  const onset = onsetOf(alerts)
  const spent = spentOf(one, { slo, scope }, { from: period.from, to: period.to, end, endedAt }, slos.get(slo))
  const acknowledged = events.find(({ kind }) => kind === 'acknowledged')
  return {
    id: incident.id,
    slo,
    service: incident.service,
    severity: isPage(incident) ? 'page' : 'ticket',
    scopes: [...new Set(alerts.map(({ id }) => id.scope))].sort(),
    openedAt: incident.openedAt,
    endedAt,
    durationMs: Math.max(0, (endedAt ?? end) - incident.openedAt),
    ...spent,
    cause: causeOf(incident),
    link: incident.words?.runbook ?? null,
    detectMs: onset === undefined ? null : Math.max(0, incident.openedAt - onset),
    acknowledgeMs: acknowledged === undefined ? null : Math.max(0, acknowledged.at - incident.openedAt),
    isOutOfHours: !isWithinHours(workingHours, incident.openedAt),
  }
}

interface Stretch {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly end: EpochMs
  readonly endedAt: EpochMs | null
}

type Spent = Pick<IncidentLine, 'budgetSpent' | 'badEvents' | 'windowSpent' | 'isEstimated'>

/** What an incident spent of the period's budget: as it was counted, or else by its burn rates. */
function spentOf(
  one: ReportIncident,
  { slo, scope }: Pick<SpendSubject, 'slo' | 'scope'>,
  { from, to, end, endedAt }: Stretch,
  known: IncidentSlo | undefined,
): Spent {
  const line = known?.line
  const reading = scope === globalScope ? line?.judged : line?.regions.find(({ region }) => region === scope)?.reading
  const counted = countedSpent(one, from, end)
  if (counted !== null && (known === undefined || reading !== undefined)) {
    const badEvents = reading === undefined ? null : counted.bad * (known?.factor ?? 1)
    const budgetSpent =
      badEvents === null || reading === undefined || reading.allowed <= 0 ? null : badEvents / reading.allowed
    return { budgetSpent, badEvents, windowSpent: counted.ofWindow, isEstimated: false }
  }
  const estimate = estimatedSpent(one, { slo, scope }, from, end, to - from)
  const alerts = burnAlerts(one.incident.alerts)
  const began = Math.max(from, alerts[0]?.rule.evidence?.since ?? one.incident.openedAt)
  const badThen = known?.badOnDays(scope, began, Math.min(end, endedAt ?? end)) ?? null
  // Traffic is not even: an incident at night cannot have spent more than was spent on its days.
  const most = badThen === null || reading === undefined ? reading?.consumed : badThen / reading.allowed
  const budgetSpent = estimate === null ? null : Math.min(estimate, most ?? estimate)
  const badEvents = budgetSpent === null || reading === undefined ? null : budgetSpent * reading.allowed
  return { budgetSpent, badEvents, windowSpent: null, isEstimated: true }
}

function endOf({ phase }: Incident): EpochMs | null {
  return phase.kind === 'open' ? null : phase.clearedAt
}

/** Also where it was calmed before the page was heard, and in a replay, where nobody listens. */
function isPage(incident: Incident): boolean {
  return (
    incident.severity === 'page' ||
    burnAlerts(incident.alerts).some(({ id, hush }) => id.severity === 'page' && hush === null)
  )
}

function causeOf({ words }: Incident): string {
  const change = words?.annotations.find(({ beforeMs }) => beforeMs >= 0)
  return change === undefined ? '' : `${change.kind} ${change.text}`
}
