import type { Place } from './problem.ts'
import type { DurationMs, EpochMs } from './units.ts'

/**
 * A period, or one that comes again and again, in which an SLO does not count, or nobody is told, or both: maintenance that
 * was declared before, or a correction made afterwards.
 */
export interface Exclusion {
  /** Unique among all of them: `file/NAME` where a file declares it. */
  readonly id: string
  readonly matches: ExclusionMatch
  readonly schedule: ExclusionSchedule
  /** Nobody is told of alerts while it lasts. */
  readonly mute: boolean
  /** Its events, good and bad, do not count towards the budget. */
  readonly excludeFromBudget: boolean
  /** Who answers for it. */
  readonly author: string
  readonly reason: string
  /** Where it was declared; null where it came by the API. */
  readonly at: Place | null
}

/** What it is about: an empty list is everything. Regions name scopes; the global scope holds what its regions hold. */
export interface ExclusionMatch {
  /** Names of SLOs, which stand for all their groups, or ids of single groups. */
  readonly slos: readonly string[]
  readonly services: readonly string[]
  readonly regions: readonly string[]
}

/** When it is: once, or again and again by the clocks of a time zone. */
export type ExclusionSchedule =
  | { readonly kind: 'once'; readonly from: EpochMs; readonly to: EpochMs }
  | RecurringSchedule

/** Begins at a time of day on some weekdays, and lasts for a while. */
export interface RecurringSchedule {
  readonly kind: 'recurring'
  /** Monday is 1, Sunday 7. */
  readonly weekdays: readonly number[]
  /** Which of those weekdays of a month, from 1; −1 is the last. Empty is each. */
  readonly weeksOfMonth: readonly number[]
  /** Minutes after midnight. */
  readonly minuteOfDay: number
  readonly durationMs: DurationMs
  readonly timeZone: string
  /** Occurrences that begin before it do not take place; null where there is no first. */
  readonly from: EpochMs | null
  /** Occurrences that begin at it or later do not take place; null where there is no last. */
  readonly until: EpochMs | null
}

/** An SLO in one of its regions, or in all. */
export interface ExclusionSubject {
  /** The SLO's id. */
  readonly slo: string
  readonly service: string
  /** A region; undefined for the global scope. */
  readonly region: string | undefined
}

/** A stretch of time that is left out: [from, to). */
export interface Span {
  readonly from: EpochMs
  readonly to: EpochMs
}

/**
 * Whether it is about an SLO in a scope. One that names regions is not about the global scope: of that, only what those
 * regions contribute is left out.
 */
export function matchesSubject({ matches }: Exclusion, { slo, service, region }: ExclusionSubject): boolean {
  const brace = slo.indexOf('{')
  const name = brace < 0 ? slo : slo.slice(0, brace)
  if (matches.slos.length > 0 && !matches.slos.includes(slo) && !matches.slos.includes(name)) return false
  if (matches.services.length > 0 && !matches.services.includes(service)) return false
  return matches.regions.length === 0 || (region !== undefined && matches.regions.includes(region))
}
