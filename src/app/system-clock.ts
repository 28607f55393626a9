import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../ports/clock.ts'

/** Timers count in 32 bits; a longer sleep is made of several. */
const timerMsMax = 2 ** 31 - 1

/** The clock on the wall. The only place where sloburn reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleepUntil: async (at, signal) => {
    for (let rest = at - Date.now(); rest > 0; rest = at - Date.now()) {
      await sleep(Math.min(rest, timerMsMax), undefined, { signal })
    }
    signal.throwIfAborted()
  },
}
