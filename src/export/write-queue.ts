import { type DurationMs, type EpochMs, secondMs } from '../core/model/units.ts'
import type { Random } from '../ports/random.ts'

/** A compressed request that waits to be sent. */
export interface WaitingWrite {
  readonly body: Uint8Array
  readonly samples: number
  /** The time of its samples. */
  readonly at: EpochMs
}

/**
 * Requests in the order of their samples, which is the order that stores take them in. Full, it lets go of the oldest:
 * of a store that was away for long, the newest is worth most. The first one may be on its way and is never let go.
 */
export class WriteQueue {
  readonly #bytesMax: number
  readonly #waiting: WaitingWrite[] = []
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  get first(): WaitingWrite | undefined {
    return this.#waiting[0]
  }

  /** Puts one at the end, and answers those that had to make room. */
  push(write: WaitingWrite): WaitingWrite[] {
    this.#waiting.push(write)
    this.#bytes += write.body.length
    const dropped: WaitingWrite[] = []
    while (this.#bytes > this.#bytesMax && this.#waiting.length > 2) {
      const [oldest] = this.#waiting.splice(1, 1)
      this.#bytes -= oldest.body.length
      dropped.push(oldest)
    }
    return dropped
  }

  /** Takes the first one out: it was sent, or never will be. */
  shift(): void {
    this.#bytes -= this.#waiting.shift()?.body.length ?? 0
  }

  /** Takes all out that still wait. */
  clear(): WaitingWrite[] {
    this.#bytes = 0
    return this.#waiting.splice(0)
  }
}

const firstRetryMs = secondMs / 2
const retryMaxMs = 30 * secondMs

/** How long to wait after so many failures in a row: doubling from half a second to 30 s, up to a quarter less by chance. */
export function retryDelay(failures: number, random: Random): DurationMs {
  const whole = Math.min(retryMaxMs, firstRetryMs * 2 ** Math.min(failures - 1, 10))
  return Math.round(whole * (1 - random() / 4))
}
