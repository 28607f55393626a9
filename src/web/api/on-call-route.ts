import type { Incident } from '../../core/model/incident.ts'
import { incidentsPerAnswerMax, onCallAgeMinMs, onCallIncidentsMax } from '../../core/model/limits.ts'
import { type DurationMs, dayMs, type EpochMs, secondMs } from '../../core/model/units.ts'
import { type BusinessHours, isWithinHours } from '../../core/time/business-hours.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import type { IncidentBoard } from '../../ports/incident-board.ts'
import type { StatusView } from '../../ports/status-view.ts'
import { alertHealth } from '../../reports/model/alert-health.ts'
import { incidentLines, incidentsWithin } from '../../reports/model/incident-lines.ts'
import type { IncidentLine } from '../../reports/model/report.ts'
import type { ReportIncident } from '../../reports/model/report-input.ts'
import type { OnCallJson } from '../ui/browser/wire.ts'
import { answered } from './answered.ts'
import { dataAnswer } from './json-answer.ts'
import { RequestProblem } from './request-fields.ts'
import { windowLength } from './window-length.ts'

/** What on-call health is reckoned from. */
export interface OnCallWorld {
  readonly view: Pick<StatusView, 'slos'>
  readonly incidents: Pick<IncidentBoard, 'incidents' | 'timeline'>
  readonly clock: Pick<Clock, 'now'>
  /** When people work; pages outside are told apart. */
  readonly workingHours: () => BusinessHours
}

const usualDays = 28
const daysMax = 366
const weekDays = 7
const quarterDays = 91.31
const nightFromMinute = 22 * 60
const nightToMinute = 6 * 60

/** `GET /api/v1/oncall`: pages a week, nights, who is the noisiest, and how fast people were: by the incidents that are kept. */
export function onCallRoute(world: OnCallWorld): HttpRoute {
  const kept = new Map<number, { readonly at: EpochMs; readonly health: Promise<OnCallJson> }>()
  return {
    method: 'GET',
    path: '/api/v1/oncall',
    handle: answered(async ({ query }) => {
      const days = Number(query.get('days') ?? usualDays)
      if (!Number.isInteger(days) || days < 1 || days > daysMax) {
        throw new RequestProblem(`days must be a whole number from 1 to ${daysMax}`)
      }
      const now = world.clock.now()
      const known = kept.get(days)
      if (known !== undefined && now - known.at < onCallAgeMinMs) return dataAnswer(await known.health)
      const health = onCallHealth(world, now - days * dayMs, now)
      kept.set(days, { at: now, health })
      health.catch(() => kept.delete(days))
      return dataAnswer(await health)
    }),
  }
}

async function onCallHealth(world: OnCallWorld, from: EpochMs, now: EpochMs): Promise<OnCallJson> {
  const hours = world.workingHours()
  const { found, isWhole } = await incidentsSince(world, from)
  const period = { label: '', from, to: now, unit: null, timeZone: hours.timeZone }
  const windows = new Map(world.view.slos().map(({ name, window }) => [name, windowLength(window)]))
  const lines = incidentLines(incidentsWithin(found, period), {
    period,
    end: now,
    slos: new Map(),
    workingHours: hours,
  })
    .filter(({ openedAt }) => openedAt >= from)
    .map((line) => ({ ...line, budgetSpent: ofSloWindow(line, now - from, windows.get(line.slo)) }))
  const { medianDetectMs, medianAcknowledgeMs, medianResolveMs, ...health } = alertHealth(lines, now - from)
  const nightPages = lines.filter((line) => isPage(line) && isNight(hours, line.openedAt)).length
  return {
    from: from / secondMs,
    to: now / secondMs,
    isWhole,
    hours: `${timeOf(hours.fromMinute)}–${timeOf(hours.toMinute)} ${hours.timeZone}`,
    night: `${timeOf(nightFromMinute)}–${timeOf(nightToMinute)} ${hours.timeZone}`,
    ...health,
    nightPages,
    nightPagesPerQuarter: (nightPages / ((now - from) / dayMs)) * quarterDays,
    medianDetectSeconds: seconds(medianDetectMs),
    medianAcknowledgeSeconds: seconds(medianAcknowledgeMs),
    medianResolveSeconds: seconds(medianResolveMs),
    weeks: weeksOf(lines, from, now),
  }
}

/** Reports speak of the budget of their period; whether a page was worth it, the budget of the SLO window says. */
function ofSloWindow(
  { budgetSpent, windowSpent }: IncidentLine,
  periodMs: DurationMs,
  windowMs: DurationMs | undefined,
) {
  if (windowSpent !== null) return windowSpent
  return budgetSpent === null || windowMs === undefined ? null : (budgetSpent * periodMs) / windowMs
}

async function incidentsSince({ incidents }: OnCallWorld, from: EpochMs) {
  const newest = await incidents.incidents({ limit: Math.min(onCallIncidentsMax, incidentsPerAnswerMax) })
  const wanted = newest.filter(({ openedAt }) => openedAt >= from)
  const found: ReportIncident[] = []
  for (const incident of wanted) {
    const timeline = await incidents.timeline(incident.id)
    found.push({ incident, events: timeline?.events ?? [], burnRates: timeline?.burnRates ?? [] })
  }
  return { found, isWhole: wanted.length < newest.length || newest.length < onCallIncidentsMax }
}

function weeksOf(lines: readonly IncidentLine[], from: EpochMs, now: EpochMs): OnCallJson['weeks'] {
  const count = Math.max(1, Math.ceil((now - from) / (weekDays * dayMs)))
  return Array.from({ length: count }, (_, index) => {
    const start = now - (count - index) * weekDays * dayMs
    const within = lines.filter(({ openedAt }) => openedAt >= start && openedAt < start + weekDays * dayMs)
    const pages = within.filter(isPage).length
    return { from: start / secondMs, pages, tickets: within.length - pages }
  })
}

function isPage({ severity }: Pick<Incident, 'severity'>): boolean {
  return severity === 'page'
}

function isNight({ timeZone }: BusinessHours, at: EpochMs): boolean {
  const day = { name: 'day', timeZone, days: [1, 2, 3, 4, 5, 6, 7] }
  return !isWithinHours({ ...day, fromMinute: nightToMinute, toMinute: nightFromMinute }, at)
}

function timeOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

function seconds(duration: DurationMs | null): number | null {
  return duration === null ? null : duration / secondMs
}
