import { burnRate, errorRatio } from '../core/budget/burn-rate.ts'
import { timeToExhaustionMs } from '../core/budget/error-budget.ts'
import { leadAlert } from '../core/incidents/lead-alert.ts'
import { annotationsOf } from '../core/incidents/related-annotations.ts'
import type { FiredRule } from '../core/model/alert.ts'
import type { Annotation } from '../core/model/annotation.ts'
import type { Incident, IncidentAlert } from '../core/model/incident.ts'
import type {
  AlertReading,
  ExemplarReading,
  MemberReading,
  MessageChange,
  Notification,
  RegionReading,
  SpentReading,
  WindowReading,
} from '../core/model/notification.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { hourMs, minuteMs } from '../core/model/units.ts'
import { attribution } from '../core/regions/attribution.ts'
import { alignDown } from '../core/time/alignment.ts'
import { alertLabels } from './alert-moved.ts'
import type { Counting } from './counting.ts'
import { incidentSpending } from './incident-spending.ts'
import { measureOf } from './measure-of.ts'
import { readBudget } from './read-budget.ts'
import { readDetails } from './read-details.ts'
import { readScope, readSloInRegion, regionsOf, type ScopeReading } from './read-scope.ts'
import { namelessRegion } from './region-counts.ts'

/** Where the facts of a message come from. */
export interface ComposeWorld {
  readonly counting: Counting
  readonly annotations: readonly Annotation[]
  /** Up to when a scope was evaluated; undefined where it never was. */
  readonly evaluatedAt: (scope: string) => EpochMs | undefined
  /** Traces of requests of an SLO that failed, in a scope. */
  readonly exemplarsOf?: (slo: string, scope: string, at: EpochMs) => readonly ExemplarReading[]
  /** Whether one more message may have what takes long to read: history and forecast. Each may where it is not given. */
  readonly mayDetail?: () => boolean
}

/** What a message says beside what there is to say of its incident. */
export interface Saying {
  readonly change: MessageChange
  readonly wakes: boolean
  readonly now: EpochMs
}

/**
 * Puts together all that a person needs to know of an incident, from the counts of the moment. Of an SLO that is gone it says
 * what was said last.
 */
export function composeNotification(world: ComposeWorld, incident: Incident, saying: Saying): Notification | undefined {
  const lead = leadAlert(incident)
  const facts = factsOf(world, lead, incident, saying.now) ?? incident.words
  return facts === null ? undefined : { ...facts, ...incidentFacts(world, incident, saying, facts) }
}

/** What is measured: of one alert, at its scope's last evaluation. */
type Facts = Pick<
  Notification,
  | 'kind'
  | 'slo'
  | 'scope'
  | 'description'
  | 'labels'
  | 'runbook'
  | 'dashboard'
  | 'objective'
  | 'window'
  | 'at'
  | 'rule'
  | 'long'
  | 'short'
  | 'budget'
  | 'regions'
  | 'data'
  | 'exemplars'
  | 'history'
  | 'traffic'
  | 'spent'
  | 'measure'
>

function factsOf(
  { counting, evaluatedAt, exemplarsOf, mayDetail }: ComposeWorld,
  { id, rule, data, firedAt, resolvedAt }: IncidentAlert,
  incident: Incident,
  now: EpochMs,
): Facts | null {
  const compiled = counting.slos.get(id.slo)
  if (compiled === undefined) return null
  const evaluated = evaluatedAt(id.scope) ?? firedAt
  // Of what cannot be seen nothing is evaluated: how that stands is a matter of the clock, not of its last data.
  const isBlind = data?.cause === 'blind' && resolvedAt === null
  const at = isBlind ? Math.max(evaluated, alignDown(now, counting.stepMs)) : evaluated
  const reading = readScope(counting, compiled, id.scope, at)
  const { slo, objective, window } = reading.compiled
  // An alert about the data itself fired by no rule; its message shows what the first rule looks at.
  const windows = compiled.alertWindows
  const shortMs = rule.shortMs > 0 ? rule.shortMs : (windows[0] ?? 5 * minuteMs)
  const longMs = rule.longMs > 0 ? rule.longMs : (windows.at(-1) ?? hourMs)
  const short = windowReading(reading, shortMs)
  const wholeBudget = readBudget(reading)
  const { counts, projected, lengthMs } = wholeBudget
  const { remaining } = projected
  const isDetailed = mayDetail?.() !== false
  const details = isDetailed ? readDetails(reading, wholeBudget, shortMs) : undefined
  const spent = isDetailed ? spentBy(incident, counting, (scope) => evaluatedAt(scope) ?? firedAt) : undefined
  const timeToExhaustion = timeToExhaustionMs(remaining, short.burnRate, lengthMs)
  return {
    kind: 'incident',
    slo: compiled.id,
    scope: id.scope,
    description: slo.description,
    labels: alertLabels(slo, id.severity),
    runbook: slo.runbook ?? null,
    dashboard: slo.dashboard ?? null,
    objective,
    window: window.text,
    at,
    rule: { ...whyFired(rule), longMs, shortMs, burnRate: rule.burnRate },
    long: windowReading(reading, longMs),
    short,
    budget: { ...counts, remaining, timeToExhaustionMs: timeToExhaustion, ...details?.budget },
    ...details?.notification,
    ...(spent === undefined ? {} : { spent }),
    measure: measureOf(slo.indicator),
    regions: regionReadings(counting, reading, shortMs),
    data,
    exemplars: exemplarsOf?.(compiled.id, id.scope, at) ?? [],
  }
}

