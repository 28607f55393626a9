import type { AlertState, DataCause } from '../core/model/alert.ts'
import type { DataState, EventCounts } from '../core/model/counts.ts'
import type { ExemplarReading } from '../core/model/notification.ts'
import type { Severity } from '../core/model/slo.ts'
import type { BurnRate, DurationMs, EpochMs, Ratio } from '../core/model/units.ts'

/** One SLO with all its scopes. */
export interface SloStatus {
  /** Its name, with its group where it is one of many. */
  readonly name: string
  /** The label values that made this one of many; empty otherwise. */
  readonly group: Readonly<Record<string, string>>
  readonly service: string
  readonly description: string
  readonly labels: Readonly<Record<string, string>>
  readonly runbook: string | null
  readonly dashboard: string | null
  readonly objective: Ratio
  /** The SLO window as written: `30d`. */
  readonly window: string
  /** What its counts count, and how long one of it lasts where that is time; `points` mean nothing by themselves. */
  readonly unit: 'events' | 'milliseconds' | 'slices' | 'points'
  readonly secondsEach: number | null
  /** The alert rules in force. */
  readonly rules: readonly RuleStatus[]
  /** The global scope first where there is one, then the regions by name. */
  readonly scopes: readonly ScopeStatus[]
}

/** An alert rule, as it is in force. */
export interface RuleStatus {
  readonly severity: Severity
  readonly longMs: DurationMs
  readonly shortMs: DurationMs
  readonly burnRate: BurnRate
}

/** One SLO in one region, or in all together. null is unknown, never 0. */
export interface ScopeStatus {
  /** A region, or `global`. */
  readonly scope: string
  readonly state: DataState
  /** Why nothing is known although data comes; null where that is not so. */
  readonly problem: string | null
  /** Counts over the SLO window; null before the first evaluation. */
  readonly counts: EventCounts | null
  /** Everything counted since the process started: it never falls, so that a rate can be taken of it. */
  readonly countedSinceStart: EventCounts | null
  /** The share of good events over the SLO window. */
  readonly sli: Ratio | null
  /** Bad events ÷ the bad events that the objective allows for the events counted in the SLO window. */
  readonly consumed: Ratio | null
  /** The share that is left; negative when overspent. */
  readonly remaining: Ratio | null
  /**
   * The same for the whole SLO window, the part that was not seen taken to have the traffic of the part that was, and no
   * failures: how much may still be lost. null before the first evaluation.
   */
  readonly projected: { readonly consumed: Ratio | null; readonly remaining: Ratio | null } | null
  /** The share of the SLO window for which data was seen. */
  readonly coverage: Ratio | null
  /** The event time of the last evaluation. */
  readonly at: EpochMs | null
  /** One per alert window, shortest first. */
  readonly burnRates: readonly BurnRateStatus[]
  readonly alerts: readonly AlertStatus[]
  /** What the figures are made of; only where one SLO was asked for, and after its first evaluation. */
  readonly detail?: ScopeDetail
}

/** What the figures of one scope are made of: each of them can be reckoned from this again. */
export interface ScopeDetail {
  /** The target in this scope: a region may have one of its own. */
  readonly objective: Ratio
  readonly budget: BudgetStatus
  /** Between what the burn rates lie while a part of the data cannot be seen, shortest window first. */
  readonly bounds: readonly BoundsStatus[]
  readonly forecast: ForecastStatus
  /** What was taken out of the budget within the SLO window. */
  readonly exclusions: readonly { readonly id: string; readonly author: string; readonly reason: string }[]
  readonly dataAlerts: readonly DataAlertStatus[]
  /** Of the global scope: who spent the budget in the last `nowMs`, and over the SLO window. */
  readonly attribution: {
    readonly nowMs: DurationMs
    readonly now: readonly RegionShareStatus[]
    readonly window: readonly RegionShareStatus[]
  } | null
  /** The newest events that failed, newest first, where their senders gave examples. */
  readonly exemplars: readonly ExemplarReading[]
  /**
   * The share of events of which it is not known whether they were within the bound: those in the bucket of a native or
   * exponential histogram that the bound cuts. null where every bucket is exact.
   */
  readonly latencyUncertainty: Ratio | null
  /** Which label values the failures carry; null where they were not taken apart. */
  readonly errors: ErrorSurveyStatus | null
  readonly readAt: EpochMs
}

