import { type AlertState, type FiredRule, isOpen, type OpenAlertState } from '../model/alert.ts'
import type { DurationMs, EpochMs } from '../model/units.ts'

/** What one evaluation says of one severity of one scope. */
export interface AlertObservation {
  readonly at: EpochMs
  /** The first rule of the severity that holds. */
  readonly held: FiredRule | undefined
  /** Whether data was seen up to now. Where it was not, an alert stays as it is: missing data never resolves. */
  readonly known: boolean
}

/** How long a condition must last, either way, before an alert moves. */
export interface HoldTimes {
  /** How long the condition must hold before the alert opens. */
  readonly forMs: DurationMs
  /** How long the condition must be gone before the alert resolves. */
  readonly keepFiringForMs: DurationMs
}

/** The next state and, where the alert opened or closed, what happened. */
export interface AlertStep {
  readonly state: AlertState
  readonly event?: 'fired' | 'resolved'
}

const inactive: AlertState = { kind: 'inactive' }

/** Moves one alert by one evaluation. `fired` and `resolved` alternate, beginning with `fired`. */
export function stepAlert(state: AlertState, seen: AlertObservation, times: HoldTimes): AlertStep {
  if (isOpen(state)) return stepOpen(state, seen, times)
  if (seen.held === undefined) {
    // A condition that cannot be seen has not ended, so its time goes on.
    return seen.known && state.kind === 'pending' ? { state: inactive } : { state }
  }
  const since = state.kind === 'pending' ? state.since : seen.at
  if (seen.at - since >= times.forMs) {
    return { state: { kind: 'firing', since: seen.at, rule: seen.held }, event: 'fired' }
  }
  return state.kind === 'pending' ? { state } : { state: { kind: 'pending', since, rule: seen.held } }
}

function stepOpen(state: OpenAlertState, seen: AlertObservation, { keepFiringForMs }: HoldTimes): AlertStep {
  if (seen.held !== undefined) {
    return state.kind === 'firing' ? { state } : { state: { kind: 'firing', since: state.since, rule: state.rule } }
  }
  if (!seen.known) return { state }
  const clearedAt = state.kind === 'keeping' ? state.clearedAt : seen.at
  if (seen.at - clearedAt >= keepFiringForMs) return { state: inactive, event: 'resolved' }
  return state.kind === 'keeping' ? { state } : { state: { ...state, kind: 'keeping', clearedAt } }
}
