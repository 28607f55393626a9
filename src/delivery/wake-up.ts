import type { EpochMs } from '../core/model/units.ts'
import type { Clock } from '../ports/clock.ts'

/** Lets loops sleep until a time or until they are called, whichever comes first. */
export interface WakeUp {
  call(): void
  /** How many calls there were: taken before looking for work, it tells `sleep` of a call made meanwhile. */
  calls(): number
  sleep(until: EpochMs, callsSeen: number): Promise<void>
}

/** A wake-up that nobody waits for yet. */
export function wakeUp(clock: Clock): WakeUp {
  const sleepers = new Set<AbortController>()
  let calls = 0
  return {
    call() {
      calls += 1
      for (const sleeper of sleepers) sleeper.abort()
    },
    calls: () => calls,
    async sleep(until, callsSeen) {
      if (calls !== callsSeen) return
      const sleeper = new AbortController()
      sleepers.add(sleeper)
      try {
        await clock.sleepUntil(until, sleeper.signal)
      } catch (error) {
        if (!sleeper.signal.aborted) throw error
      } finally {
        sleepers.delete(sleeper)
      }
    },
  }
}
