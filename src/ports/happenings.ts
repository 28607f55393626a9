import type { Annotation } from '../core/model/annotation.ts'
import type { Severity } from '../core/model/slo.ts'
import type { EpochMs, Ratio } from '../core/model/units.ts'

/** What goes on beside the SLOs' own figures: what dashboards mark on their time axes. */
export interface Happenings {
  /** Incidents that are not over. */
  readonly incidents: readonly IncidentReading[]
  /** What was changed lately, the newest first. */
  readonly annotations: readonly Annotation[]
  /** Maintenance and corrections that are going on. */
  readonly maintenances: readonly MaintenanceReading[]
}

/** One incident that is not over. */
export interface IncidentReading {
  readonly id: string
  /** The SLO it opened with. */
  readonly slo: string
  readonly service: string
  readonly severity: Severity
  readonly openedAt: EpochMs
  /** The share of the budget of the SLO's whole window that went since it opened; null where that is not known. */
  readonly budgetSpent: Ratio | null
}

/** An exclusion at a moment at which it is in force. */
export interface MaintenanceReading {
  readonly id: string
  readonly reason: string
  readonly author: string
  /** What it is about, in words: SLOs, services and regions; `all` where it is about everything. */
  readonly about: string
  readonly excludeFromBudget: boolean
}
