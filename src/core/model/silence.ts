import type { Matcher } from './selector.ts'
import type { EpochMs } from './units.ts'

/** Keeps alerts that match from being told, for a time, by somebody, for a reason. What it hides is decided and shown as ever. */
export interface Silence {
  readonly id: string
  /** All must hold. */
  readonly matchers: readonly Matcher[]
  readonly startsAt: EpochMs
  /** It always ends: what is forgotten must not hide the next outage. */
  readonly endsAt: EpochMs
  readonly createdBy: string
  readonly createdAt: EpochMs
  /** Why; required. */
  readonly comment: string
  /** Who ended it early; null when nobody did. */
  readonly endedBy: string | null
}
