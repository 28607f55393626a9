import type { Delivery, Outcome } from '../core/model/delivery.ts'
import type { DurationMs } from '../core/model/units.ts'
import type { ReceiverCallback } from './receiver-callback.ts'

/** Somebody who is told. One call is one attempt: whether and when to try again is the outbox's business. */
export interface Receiver {
  readonly name: string
  readonly kind: string
  /** The addresses that each get their own delivery; [""] where there is only one. */
  readonly recipients: readonly string[]
  /** An earlier message can be brought up to date, or another of the same key does no harm; false where it is not given. */
  readonly takesUpdates?: boolean
  /** Several tickets can be told in one message; false where it is not given. */
  readonly takesDigests?: boolean
  /** It forgets what it is not told again: while an incident is open it is told this often; absent where once is enough. */
  readonly refreshEveryMs?: DurationMs
  /** The longest one attempt may take, where it is not the usual `attemptTimeoutMs`. */
  readonly attemptTimeoutMs?: DurationMs
  /** Attempts that may be under way at once, where it is not the usual `attemptsInFlightPerReceiverMax`. */
  readonly attemptsInFlightMax?: number
  /** How fast attempts may follow each other; as fast as they come where it is not given. */
  readonly pace?: PaceLimit
  /** Reads what the receiver's service posts back, such as that somebody acknowledged; absent where nothing comes back. */
  readonly callback?: ReceiverCallback
  /** Never throws for what the world does wrong: that is an Outcome. Aborts when the signal does. */
  send(delivery: Delivery, signal: AbortSignal): Promise<Outcome>
}

/** So many attempts may begin at once, and then one each `everyMs`. */
export interface PaceLimit {
  readonly burst: number
  readonly everyMs: DurationMs
}
