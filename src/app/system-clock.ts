import type { Clock } from '../ports/clock.ts'

/** Timers count in 32 bits; a longer sleep is made of several. */
const timerMsMax = 2 ** 31 - 1

/** By less than this a timer may be early. */
const putBackMinMs = 1_000

/** The clock on the wall. The only place where sloburn reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleepUntil: async (at, signal) => {
    const endsAt = performance.now() + at - Date.now()
    for (let rest = at - Date.now(); rest > 0 && !signal.aborted; rest = at - Date.now()) {
      const asked = endsAt - performance.now()
      // The clock was put back meanwhile: who sleeps is to look at it, and not to sleep for as much longer.
      if (asked <= 0 && rest > putBackMinMs) break
      await sleep(Math.min(rest, Math.max(asked, 1), timerMsMax), signal)
    }
    signal.throwIfAborted()
  },
}

/** Ends at the time or when it is aborted. Node's own makes an error with a stack each time, and every attempt aborts a sleep. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, ms)
    signal.addEventListener('abort', over)
  })
}
