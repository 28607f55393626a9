import type { DataState } from './counts.ts'
import type { Severity } from './slo.ts'
import type { BurnRate, DurationMs, EpochMs, Ratio } from './units.ts'

/**
 * What a person is told of one alert, complete: a receiver renders it without asking anybody anything.
 * It is stored as JSON, so it holds plain values only.
 */
export interface Notification {
  readonly status: 'firing' | 'resolved'
  /** The alert's key, made from configuration identity alone; receivers de-duplicate on it. */
  readonly key: string
  readonly slo: string
  readonly service: string
  readonly scope: string
  readonly severity: Severity
  readonly description: string
  readonly labels: Readonly<Record<string, string>>
  readonly runbook: string | null
  readonly dashboard: string | null
  readonly objective: Ratio
  /** The SLO window as written: `30d`. */
  readonly window: string
  readonly firedAt: EpochMs
  readonly resolvedAt: EpochMs | null
  /** The event time this message speaks of. */
  readonly at: EpochMs
  readonly rule: {
    readonly longMs: DurationMs
    readonly shortMs: DurationMs
    readonly burnRate: BurnRate
  }
  readonly long: WindowReading
  readonly short: WindowReading
  readonly budget: BudgetReading
  readonly regions: readonly RegionReading[]
}

/** null is unknown: there were no events in the window. */
export interface WindowReading {
  readonly bad: number
  readonly total: number
  readonly errorRatio: Ratio | null
  readonly burnRate: BurnRate | null
}

/** The error budget over the SLO window at the time of the message. */
export interface BudgetReading {
  readonly bad: number
  readonly total: number
  /** Share of the window's budget left; negative when overspent, null without events. */
  readonly remaining: Ratio | null
  /** How long the rest lasts at the short window's burn rate; null when it does not burn or nothing is left. */
  readonly timeToExhaustionMs: DurationMs | null
}

/** How one region does, for the list of regions in a message. */
export interface RegionReading {
  readonly region: string
  readonly burnRate: BurnRate | null
  readonly state: DataState
}
