import type { AlertState, Episode } from '../core/model/alert.ts'
import type { DataState, EventCounts } from '../core/model/counts.ts'
import type { Severity } from '../core/model/slo.ts'
import type { BurnRate, DurationMs, EpochMs, Ratio } from '../core/model/units.ts'

/** What the engine knows right now, for people: the API, the status page and the metrics are made of it alone. */
export interface StatusView {
  /** Every SLO, by name. */
  slos(): readonly SloStatus[]
  /** Alert episodes, newest first. */
  episodes(query: { readonly activeOnly: boolean; readonly limit: number }): Promise<readonly Episode[]>
  /** Every source, in the order of the config. */
  sources(): readonly SourceStatus[]
  /** Why the engine is not ready to be relied upon; empty when it is. */
  notReadyReasons(): readonly string[]
}

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
  /** The alert rules in force. */
  readonly rules: readonly RuleStatus[]
  /** The global scope first where there is one, then the regions by name. */
  readonly scopes: readonly ScopeStatus[]
}

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
  /** Counts over the SLO window; null before the first evaluation. */
  readonly counts: EventCounts | null
  /** Everything counted since the process started: it never falls, so that a rate can be taken of it. */
  readonly countedSinceStart: EventCounts | null
  /** The share of good events over the SLO window. */
  readonly sli: Ratio | null
  /** The share of the SLO window's error budget that is spent. */
  readonly consumed: Ratio | null
  /** The share that is left; negative when overspent. */
  readonly remaining: Ratio | null
  /** The share of the SLO window for which data was seen. */
  readonly coverage: Ratio | null
  /** The event time of the last evaluation. */
  readonly at: EpochMs | null
  /** One per alert window, shortest first. */
  readonly burnRates: readonly BurnRateStatus[]
  readonly alerts: readonly AlertStatus[]
}

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

/** Where samples come from, and how far they have come. */
export interface SourceStatus {
  readonly name: string
  readonly kind: string
  /** null when the samples carry it themselves. */
  readonly region: string | null
  /** The event time up to which the source's data is complete; null before its first sample. */
  readonly watermark: EpochMs | null
  /** What went wrong last, until it goes well again. */
  readonly problem: string | null
}

/** Messages a local receiver took in, newest first: the demo's stand-in for a phone. */
export interface Inbox {
  messages(): readonly InboxMessage[]
}

export interface InboxMessage {
  readonly at: EpochMs
  readonly status: 'firing' | 'resolved'
  readonly severity: Severity
  readonly title: string
  readonly text: string
}
