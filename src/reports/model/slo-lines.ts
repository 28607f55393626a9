import { type CalendarUnit, globalScope } from '../../core/model/slo.ts'
import { dayMs, type EpochMs } from '../../core/model/units.ts'
import { periodsBetween } from '../../core/time/calendar-window.ts'
import { previousPeriod, type ReportPeriod } from '../period/read-period.ts'
import { countScope } from './count-scope.ts'
import type { Declared } from './declared.ts'
import { composedForecast } from './forecast-composed.ts'
import { type Expected, expectedWithin, remainingThen } from './forecast-line.ts'
import { type AlertCounts, alertsOf } from './incident-lines.ts'
import { type Judgement, judge, worstOf } from './judge.ts'
import type { LineStatus, ScopeReading, SloLine, Spread } from './report.ts'
import type { ReportIncident } from './report-input.ts'

/** Periods in a trend, this one with them. */
export const trendLength = 6

/** Below so much of the budget left a line is said to be at risk. */
const riskBelow = 0.25

/** Doubles add up counts with an error far below one event in a billion; a budget spent to the event is kept. */
export const tolerance = 1e-9

/** What a line is made with beside its counts. */
export interface LineWorld {
  readonly period: ReportPeriod
  /** Up to when the period is reckoned: its end once it is over, before that the moment of the report. */
  readonly end: EpochMs
  readonly incidents: readonly ReportIncident[]
}

/** One line of the report. */
export function sloLine(declared: Declared, { period, end, incidents }: LineWorld): SloLine {
  const { from, to } = period
  const now = judge(declared, from, end)
  const earlier = previousPeriod(period)
  const before = judge(declared, earlier.from, earlier.to)
  const goesOn = end < to
  const next = goesOn ? to - end : to - from
  const { expected, remaining: forecast } = forecastOf(declared, now, { end, next, from, goesOn })
  const alerts = alertsOf(declared.id, incidents)
  return {
    id: declared.id,
    service: declared.slo.service,
    owner: ownerOf(declared),
    unit: declared.unit,
    members: declared.members.map((member) => member.declared.id),
    judged: now.reading,
    judgedScope: now.scope,
    before: before.reading,
    regions: now.regions,
    worstRegion: worstOf(now.regions)?.region ?? null,
    status: statusOf(now.reading, forecast, goesOn),
    trend: trendOf(declared, period, now),
    forecast,
    burndown: burndownOf(declared, now, period, end, goesOn ? expected : undefined),
    isExact: isExact(declared, from, end),
    isExclusionEstimated: isExclusionEstimated(declared, from, end),
    ...totalsOf(alerts),
  }
}

function forecastOf(
  declared: Declared,
  { scope, reading }: Judgement,
  { end, next, from, goesOn }: Readonly<Record<'end' | 'next' | 'from', number>> & { readonly goesOn: boolean },
): { readonly expected: Expected; readonly remaining: Spread } {
  if (!isSummed(declared)) {
    return composedForecast(declared, { scope, at: end, aheadMs: next, from: goesOn ? from : end })
  }
  const expected = expectedWithin(declared, scope, end, next)
  return { expected, remaining: remainingThen(reading, expected, goesOn) }
}

/** A composite, a mean, and the worst of regions are no sums of their days. */
function isSummed({ slo, regions, members }: Declared): boolean {
  if (members.length > 0) return false
  return regions.length < 2 || slo.regions.global === 'events' || slo.regions.global === 'none'
}

function ownerOf({ slo }: Declared): string {
  return slo.labels.get('owner') ?? slo.labels.get('team') ?? slo.service
}

function statusOf({ remaining }: ScopeReading, { expected }: Spread, goesOn: boolean): LineStatus {
  if (remaining === null) return 'unknown'
  if (remaining < -tolerance) return 'missed'
  if (goesOn && (remaining < riskBelow || (expected !== null && expected < 0))) return 'at-risk'
  return 'met'
}

function trendOf(declared: Declared, period: ReportPeriod, now: Judgement): SloLine['trend'] {
  const points = [{ label: period.label, sli: now.reading.sli, remaining: now.reading.remaining }]
  for (let earlier = previousPeriod(period); points.length < trendLength; earlier = previousPeriod(earlier)) {
    const { sli, remaining } = judge(declared, earlier.from, earlier.to).reading
    points.unshift({ label: earlier.label, sli, remaining })
  }
  return points
}

/** What is left after each day of the whole period's budget, which is reckoned with what is expected still to come. */
function burndownOf(declared: Declared, now: Judgement, period: ReportPeriod, end: EpochMs, expected?: Expected) {
  const whole = now.reading.allowed + (1 - now.reading.objective) * (expected?.total ?? 0)
  if (whole <= 0) return []
  const unit: CalendarUnit = period.to - period.from > 100 * dayMs ? 'week' : 'day'
  const ends = periodsBetween(unit, period.timeZone, period.from, end).map((one) => Math.min(one.end, end))
  return [
    { at: period.from, remaining: 1 },
    ...ends.map((at) => {
      // Of what is no sum, what was spent then is what the events up to then say: it may be less on a later day.
      const { allowed, consumed } = judgedThen(declared, now.scope, period.from, at)
      return { at, remaining: 1 - ((consumed ?? 0) * allowed) / whole }
    }),
  ]
}

/** The same scope over another stretch. */
function judgedThen(declared: Declared, scope: string, from: EpochMs, to: EpochMs): ScopeReading {
  return scope === globalScope ? judge(declared, from, to).reading : countScope(declared, scope, from, to)
}

function isExact({ days }: Declared, from: EpochMs, end: EpochMs): boolean {
  return days.every((day) => !(day.from < from && day.until > from) && !(day.from < end && day.until > end))
}

function isExclusionEstimated(
  declared: Declared,
  from: EpochMs,
  end: EpochMs,
  within: readonly Declared[] = [],
): boolean {
  if (declared.members.length > 0) {
    return declared.members.some((member) => isExclusionEstimated(member.declared, from, end, [...within, declared]))
  }
  return declared.days.some((day) => {
    if (day.total === 0 || day.to <= from || day.from >= end) return false
    const isCut = (at: EpochMs) => at > day.from && at < Math.min(day.to, day.until)
    return declared.excluded(day.region, within).some((span) => isCut(span.from) || isCut(span.to))
  })
}

function totalsOf(alerts: ReadonlyMap<string, AlertCounts>) {
  const all = [...alerts.values()]
  return {
    pages: all.reduce((sum, { pages }) => sum + pages, 0),
    tickets: all.reduce((sum, { tickets }) => sum + tickets, 0),
    worstBurnRates: new Map([...alerts].flatMap(([scope, { worst }]) => (worst > 0 ? [[scope, worst] as const] : []))),
    alertsByScope: alerts,
  }
}
