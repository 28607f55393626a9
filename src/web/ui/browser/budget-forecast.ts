import type { ScopeDetailJson } from './slo-answers.ts'

/** A moment to come and what is forecast for it; null where that would be a guess. */
export interface ForecastPoint {
  readonly at: number
  readonly value: number
}

/** How the budget goes on from now: half of what may happen lies below `expected`, nine tenths between `low` and `high`. */
export interface BudgetForecast {
  readonly low: readonly ForecastPoint[]
  readonly expected: readonly ForecastPoint[]
  readonly high: readonly ForecastPoint[]
  /** The last moment that one of the lines has; the beginning where there is none. */
  readonly until: number
}

/**
 * Straight lines from what is left now to where each forecast says it is spent, or to what it leaves at the end of the
 * window; of a rolling window that is one window from now. Nothing is drawn after `latest`, nor where nothing is forecast.
 */
export function budgetForecast(
  { forecast, budget }: Pick<ScopeDetailJson, 'forecast' | 'budget'>,
  now: ForecastPoint,
  latest: number,
): BudgetForecast {
  const end = forecast.endsAt ?? now.at + budget.lengthSeconds
  const lineOf = (part: 'low' | 'expected' | 'high'): readonly ForecastPoint[] => {
    const spentAfter = forecast.secondsToExhaustion[part]
    const left = forecast.remainingAtEnd[part]
    if (now.value <= 0) return []
    if (spentAfter !== null) return upTo(now, { at: now.at + spentAfter, value: 0 }, latest)
    return left === null ? [] : upTo(now, { at: end, value: Math.max(0, left) }, latest)
  }
  const lines = { low: lineOf('low'), expected: lineOf('expected'), high: lineOf('high') }
  const ends = Object.values(lines).flatMap((line) => line.map(({ at }) => at))
  return { ...lines, until: Math.max(now.at, ...ends) }
}

/** Both ends of a straight line, the later one cut off where it lies beyond a moment. */
function upTo(from: ForecastPoint, to: ForecastPoint, latest: number): readonly ForecastPoint[] {
  if (to.at <= from.at || latest <= from.at) return []
  if (to.at <= latest) return [from, to]
  const share = (latest - from.at) / (to.at - from.at)
  return [from, { at: latest, value: from.value + share * (to.value - from.value) }]
}
