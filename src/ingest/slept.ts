import type { EpochMs } from '../core/model/units.ts'
import type { Clock } from '../ports/clock.ts'

/** Sleeps until a time; answers whether that came before the end did. */
export async function slept(clock: Clock, until: EpochMs, stopping: AbortSignal): Promise<boolean> {
  if (stopping.aborted) return false
  try {
    await clock.sleepUntil(until, stopping)
    return true
  } catch {
    return false
  }
}
