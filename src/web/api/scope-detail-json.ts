import { type DurationMs, secondMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type {
  BudgetStatus,
  ErrorSurveyStatus,
  ForecastStatus,
  RangeStatus,
  RegionShareStatus,
  ScopeDetail,
} from '../../ports/slo-status.ts'
import { unixSeconds } from './json-answer.ts'

/** What the figures of a scope are made of, as the API gives it: times and spans in seconds. */
export function scopeDetailJson(detail: ScopeDetail) {
  const { objective, budget, bounds, forecast, exclusions, dataAlerts, attribution, latencyUncertainty, errors } =
    detail
  return {
    objective,
    budget: budgetJson(budget),
    bounds: bounds.map(({ windowMs, ...rest }) => ({ window: formatDuration(windowMs), ...rest })),
    forecast: forecastJson(forecast),
    exclusions,
    dataAlerts: dataAlerts.map(({ cause, severity, since }) => ({
      cause,
      severity,
      firing: since !== null,
      since: unixSeconds(since),
    })),
    attribution:
      attribution === null
        ? null
        : {
            nowSeconds: seconds(attribution.nowMs),
            now: attribution.now.map(shareJson),
            window: attribution.window.map(shareJson),
          },
    exemplars: detail.exemplars.map(({ at, ...rest }) => ({ ...rest, at: unixSeconds(at) })),
    latencyUncertainty,
    topErrors: errors === null ? null : errorsJson(errors, budget.allowed),
  }
}

function errorsJson({ since, bad, total, dimensions }: ErrorSurveyStatus, allowed: number) {
  return {
    since: unixSeconds(since),
    bad,
    total,
    dimensions: dimensions.map(({ label, values, otherBad }) => ({
      label,
      values: values.map((each) => ({ ...each, ofBudget: allowed > 0 ? each.bad / allowed : null })),
      otherBad,
    })),
  }
}

function budgetJson({ start, lengthMs, countedMs, seenMs, segments, ...rest }: BudgetStatus) {
  return {
    start: unixSeconds(start),
    lengthSeconds: seconds(lengthMs),
    countedSeconds: seconds(countedMs),
    seenSeconds: seconds(seenMs),
    excluded: rest.excluded,
    allowed: rest.allowed,
    projectedTotal: rest.projectedTotal,
    segments: segments.map((segment) => ({
      budget: segment.budget,
      total: segment.total,
      lengthSeconds: seconds(segment.lengthMs),
      seenSeconds: seconds(segment.seenMs),
    })),
  }
}

function forecastJson({ overMs, ground, exhaustion, endsAt, exposureToEnd, remainingAtEnd }: ForecastStatus) {
  return {
    secondsToExhaustion: rangeOf(exhaustion, seconds),
    endsAt: unixSeconds(endsAt),
    remainingAtEnd,
    basis: {
      overSeconds: seconds(overMs),
      bad: ground.bad,
      total: ground.exposure,
      dispersion: ground.dispersion,
      totalToEnd: exposureToEnd,
      ahead: ground.ahead.map(({ afterMs, exposure, room }) => ({
        afterSeconds: seconds(afterMs),
        total: exposure,
        room,
      })),
    },
  }
}

function rangeOf({ low, expected, high }: RangeStatus, convert: (value: number) => number): RangeStatus {
  const part = (value: number | null) => (value === null ? null : convert(value))
  return { low: part(low), expected: part(expected), high: part(high) }
}

function shareJson({ region, counts, ...shares }: RegionShareStatus) {
  return { region, ...counts, ...shares }
}

function seconds(duration: DurationMs): number {
  return duration / secondMs
}
