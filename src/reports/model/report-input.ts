import type { DayCounts } from '../../core/model/daily-counts.ts'
import type { Exclusion } from '../../core/model/exclusion.ts'
import type { BurnRatePoint, Incident, IncidentEvent } from '../../core/model/incident.ts'
import type { Slo } from '../../core/model/slo.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { BusinessHours } from '../../core/time/business-hours.ts'
import type { ReportPeriod } from '../period/read-period.ts'

/** Everything a report is made of; the same input makes the same bytes. */
export interface ReportInput {
  readonly period: ReportPeriod
  /** Whether every figure is put beside that of the period before. */
  readonly compare: boolean
  readonly slos: readonly Slo[]
  /** Days of the period, and as many before it as there are for the trend. */
  readonly days: readonly DayCounts[]
  readonly exclusions: readonly ReportExclusion[]
  /** All that were open at some time in the period or in the one before. */
  readonly incidents: readonly ReportIncident[]
  readonly settings: ReportSettings
  /** The clock's time: a period that is over at it is a finished one. */
  readonly now: EpochMs
}

/** An exclusion, and whether it was taken back. */
export interface ReportExclusion {
  readonly exclusion: Exclusion
  readonly removed: { readonly at: EpochMs; readonly author: string; readonly reason: string } | null
}

/** An incident with what is kept of it. */
export interface ReportIncident {
  readonly incident: Incident
  readonly events: readonly IncidentEvent[]
  readonly burnRates: readonly BurnRatePoint[]
}

/** What the config says about reports. */
export interface ReportSettings {
  readonly title: string
  /** "" where nobody is named. */
  readonly organisation: string
  /** `#rrggbb`: headings and lines. */
  readonly accent: string
  /** Printed below every page; "" for nothing. */
  readonly footer: string
  /** When people work: pages outside are told apart. */
  readonly workingHours: BusinessHours
  readonly costs: ReportCosts | null
}

/** What reliability costs, and its lack. */
export interface ReportCosts {
  /** Such as `EUR`. */
  readonly currency: string
  /** By region, for a month of 30.44 days. */
  readonly monthlyByRegion: Readonly<Record<string, number>>
  /** What one bad event costs the business; null where nobody knows. */
  readonly perBadEvent: number | null
  /** What is owed to customers when the good share of all events falls below a level; the lowest level reached counts. */
  readonly credits: readonly { readonly below: number; readonly amount: number }[]
}
