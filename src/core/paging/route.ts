import { matchesAll } from '../incidents/matching.ts'
import type { Address } from '../model/alert.ts'
import type { Matcher } from '../model/selector.ts'
import type { DurationMs } from '../model/units.ts'
import type { BusinessHours } from '../time/business-hours.ts'

/** Sends alerts whose labels all match to receivers. */
export interface Route {
  /** Label values that an alert must have, exactly; empty matches every alert. */
  readonly match: Readonly<Record<string, string>>
  /** Further conditions, on any label. */
  readonly matchers?: readonly Matcher[]
  readonly receivers: readonly string[]
  /** When tickets are told; at any time where it is not given. Pages are told at any time. */
  readonly hours?: BusinessHours
  /** Who is told of a page that nobody acknowledges, and after how long. */
  readonly escalate?: readonly EscalationStep[]
}

/** Further receivers for a page that nobody has taken. */
export interface EscalationStep {
  readonly afterMs: DurationMs
  readonly receivers: readonly string[]
}

/** The routes that match. */
export function routesFor(labels: Readonly<Record<string, string>>, routes: readonly Route[]): readonly Route[] {
  return routes.filter((route) => isFor(route, labels))
}

/** Whether a route matches. */
export function isFor({ match, matchers = [] }: Route, labels: Readonly<Record<string, string>>): boolean {
  for (const name in match) if (labels[name] !== match[name]) return false
  return matchesAll(matchers, labels)
}

/** Each receiver with each of its recipients. */
export function addressesOf(
  receivers: readonly string[],
  recipientsOf: (receiver: string) => readonly string[],
): readonly Address[] {
  return receivers.flatMap((receiver) => recipientsOf(receiver).map((recipient) => ({ receiver, recipient })))
}

/** One text per address. */
export function addressKey({ receiver, recipient }: Address): string {
  return JSON.stringify([receiver, recipient])
}
