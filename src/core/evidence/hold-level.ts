import type { HoldSettings } from '../model/evidence-settings.ts'
import type { DurationMs, EpochMs } from '../model/units.ts'

/** How often an alert has come again in a row, when it opens now: 0 once it stayed away for long enough. */
export function nextHoldLevel(
  level: number,
  clearedAt: EpochMs,
  at: EpochMs,
  { forMs, againWithinMs }: HoldSettings,
): number {
  return at - clearedAt < againWithinMs ? Math.min(level + 1, forMs.length - 1) : 0
}

/** How long an alert at a level stays open after its condition ended. */
export function holdMs(level: number, { forMs }: HoldSettings): DurationMs {
  return forMs[Math.min(level, forMs.length - 1)] ?? 0
}
