import type { Message, MessageChange } from './notification.ts'
import type { DurationMs, EpochMs } from './units.ts'

/** One message of one incident revision to one recipient of one receiver, as it is written into the outbox. */
export interface NewDelivery {
  /** A digest of incident key, episode, revision, receiver and recipient, in ASCII: the same decision never makes two rows. */
  readonly id: string
  readonly receiver: string
  /** The address within the receiver; "" where it has only one. */
  readonly recipient: string
  /** When the incident opened: messages of one incident go out in order. */
  readonly episode: EpochMs
  readonly notification: Message
  /**
   * Ids of deliveries of the same commit that this message, a digest, takes along: they are not sent themselves, and what becomes
   * of it becomes of them.
   */
  readonly carries?: readonly string[]
}

/** A delivery claimed for one attempt. */
export interface Delivery extends NewDelivery {
  /** From 1. */
  readonly attempt: number
  readonly createdAt: EpochMs
  /** An earlier attempt ended without a known result: the receiver may have this message already. */
  readonly maybeSent: boolean
  /** Whether nothing of this incident has arrived here yet: then it opens here, whatever its change says. */
  readonly opens: boolean
  /** What the receiver answered to the first message of this incident: a message id to update or answer to. */
  readonly openReference: string | null
}

/** What became of one attempt. `ambiguous`: it may have arrived, nobody can tell. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly reference?: string }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: DurationMs }
  | { readonly kind: 'ambiguous'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string }

/**
 * Where a delivery stands. `carried` waits for the digest it is in. `dead` was given up with a reason; `superseded` was overtaken
 * before it went out.
 */
export type DeliveryStatus = 'queued' | 'carried' | 'inflight' | 'delivered' | 'dead' | 'superseded'

/** One line of the outbox, for people and tests. */
export interface DeliveryRecord {
  readonly id: string
  readonly receiver: string
  readonly recipient: string
  /** The key of the incident, digest or heartbeat. */
  readonly key: string
  readonly episode: EpochMs
  readonly revision: number
  readonly messageStatus: 'firing' | 'resolved'
  readonly change: MessageChange
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly createdAt: EpochMs
  readonly settledAt: EpochMs | null
  readonly reason: string | null
}

/** One attempt at a delivery, for people. */
export interface AttemptRecord {
  readonly deliveryId: string
  readonly attempt: number
  readonly startedAt: EpochMs
  /** null while it is under way. */
  readonly endedAt: EpochMs | null
  readonly outcome: Outcome['kind'] | null
  readonly reason: string | null
}
