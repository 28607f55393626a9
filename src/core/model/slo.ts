import type { EvidenceSettings } from './evidence-settings.ts'
import type { Indicator } from './indicator.ts'
import type { Labels } from './labels.ts'
import type { Place } from './problem.ts'
import type { Rational } from './rational.ts'
import { type DurationMs, dayMs, type EpochMs, minuteMs } from './units.ts'

/** One declared service level objective, checked and complete: every default is filled in. */
export interface Slo {
  /** Unique over all rule files. */
  readonly name: string
  readonly service: string
  readonly description: string
  readonly labels: Labels
  readonly runbook?: string
  readonly dashboard?: string
  /** The target ratio in force now, above 0 and below 1. */
  readonly objective: Rational
  /** Targets that were in force before, oldest first: past budgets keep the target of their time. */
  readonly pastObjectives: readonly PastObjective[]
  readonly window: SloWindow
  readonly indicator: Indicator
  readonly regions: RegionSettings
  /** What becomes of data that cannot be seen; `defaultDataPolicy` where it is left out. */
  readonly data?: DataPolicy
  readonly alerting: Alerting
  /** Labels of which every combination of values seen makes an SLO of its own; empty for one SLO. */
  readonly groupBy: readonly string[]
  /** The values that made this one of many; empty otherwise. */
  readonly group: Labels
  /** Where it was declared. */
  readonly at: Place
}

/** A target and the moment up to which it was in force. */
export interface PastObjective {
  readonly objective: Rational
  readonly until: EpochMs
}

/** The compliance period. */
export type SloWindow =
  | { readonly kind: 'rolling'; readonly durationMs: DurationMs }
  | { readonly kind: 'calendar'; readonly unit: CalendarUnit; readonly timeZone: string }

export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year'

/** How an SLO tells regions apart, and makes one figure of them. */
export interface RegionSettings {
  /** The series label that holds the region. */
  readonly label: string
  /** Regions that must report; empty when any region seen is taken as it comes. */
  readonly expected: readonly string[]
  /** How regions make the global scope; `none` means there is no global scope. */
  readonly global: 'events' | 'worst' | 'mean' | 'none'
  /** Targets of single regions; the others have the SLO's. */
  readonly objectives: ReadonlyMap<string, Rational>
}

/** What an SLO does about data that cannot be seen, and about traffic that is gone. */
export interface DataPolicy {
  /**
   * What the events of a region are taken to be while it cannot be seen. `hold`: anything, so that an alert opens where even
   * the best case burns, and none ends while the worst would still burn. `bad` and `good`: just that. `ignore`: there are none.
   */
  readonly unseen: 'hold' | 'bad' | 'good' | 'ignore'
  /** Who is told that a region, or all of the SLO's data, cannot be seen, and after how long. */
  readonly blind: { readonly severity: Severity | 'off'; readonly afterMs: DurationMs }
  /** Who is told that the traffic of a region is gone, against the same time in past weeks. */
  readonly trafficGone: Severity | 'off'
  /** A region that is not expected and was not seen for so long is no region of the SLO any more. */
  readonly forgetRegionAfterMs: DurationMs
}

/** What an SLO that says nothing about its data does. */
export const defaultDataPolicy: DataPolicy = {
  unseen: 'hold',
  blind: { severity: 'ticket', afterMs: 10 * minuteMs },
  trafficGone: 'ticket',
  forgetRegionAfterMs: 3 * dayMs,
}

/** By which rules an SLO alerts, and what its alerts carry. */
export interface Alerting {
  readonly policy: AlertPolicy
  readonly labels: Labels
  /** Whether each severity alerts at all. */
  readonly severities: Readonly<Record<Severity, boolean>>
  /** What is added for one severity. */
  readonly bySeverity: Readonly<Record<Severity, SeverityAlerting>>
}

/** The rules of the policy whose severity alerts at all, in their order. */
export function activeRules({ policy, severities }: Pick<Alerting, 'policy' | 'severities'>): readonly AlertRule[] {
  return policy.rules.filter(({ severity }) => severities[severity])
}

/** What the alerts of one severity carry, and who is told of them. */
export interface SeverityAlerting {
  readonly labels: Labels
  /** Receivers told beside those that the routes name. */
  readonly receivers: readonly string[]
}

export type Severity = 'page' | 'ticket'

/** A named list of alert rules, with what they have in common. */
export interface AlertPolicy {
  readonly name: string
  readonly rules: readonly AlertRule[]
  /** How long the condition must hold before the alert opens. */
  readonly forMs: DurationMs
  /** How long an alert stays open after its condition ended. */
  readonly keepFiringForMs: DurationMs
  /** How evidence is weighed before the rules page; without it they are the plain rules of the SRE Workbook. */
  readonly evidence?: EvidenceSettings
}

/** Holds while the burn rates over both windows are strictly above the threshold. */
export interface AlertRule {
  readonly severity: Severity
  readonly longMs: DurationMs
  readonly shortMs: DurationMs
  /** Either a burn rate or the share of the SLO window's budget spent in the long window. */
  readonly threshold: { readonly burnRate: Rational } | { readonly budgetShare: Rational }
}

/** The scope made of all regions together. */
export const globalScope = 'global'
