import {
  type Ahead,
  dispersionOf,
  exhaustionForecast,
  type ForecastGround,
  failuresForecast,
  type Range,
  unknownRange,
} from '../core/budget/forecast.ts'
import { noEvents } from '../core/model/counts.ts'
import { type DurationMs, dayMs, type EpochMs, hourMs } from '../core/model/units.ts'
import type { BudgetReading } from './read-budget.ts'
import type { ScopeReading } from './read-scope.ts'

/** How long the budget lasts if it goes on like this, and what that was reckoned from. */
export interface ForecastReading {
  /** The stretch whose failures stand for those to come: the shortest that holds enough of them. */
  readonly overMs: DurationMs
  readonly ground: ForecastGround
  /** Time until the budget is spent, in milliseconds; null where it is not within the window, or would be a guess. */
  readonly exhaustion: Range
  /** When a calendar window ends; null for a rolling one, which has no end. */
  readonly endsAt: EpochMs | null
  /** Events to be expected until then; of a rolling window, within the next one, when all of today has left it. */
  readonly exposureToEnd: number
  /** The share of the budget left then; null where that would be a guess. */
  readonly remainingAtEnd: Range
}

/** Failures that tell a rate within a third. */
const badWanted = 10
const stretches: readonly DurationMs[] = [hourMs, 6 * hourMs, dayMs, 3 * dayMs]
const blocks = 24
const momentsAhead = 48

/** Reads the forecast of a scope's budget. */
export function readForecast(reading: ScopeReading, budget: BudgetReading): ForecastReading {
  const { at, charged, compiled } = reading
  const overMs =
    stretches.find((length) => charged(at - length, at).bad >= badWanted) ?? stretches[stretches.length - 1]
  const { bad, total } = charged(at - overMs, at)
  const blockMs = overMs / blocks
  const parts = Array.from({ length: blocks }, (_, index) => {
    const end = at - index * blockMs
    return charged(end - blockMs, end)
  })
  const isCalendar = compiled.slo.window.kind === 'calendar'
  const endsAt = isCalendar ? budget.start + budget.lengthMs : null
  const horizonMs = endsAt === null ? budget.lengthMs : Math.max(0, endsAt - at)
  const expected = trafficAhead(reading, overMs)
  const moments = Array.from({ length: momentsAhead }, (_, index) => horizonMs * ((index + 1) / momentsAhead) ** 2)
  const ahead = moments.map((afterMs) => momentAhead(reading, budget, afterMs, expected(afterMs), isCalendar))
  const ground = { bad, exposure: total, dispersion: dispersionOf(parts), ahead }
  const { remaining } = budget.projected
  const isJudged = remaining !== null && remaining > 0
  const exposureToEnd = expected(horizonMs)
  const failures = failuresForecast(ground, exposureToEnd)
  const end = ahead[ahead.length - 1]
  return {
    overMs,
    ground,
    exhaustion: isJudged ? exhaustionForecast(ground) : unknownRange,
    endsAt,
    exposureToEnd,
    remainingAtEnd: remainingAfter(failures, isCalendar ? budget : { counts: noEvents, allowed: end.room }),
  }
}

/** Few failures leave much of the budget: the ends change places. */
function remainingAfter(failures: Range, { counts, allowed }: Pick<BudgetReading, 'counts' | 'allowed'>): Range {
  const left = (more: number | null) => (more === null || !(allowed > 0) ? null : 1 - (counts.bad + more) / allowed)
  return { low: left(failures.high), expected: left(failures.expected), high: left(failures.low) }
}

/** A rolling window loses its oldest events as time goes on; a calendar window keeps them all. */
function momentAhead(
  { at, charged, countedMs, seenMs }: ScopeReading,
  budget: BudgetReading,
  afterMs: DurationMs,
  exposure: number,
  isCalendar: boolean,
): Ahead {
  if (isCalendar) return { afterMs, exposure, room: budget.allowed - budget.counts.bad }
  const from = Math.min(at, at + afterMs - budget.lengthMs)
  const kept = charged(from, at)
  const perEvent = budget.projectedTotal > 0 ? budget.allowed / budget.projectedTotal : 0
  const seen = budget.segments.reduce((sum, segment) => sum + segment.seenMs, 0)
  const perMs = seen > 0 ? budget.counts.total / seen : 0
  const unseenMs = Math.max(0, countedMs(from, at) - seenMs(from, at))
  return { afterMs, exposure, room: perEvent * (kept.total + exposure + perMs * unseenMs) - kept.bad }
}

/** Events to be expected within a time from now: those of the last day again and again, or the rate of late. */
function trafficAhead({ at, charged, seenMs }: ScopeReading, overMs: DurationMs): (afterMs: DurationMs) => number {
  const day = charged(at - dayMs, at).total
  if (seenMs(at - dayMs, at) < 0.9 * dayMs) {
    const seen = seenMs(at - overMs, at)
    const perMs = seen > 0 ? charged(at - overMs, at).total / seen : 0
    return (afterMs) => perMs * afterMs
  }
  return (afterMs) => {
    const days = Math.floor(afterMs / dayMs)
    return days * day + charged(at - dayMs, at - dayMs + (afterMs - days * dayMs)).total
  }
}
