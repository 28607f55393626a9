import type { Severity } from './slo.ts'
import type { BurnRate, DurationMs, EpochMs } from './units.ts'

/** There is one alert per SLO, scope, severity and cause. */
export interface AlertId {
  /** The SLO's id: its name, with its group where it is one of many. */
  readonly slo: string
  /** A region, or `global`. */
  readonly scope: string
  readonly severity: Severity
  /** What it is about when it is not the burn rate. */
  readonly cause?: DataCause
}

/** What can be wrong with the data itself: it cannot be seen, or the events that it should tell of are gone. */
export type DataCause = 'blind' | 'traffic-gone'

/** Both causes. */
const dataCauses: readonly DataCause[] = ['blind', 'traffic-gone']

/**
 * One text per alert. SLO names hold no slash, groups end with a brace, severities and causes are fixed words: it is
 * unambiguous.
 */
export function alertKey({ slo, scope, severity, cause }: AlertId): string {
  return cause === undefined ? `${slo}/${scope}/${severity}` : `${slo}/${scope}/${severity}/${cause}`
}

/** The cause that an alert's key names; undefined for an alert on the burn rate. */
export function causeInKey(key: string): DataCause | undefined {
  return dataCauses.find((cause) => key.endsWith(`/${cause}`))
}

/** The rule that held first when an alert opened, and what it saw. */
export interface FiredRule {
  readonly longMs: DurationMs
  readonly shortMs: DurationMs
  readonly burnRate: BurnRate
  readonly longBurnRate: BurnRate
  readonly shortBurnRate: BurnRate
  /** Which part of the rule held; absent where the policy is the plain rule, which has only `burn`. */
  readonly because?: FiredBecause
  /** What made sure that it was not chance; absent where the policy asks for no evidence. */
  readonly evidence?: FiredEvidence
}

/**
 * `burn`: both windows burn above the threshold. `budget-share`: the rule's share of the budget is gone in events, although
 * the long window's ratio is below the threshold. `dark-region`: so much is not seen that it could be gone.
 */
export type FiredBecause = 'burn' | 'budget-share' | 'dark-region'

/** How strong the evidence was when an alert opened. */
export interface FiredEvidence {
  /** Since when failures stand out; of a dark region, since when nothing was seen. */
  readonly since: EpochMs
  /** Failures since then, out of all events; of a dark region, what was expected of it and not seen. */
  readonly bad: number
  readonly total: number
  /** What was counted: indicators that judge time count its minutes. */
  readonly unit: 'events' | 'minutes'
  /** Failures that the objective allows among so many. */
  readonly allowed: number
  /** How much likelier the failures are in an incident than within twice the objective; null for a dark region. */
  readonly odds: number | null
  /** Chance alone would show as much less often than once in this time; null for a dark region. */
  readonly chanceOnceInMs: DurationMs | null
  /** How often the alert had come again in a row: 0 the first time. */
  readonly again: number
}

/** What stands in the place of a rule where an alert is about data and no burn rate was looked at. */
export const noRule: FiredRule = { longMs: 0, shortMs: 0, burnRate: 0, longBurnRate: 0, shortBurnRate: 0 }

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
  /** Of the SLO, for the time when that is not declared any more. */
  readonly service: string
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
