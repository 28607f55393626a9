import { type EpochMs, minuteMs } from '../core/model/units.ts'
import type { PaceLimit } from '../ports/receiver.ts'

/** Keeps the attempts at one receiver to its pace, whichever lane makes them. */
export interface Pace {
  /** Whether an attempt may begin; if so it counts as begun. */
  take(now: EpochMs): boolean
  /** An attempt that was taken does not begin: nothing was there to be sent. */
  giveBack(): void
  /** An attempt that was taken begins; whether it had to wait. */
  begin(): boolean
  /** When the next attempt may begin; something is due that waits for it. */
  hold(now: EpochMs): EpochMs
}

/**
 * A pace at which nothing has begun yet, by the generic cell rate algorithm (ITU-T I.371, virtual scheduling): `burst` attempts may
 * follow each other at once, and then one each `everyMs`.
 */
export function pace({ everyMs, burst }: PaceLimit): Pace {
  /** When the next attempt were due if all kept their distance. */
  let nextAt: EpochMs = Number.NEGATIVE_INFINITY
  let taken = 0
  let isHeld = false

  function readyAt(now: EpochMs): EpochMs {
    // None is ever further ahead than that; more means that the clock was put back.
    nextAt = Math.min(nextAt, now + burst * everyMs)
    return nextAt - (burst - 1) * everyMs
  }

  return {
    take(now) {
      if (readyAt(now) > now) return false
      nextAt = Math.max(nextAt, now) + everyMs
      taken += 1
      return true
    },
    giveBack() {
      nextAt -= everyMs
      taken -= 1
    },
    begin() {
      const wasHeld = isHeld
      isHeld = false
      taken -= 1
      return wasHeld
    },
    hold(now) {
      const ready = readyAt(now)
      // Where a lane is about to begin, what is due may be what that lane is taking.
      if (ready > now && taken === 0) isHeld = true
      return ready
    },
  }
}

/** A pace that lets no more than so many attempts begin in any minute: a quarter of them at once, the others evenly. */
export function paceOf(perMinute: number): PaceLimit {
  const burst = Math.max(1, Math.floor(perMinute / 4))
  return { burst, everyMs: Math.ceil(minuteMs / (perMinute - burst + 1)) }
}

/** A pace that keeps both limits. */
export function slower(one: PaceLimit, other: PaceLimit | undefined): PaceLimit {
  if (other === undefined) return one
  return { burst: Math.min(one.burst, other.burst), everyMs: Math.max(one.everyMs, other.everyMs) }
}
