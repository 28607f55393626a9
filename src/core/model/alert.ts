import type { Notification } from './notification.ts'
import type { Severity } from './slo.ts'
import type { BurnRate, DurationMs, EpochMs } from './units.ts'

/** There is one alert per SLO, scope and severity. */
export interface AlertId {
  /** The SLO's id: its name, with its group where it is one of many. */
  readonly slo: string
  /** A region, or `global`. */
  readonly scope: string
  readonly severity: Severity
}

/** One text per alert. SLO names hold no slash, groups end with a brace, severities are fixed words: it is unambiguous. */
export function alertKey({ slo, scope, severity }: AlertId): string {
  return `${slo}/${scope}/${severity}`
}

/** The rule that held first when an alert opened, and what it saw. */
export interface FiredRule {
  readonly longMs: DurationMs
  readonly shortMs: DurationMs
  readonly burnRate: BurnRate
  readonly longBurnRate: BurnRate
  readonly shortBurnRate: BurnRate
}

/**
 * `pending` waits out the policy's `for`, and nobody is told yet. `keeping` is firing still, although the condition ended at
 * `clearedAt`: it waits out `keepFiringFor`.
 */
export type AlertState =
  | { readonly kind: 'inactive' }
  | { readonly kind: 'pending'; readonly since: EpochMs; readonly rule: FiredRule }
  | { readonly kind: 'firing'; readonly since: EpochMs; readonly rule: FiredRule }
  | { readonly kind: 'keeping'; readonly since: EpochMs; readonly rule: FiredRule; readonly clearedAt: EpochMs }

export type OpenAlertState = Exclude<AlertState, { kind: 'inactive' | 'pending' }>

/** Whether an alert is open: it fired and has not resolved. */
export function isOpen(state: AlertState): state is OpenAlertState {
  return state.kind === 'firing' || state.kind === 'keeping'
}

/** One receiver and, where it has several, the address within it. */
export interface Address {
  readonly receiver: string
  /** "" where the receiver has only one. */
  readonly recipient: string
}

/** One alert with its state, as it is stored. */
export interface AlertRecord {
  readonly id: AlertId
  readonly state: AlertState
  /** Who was told that it opened: they are told when it resolves, whatever the routes say by then. */
  readonly told: readonly Address[]
  /** What they were told: enough to tell them of the end even when the SLO is gone by then. */
  readonly opened: Notification | null
}

/** One opening of an alert, from fired to resolved. */
export interface Episode {
  readonly id: AlertId
  readonly service: string
  readonly firedAt: EpochMs
  /** null while it fires. */
  readonly resolvedAt: EpochMs | null
  readonly rule: FiredRule
}