/** The failures of a stretch of time up to now, by the labels of the series that counted them. */
export interface ErrorSurveyStatus extends EventCounts {
  readonly since: EpochMs
  /** The label first that failures gather in most. */
  readonly dimensions: readonly DimensionStatus[]
}

/** One label: its values with most failures, and the failures of all others. */
export interface DimensionStatus {
  readonly label: string
  readonly values: readonly {
    readonly value: string
    readonly bad: number
    /** null where the counters of all events do not carry the label, and so of `ofEvents`. */
    readonly total: number | null
    readonly ofFailures: Ratio
    readonly ofEvents: Ratio | null
  }[]
  readonly otherBad: number
}

/** The budget of the whole SLO window, and what it is reckoned from. */
export interface BudgetStatus {
  readonly start: EpochMs
  readonly lengthMs: DurationMs
  /** How much of the window so far counts, and for how much of that data was seen; of several regions the longest. */
  readonly countedMs: DurationMs
  readonly seenMs: DurationMs
  /** Events left out, because they are excluded. */
  readonly excluded: EventCounts
  /** The bad events that the whole window allows, and the events of the whole window that they are reckoned from. */
  readonly allowed: number
  readonly projectedTotal: number
  /** Parts of the window under one objective each. */
  readonly segments: readonly {
    readonly budget: Ratio
    readonly total: number
    readonly lengthMs: DurationMs
    readonly seenMs: DurationMs
  }[]
}

/** The burn rate over one window, if all that was not seen was good, and if it was bad. */
export interface BoundsStatus {
  readonly windowMs: DurationMs
  readonly best: EventCounts
  readonly worst: EventCounts
  readonly low: BurnRate | null
  readonly high: BurnRate | null
}

/** Half of what may happen lies below `expected`, nine tenths between `low` and `high`; null where it would be a guess. */
export interface RangeStatus {
  readonly low: number | null
  readonly expected: number | null
  readonly high: number | null
}

/** What becomes of the budget if it goes on like this. */
export interface ForecastStatus {
  /** The stretch whose failures stand for those to come. */
  readonly overMs: DurationMs
  readonly ground: {
    readonly bad: number
    readonly exposure: number
    readonly dispersion: number
    readonly ahead: readonly { readonly afterMs: DurationMs; readonly exposure: number; readonly room: number }[]
  }
  /** Milliseconds until the budget is spent. */
  readonly exhaustion: RangeStatus
  /** The end of a calendar window; null for a rolling one. */
  readonly endsAt: EpochMs | null
  /** Events to be expected until then; of a rolling window, within the next one. */
  readonly exposureToEnd: number
  /** The share of the budget left then. */
  readonly remainingAtEnd: RangeStatus
}

/** An alert about the data itself. */
export interface DataAlertStatus {
  readonly cause: DataCause
  readonly severity: Severity
  /** null while it is not open. */
  readonly since: EpochMs | null
}

/** One region's part in what all regions spent. */
export interface RegionShareStatus {
  /** "" is the data without a region. */
  readonly region: string
  readonly counts: EventCounts
  readonly ofFailures: Ratio | null
  readonly ofEvents: Ratio | null
  readonly ofExcess: Ratio | null
  /** Its failures as a share of the budget of the whole global window. */
  readonly ofBudget: Ratio | null
}

/** What was counted over one alert window. */
export interface BurnRateStatus {
  readonly windowMs: DurationMs
  readonly bad: number
  readonly total: number
  readonly burnRate: BurnRate | null
  readonly errorRatio: Ratio | null
}

export interface AlertStatus {
  readonly severity: Severity
  readonly state: AlertState
}
