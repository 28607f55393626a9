import type { Delivery, Outcome } from '../core/model/delivery.ts'
import type { DurationMs } from '../core/model/units.ts'

/** Somebody who is told. One call is one attempt: whether and when to try again is the outbox's business. */
export interface Receiver {
  readonly name: string
  readonly kind: string
  /** The addresses that each get their own delivery; [""] where there is only one. */
  readonly recipients: readonly string[]
  /** The longest one attempt may take, where it is not the usual `attemptTimeoutMs`. */
  readonly attemptTimeoutMs?: DurationMs
  /** Never throws for what the world does wrong: that is an Outcome. Aborts when the signal does. */
  send(delivery: Delivery, signal: AbortSignal): Promise<Outcome>
}
