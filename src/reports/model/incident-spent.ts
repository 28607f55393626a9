import { spendOver } from '../../core/incidents/incident-spend.ts'
import { type DurationMs, dayMs, type EpochMs, minuteMs, type Ratio } from '../../core/model/units.ts'
import type { ReportIncident } from './report-input.ts'

/** Bad events of an incident. */
export interface IncidentSpent {
  readonly bad: number
  /** The share of the whole SLO window's budget that all of the incident spent, whenever that was. */
  readonly ofWindow: Ratio | null
}

/**
 * The bad events of an incident in (from, to], as they were counted while it went on, in the unit that the SLO counts in; null
 * for incidents of before that was kept. Between two points they are taken to have come evenly, which matters only where an
 * incident goes over an end of the stretch: the error is at most the bad events between those two points.
 */
export function countedSpent({ burnRates }: ReportIncident, from: EpochMs, to: EpochMs): IncidentSpent | null {
  const all = spendOver(burnRates)
  const last = all.at(-1)
  if (last === undefined) return null
  const own = all.filter(({ slo, scope, since }) => slo === last.slo && scope === last.scope && since === last.since)
  const knots = [{ at: last.since, bad: 0 }, ...own.map(({ until, bad }) => ({ at: until, bad }))]
  const bad = Math.max(0, badUntil(knots, to) - badUntil(knots, from))
  return { bad, ofWindow: last.allowed > 0 ? last.bad / last.allowed : null }
}

function badUntil(knots: readonly { readonly at: EpochMs; readonly bad: number }[], at: EpochMs): number {
  const index = knots.findLastIndex((knot) => knot.at <= at)
  if (index < 0) return 0
  const [before, after] = [knots[index], knots[index + 1]]
  if (after === undefined) return before.bad
  return before.bad + ((at - before.at) / (after.at - before.at)) * (after.bad - before.bad)
}

/**
 * The share of the period's budget that an incident spent, at even traffic: the sum of burn rate × time ÷ length of the period,
 * by the shortest window of all that were kept, since a longer one goes on burning when all is over. Null without any.
 */
export function estimatedSpent(
  { burnRates }: ReportIncident,
  { slo, scope }: { readonly slo: string; readonly scope: string },
  from: EpochMs,
  end: EpochMs,
  lengthMs: DurationMs,
): Ratio | null {
  const own = burnRates.flatMap(({ at, readings }) => {
    return readings
      .filter((one) => one.slo === slo && one.scope === scope && one.windowMs > 0)
      .map((one) => ({ at, ...one }))
  })
  const shortest = own.reduce((least, { windowMs }) => Math.min(least, windowMs), Number.POSITIVE_INFINITY)
  const burns = own.flatMap(({ at, windowMs, burnRate }) =>
    windowMs === shortest && burnRate !== null ? [{ at, burnRate }] : [],
  )
  if (burns.length === 0) return null
  let spent = 0
  for (const [index, { at, burnRate }] of burns.entries()) {
    const until = Math.min(burns[index + 1]?.at ?? at + minuteMs, at + pointReachMs, end)
    spent += burnRate * Math.max(0, until - Math.max(at, from))
  }
  return spent / lengthMs
}

/** A burn rate stands for no longer than this: beyond, the incident was not looked at. */
const pointReachMs = dayMs / 24
