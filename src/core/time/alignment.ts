import type { DurationMs, EpochMs } from '../model/units.ts'

/** The latest multiple of the step at or before a moment. */
export function alignDown(at: EpochMs, stepMs: DurationMs): EpochMs {
  return Math.floor(at / stepMs) * stepMs
}

/** The earliest multiple of the step at or after a moment. */
export function alignUp(at: EpochMs, stepMs: DurationMs): EpochMs {
  return Math.ceil(at / stepMs) * stepMs
}
