import { setImmediate as turn } from 'node:timers/promises'
import type { DurationMs, EpochMs } from '../../src/core/model/units.ts'
import type { Clock } from '../../src/ports/clock.ts'

interface Sleeper {
  readonly at: EpochMs
  readonly wake: () => void
}

/** Time that passes only when a test says so. */
export class VirtualClock implements Clock {
  #now: EpochMs
  readonly #sleepers = new Set<Sleeper>()

  constructor(startMs: EpochMs) {
    this.#now = startMs
  }

  now(): EpochMs {
    return this.#now
  }

  async sleepUntil(at: EpochMs, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (at <= this.#now) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const sleeper = { at, wake: resolve }
    const abort = (): void => reject(signal.reason)
    this.#sleepers.add(sleeper)
    signal.addEventListener('abort', abort, { once: true })
    try {
      await promise
    } finally {
      this.#sleepers.delete(sleeper)
      signal.removeEventListener('abort', abort)
    }
  }

  /**
   * Lets the time given pass: sleepers wake in the order of their times, each at its own time, and whatever they start has come
   * to rest before the next one wakes. Work that waits for a socket or a file is not waited for.
   */
  async advance(durationMs: DurationMs): Promise<void> {
    const until = this.#now + durationMs
    await quiet()
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#now = Math.max(this.#now, next.at)
      this.#sleepers.delete(next)
      next.wake()
      await quiet()
    }
    this.#now = until
  }

  #next(until: EpochMs): Sleeper | undefined {
    let earliest: Sleeper | undefined
    for (const sleeper of this.#sleepers) {
      if (sleeper.at <= until && (earliest === undefined || sleeper.at < earliest.at)) earliest = sleeper
    }
    return earliest
  }
}

/**
 * Turns of the event loop until nothing is left that one of them would bring on: every promise that can settle without the outside
 * world has, also one that waits for work gathered for the next turn.
 */
async function quiet(): Promise<void> {
  await turn()
  do await turn()
  while (process.getActiveResourcesInfo().includes('Immediate'))
}
