import type { Severity } from '../../core/model/slo.ts'
import type { DurationMs, EpochMs, Ratio } from '../../core/model/units.ts'
import type { ReportPeriod } from '../period/read-period.ts'
import type { ReportSettings } from './report-input.ts'

/** A report as figures, before anybody put them into words. Ratios are fractions, unknown is null. */
export interface Report {
  readonly period: ReportPeriod
  readonly previous: ReportPeriod
  readonly compare: boolean
  /** Whether the period is over. */
  readonly isFinished: boolean
  /** Up to when there is data; null where there is none. */
  readonly dataUntil: EpochMs | null
  readonly settings: ReportSettings
  readonly overall: Overall
  readonly before: Overall
  /** Worst first. */
  readonly slos: readonly SloLine[]
  readonly regions: readonly RegionLine[]
  readonly decisions: readonly Decision[]
  readonly incidents: readonly IncidentLine[]
  readonly incidentsBefore: IncidentTotals
  readonly incidentTotals: IncidentTotals
  readonly alerts: AlertHealth
  readonly alertsBefore: AlertHealth
  readonly exclusions: readonly ExclusionLine[]
  readonly gaps: readonly GapLine[]
}

/** How all SLOs did together, by events. */
export interface Overall {
  readonly bad: number
  readonly total: number
  readonly sli: Ratio | null
  /** What the objectives together ask for, weighted by events. */
  readonly objective: Ratio | null
  readonly consumed: Ratio | null
  readonly met: number
  readonly missed: number
  /** Without events. */
  readonly unknown: number
  /** Time with data ÷ time, over every SLO and region. */
  readonly coverage: Ratio | null
}

/** Indicators that judge time count minutes; composites, and queries for a ratio, count points, which are no events. */
export type CountUnit = 'events' | 'minutes' | 'points'

/** `met` is said of a period that is over; before, of a budget of which a quarter is left and will last. */
export type LineStatus = 'missed' | 'at-risk' | 'met' | 'unknown'

/** Counts of one SLO in one scope over a period, and what they make of its budget. */
export interface ScopeReading {
  readonly objective: Ratio
  readonly bad: number
  readonly total: number
  /** Bad events that the objective allows for these events. */
  readonly allowed: number
  readonly sli: Ratio | null
  readonly consumed: Ratio | null
  readonly remaining: Ratio | null
  readonly coverage: Ratio
  readonly excluded: { readonly bad: number; readonly total: number; readonly lengthMs: DurationMs }
}

/** One SLO. */
export interface SloLine {
  readonly id: string
  readonly service: string
  readonly owner: string
  /** What is counted. */
  readonly unit: CountUnit
  /** Of a composite, the names of what it is made of; empty for all others. */
  readonly members: readonly string[]
  /** What the SLO is judged by: all regions together, or the worst one where there is no global scope. */
  readonly judged: ScopeReading
  readonly judgedScope: string
  readonly before: ScopeReading
  readonly regions: readonly { readonly region: string; readonly reading: ScopeReading }[]
  readonly worstRegion: string | null
  readonly status: LineStatus
  /** The good share of the last periods, oldest first; this one is the last. */
  readonly trend: readonly { readonly label: string; readonly sli: Ratio | null; readonly remaining: Ratio | null }[]
  /** What is left at the end of this period, or of the next one where this one is over. */
  readonly forecast: Spread
  /** Budget left after each day. */
  readonly burndown: readonly { readonly at: EpochMs; readonly remaining: Ratio | null }[]
  /** Whether its days begin and end where the period does. */
  readonly isExact: boolean
  /** Whether something was left out of a day in part, of which only the whole is known: its share of the events is estimated. */
  readonly isExclusionEstimated: boolean
  readonly pages: number
  readonly tickets: number
  /** By scope, the highest burn rate that an incident showed. */
  readonly worstBurnRates: ReadonlyMap<string, number>
  readonly alertsByScope: ReadonlyMap<string, { readonly pages: number; readonly tickets: number }>
}

/** Nine tenths of what may happen lie between low and high. */
export interface Spread {
  readonly low: Ratio | null
  readonly expected: Ratio | null
  readonly high: Ratio | null
}

/** All SLOs in one region, by events. */
export interface RegionLine {
  readonly region: string
  readonly bad: number
  readonly total: number
  readonly sli: Ratio | null
  readonly sliBefore: Ratio | null
  readonly consumed: Ratio | null
  readonly coverage: Ratio | null
  /** For the length of the period; null where it is not configured. */
  readonly cost: number | null
  readonly costPerMillion: number | null
  readonly costPerMillionBefore: number | null
  readonly badEventCost: number | null
}

/** Something that somebody has to decide. */
export interface Decision {
  readonly what: string
  readonly costOfInaction: string
  readonly owner: string
  readonly proposal: string
}

/** One incident. */
export interface IncidentLine {
  readonly id: string
  readonly slo: string
  readonly service: string
  readonly severity: Severity
  readonly scopes: readonly string[]
  readonly openedAt: EpochMs
  /** null while it is open. */
  readonly endedAt: EpochMs | null
  readonly durationMs: DurationMs
  /** Of the budget of the period, by the events of the incident in it; null where nothing tells. */
  readonly budgetSpent: Ratio | null
  readonly badEvents: number | null
  /** Of the budget of the SLO window, by all events of the incident; null where they were not counted. */
  readonly windowSpent: Ratio | null
  /** By the burn rates that were kept, since its events were not counted: incidents of before that was done. */
  readonly isEstimated: boolean
  /** A change just before it, or ""; people know the true cause. */
  readonly cause: string
  readonly link: string | null
  readonly detectMs: DurationMs | null
  readonly acknowledgeMs: DurationMs | null
  readonly isOutOfHours: boolean
}

/** Incidents of a period together. */
export interface IncidentTotals {
  readonly count: number
  readonly minutes: number
  /** The share of what all incidents spent that the five largest did. */
  readonly topShare: Ratio | null
}

/** How alerts treat people. */
export interface AlertHealth {
  readonly pages: number
  readonly tickets: number
  readonly pagesPerWeek: number
  readonly pagesOutOfHours: number
  /** Pages that spent less than a hundredth of the budget, of those for which it is known. */
  readonly idlePages: number
  readonly judgedPages: number
  readonly medianDetectMs: DurationMs | null
  readonly medianAcknowledgeMs: DurationMs | null
  readonly medianResolveMs: DurationMs | null
  readonly noisiest: readonly { readonly slo: string; readonly count: number }[]
}

/** What was left out. */
export interface ExclusionLine {
  readonly id: string
  readonly author: string
  readonly reason: string
  readonly about: string
  readonly lengthMs: DurationMs
  readonly times: number
  readonly effect: string
  readonly isTakenBack: boolean
}

/** An SLO that was not seen all of the time in a region. */
export interface GapLine {
  readonly slo: string
  readonly owner: string
  readonly region: string
  readonly coverage: Ratio
  readonly missingMs: DurationMs
}
