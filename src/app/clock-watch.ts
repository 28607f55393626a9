import { type DurationMs, secondMs } from '../core/model/units.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'

/** By less than this clocks are set right all the time. */
const setBackMinMs: DurationMs = 10 * secondMs

/**
 * Makes a function that looks whether the clock on the wall was put back since it was called last, and says so: what is stamped by
 * that clock elsewhere is older than what was counted; what is stamped here goes on from where it was.
 */
export function clockWatch({ clock, log, meter }: ClockWatchWorld): () => boolean {
  let last = clock.now()
  return () => {
    const before = last
    last = clock.now()
    const byMs = before - last
    if (byMs < setBackMinMs) return false
    meter.count('sloburn_clock_set_back_total', {})
    log.error(
      { from: before, to: last, byMs },
      'the clock was put back: samples are stamped from where it was, a tenth slower, until it has caught up',
    )
    return true
  }
}

/** What the clock is watched with. */
export interface ClockWatchWorld {
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  readonly meter: Meter
}
