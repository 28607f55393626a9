import { futureSampleToleranceMs } from '../core/model/limits.ts'
import { type DurationMs, type EpochMs, secondMs } from '../core/model/units.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'

/** By this share time goes slower while it is ahead: an hour is caught up within ten, and rates are off by no more. */
const slowerBy = 0.1

/** A clock on the wall that went on by so much more than time did was put forward. */
const putForwardMinMs: DurationMs = 2 * secondMs

/** By how much it is ahead is told as exactly as this. */
const toldToMs: DurationMs = secondMs

/** The time by which samples are stamped and judged. */
export interface SampleClock extends Clock {
  /** Goes on after a moment that was counted up to, where the clock on the wall was put back before this process began. */
  goOnAfter(countedUntil: EpochMs): void
}

/**
 * Makes a clock that follows that on the wall but never goes back: counts that are made would not be made again, and whatever was
 * stamped anew with times already counted would be refused until the wall has come back to them. When the wall is put back it goes
 * on from where it was, a little slower until the two agree; when the wall is put forward again it waits for it. `elapsed` is time
 * that nobody sets, in milliseconds.
 */
export function sampleClock({ clock, elapsed, log, meter }: SampleClockWorld): SampleClock {
  let wall = clock.now()
  let passed = elapsed()
  let aheadMs = 0
  let toldMs = Number.NaN
  const look = (): EpochMs => {
    const before = { wall, passed }
    wall = clock.now()
    passed = elapsed()
    const wentOnMs = wall - before.wall
    const passedMs = Math.max(0, passed - before.passed)
    if (wentOnMs < 0) aheadMs -= wentOnMs
    else if (wentOnMs - passedMs > putForwardMinMs) aheadMs = Math.max(0, aheadMs - (wentOnMs - passedMs))
    aheadMs = Math.max(0, aheadMs - slowerBy * Math.min(passedMs, Math.max(0, wentOnMs)))
    note()
    return Math.round(wall + aheadMs)
  }
  const note = (): void => {
    if (Math.abs(aheadMs - toldMs) < toldToMs) return
    toldMs = aheadMs
    meter.set('sloburn_sample_clock_ahead_seconds', {}, aheadMs / 1_000)
  }
  note()
  return {
    now: look,
    sleepUntil: async (at, signal) => {
      for (let restMs = at - look(); restMs > 0; restMs = at - look()) {
        await clock.sleepUntil(wall + (aheadMs > 0 ? Math.ceil(restMs / (1 - slowerBy)) : restMs), signal)
      }
      signal.throwIfAborted()
    },
    goOnAfter: (countedUntil) => {
      const byMs = countedUntil - look()
      // Nothing further ahead was ever taken, so that this clock has been put back since.
      if (!(byMs > futureSampleToleranceMs)) return
      aheadMs += byMs
      log.error(
        { countedUntil, byMs },
        'the clock was put back while no process ran: samples are stamped from where they ended, until it has caught up',
      )
    },
  }
}

/** What a clock of samples is made of. */
export interface SampleClockWorld {
  readonly clock: Clock
  readonly elapsed: () => DurationMs
  readonly log: Log
  readonly meter: Meter
}
