import type { EpochMs } from '../core/model/units.ts'

/** The only source of time outside core. */
export interface Clock {
  now(): EpochMs
  /** Resolves at the time given, or rejects with the signal's reason when it aborts first. */
  sleepUntil(at: EpochMs, signal: AbortSignal): Promise<void>
}
