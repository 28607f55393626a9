import { burnRate } from '../core/budget/burn-rate.ts'
import { historyStepsPerMessage } from '../core/model/limits.ts'
import type {
  BudgetReading as BudgetWords,
  BurnHistory,
  Notification,
  TrafficReading,
} from '../core/model/notification.ts'
import { type DurationMs, dayMs, minuteMs, secondMs } from '../core/model/units.ts'
import type { BudgetReading } from './read-budget.ts'
import { readForecast } from './read-forecast.ts'
import type { ScopeReading } from './read-scope.ts'

/** What a message says beside the figures of the moment: what was before, and what is to come. */
export interface Details {
  readonly budget: Pick<BudgetWords, 'exhaustion'>
  readonly notification: Pick<Notification, 'history' | 'traffic'>
}

/** Reads how an SLO burned lately, how much traffic it has, and between what its budget lasts. */
export function readDetails(reading: ScopeReading, budget: BudgetReading, shortMs: DurationMs): Details {
  const { low, high } = readForecast(reading, budget).exhaustion
  return {
    budget: low === null && high === null ? {} : { exhaustion: { lowMs: low, highMs: high } },
    notification: { history: historyOf(reading), traffic: trafficOf(reading, shortMs) },
  }
}

const stepMs = 5 * minuteMs

function historyOf({ at, between, compiled }: ScopeReading): BurnHistory {
  const from = at - historyStepsPerMessage * stepMs
  const burnRates = Array.from({ length: historyStepsPerMessage }, (_, index) => {
    const start = from + index * stepMs
    return burnRate(between(start, start + stepMs), compiled.budget)
  })
  return { from, stepMs, burnRates }
}

/** What is usual is what there was at the same time of the week, or of the day where that was not seen. */
function trafficOf({ at, between, seenMs }: ScopeReading, windowMs: DurationMs): TrafficReading {
  const perSecond = between(at - windowMs, at).total / (windowMs / secondMs)
  const before = [7 * dayMs, dayMs].find((agoMs) => {
    return seenMs(at - agoMs - windowMs, at - agoMs) >= seenEnough * windowMs
  })
  if (before === undefined) return { perSecond, usualPerSecond: null }
  const usual = between(at - before - windowMs, at - before).total
  return { perSecond, usualPerSecond: usual / (windowMs / secondMs) }
}

const seenEnough = 0.9