/** What the incident has spent, which is reckoned by the SLO it opened with. */
function spentBy(incident: Incident, counting: Counting, reach: (scope: string) => EpochMs): SpentReading | undefined {
  const spending = incidentSpending(counting, incident, reach, undefined)
  if (spending === undefined) return undefined
  const { since, bad, allowed } = spending.spent
  return { since, bad, ofBudget: allowed > 0 ? bad / allowed : null }
}

function whyFired({ because, evidence }: FiredRule): Pick<FiredRule, 'because' | 'evidence'> {
  return { ...(because === undefined ? {} : { because }), ...(evidence === undefined ? {} : { evidence }) }
}

function windowReading(reading: ScopeReading, windowMs: DurationMs): WindowReading {
  const counts = reading.counts(windowMs)
  return { ...counts, errorRatio: errorRatio(counts), burnRate: burnRate(counts, reading.compiled.budget) }
}

function regionReadings(counting: Counting, own: ScopeReading, windowMs: DurationMs): RegionReading[] {
  const { compiled, at, scope } = own
  const readings = regionsOf(counting, compiled)
    .filter(({ region }) => region !== namelessRegion)
    .map((region) => (region.region === scope ? own : readSloInRegion(counting, region, compiled, at)))
  const shares = attribution(
    readings.map((reading) => ({
      region: reading.scope,
      counts: reading.counts(windowMs),
      budget: reading.compiled.budget,
    })),
  )
  return readings.map((reading, index) => ({
    region: reading.scope,
    burnRate: burnRate(reading.counts(windowMs), reading.compiled.budget),
    state: reading.state(),
    share: shares[index].ofFailures,
  }))
}

function incidentFacts(
  { annotations }: ComposeWorld,
  incident: Incident,
  { change, wakes, now }: Saying,
  { slo, at }: Pick<Notification, 'slo' | 'at'>,
) {
  const { id, key, service, severity, sev, openedAt, phase, acknowledgement, flapping, openings, revision } = incident
  const isOver = change === 'resolved'
  const resolvedAt = phase.kind === 'open' ? null : phase.clearedAt
  return {
    status: isOver ? ('resolved' as const) : ('firing' as const),
    change,
    wakes,
    key,
    incidentId: id,
    revision,
    severity,
    sev,
    service,
    firedAt: openedAt,
    resolvedAt: isOver ? resolvedAt : null,
    at: Math.max(at, isOver ? (resolvedAt ?? at) : openedAt),
    alerts: [...incident.alerts].sort(openAndWorstFirst).map(alertReading),
    members: membersOf(incident, slo),
    annotations: annotationsOf(incident, annotations, now),
    acknowledgement:
      acknowledgement === null
        ? null
        : { by: acknowledgement.by, at: acknowledgement.at, until: acknowledgement.until },
    flapping: flapping ? { openings: openings.length } : null,
    ...(isOver && leadAlert(incident).undeclared === true ? { unwatched: true as const } : {}),
  }
}

function openAndWorstFirst(a: IncidentAlert, b: IncidentAlert): number {
  return rank(a) - rank(b)
}

function rank({ resolvedAt, id }: IncidentAlert): number {
  return (resolvedAt === null ? 0 : 2) + (id.severity === 'page' ? 0 : 1)
}

function alertReading({ id, firedAt, resolvedAt, hush }: IncidentAlert): AlertReading {
  const { slo, scope, severity } = id
  return { slo, scope, severity, firedAt, resolvedAt, hushedBy: hush === null ? null : hush.reason }
}

/** The other SLOs of an incident, each once. */
function membersOf({ alerts }: Incident, own: string): readonly MemberReading[] {
  const bySlo = Map.groupBy(
    alerts.filter(({ id }) => id.slo !== own),
    ({ id }) => id.slo,
  )
  return [...bySlo].map(([slo, ofSlo]) => {
    const open = ofSlo.filter(({ resolvedAt }) => resolvedAt === null)
    const ended = ofSlo.map(({ resolvedAt }) => resolvedAt ?? 0)
    return {
      slo,
      service: ofSlo[0].service,
      severity: ofSlo.some(({ id }) => id.severity === 'page') ? 'page' : 'ticket',
      scopes: [...new Set(ofSlo.map(({ id }) => id.scope))],
      since: Math.min(...ofSlo.map(({ firedAt }) => firedAt)),
      resolvedAt: open.length > 0 ? null : Math.max(...ended),
    }
  })
}
