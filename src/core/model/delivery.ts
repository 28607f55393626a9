import type { Notification } from './notification.ts'
import type { DurationMs, EpochMs } from './units.ts'

/** One message of one alert revision to one recipient of one receiver, as it is written into the outbox. */
export interface NewDelivery {
  /** A digest of alert key, episode, status, receiver and recipient, in ASCII: the same decision never makes two rows. */
  readonly id: string
  readonly receiver: string
  /** The address within the receiver; "" where it has only one. */
  readonly recipient: string
  /** The episode's start: messages of one episode go out in order. */
  readonly episode: EpochMs
  readonly notification: Notification
}

/** A delivery claimed for one attempt. */
export interface Delivery extends NewDelivery {
  /** From 1. */
  readonly attempt: number
  readonly createdAt: EpochMs
  /** An earlier attempt ended without a known result: the receiver may have this message already. */
  readonly maybeSent: boolean
  /** What the receiver answered to the open of this episode: a message id to update or answer to. */
  readonly openReference: string | null
}

/** What became of one attempt. `ambiguous`: it may have arrived, nobody can tell. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly reference?: string }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: DurationMs }
  | { readonly kind: 'ambiguous'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string }

/** Where a delivery stands. `dead` was given up with a reason; `superseded` was overtaken before it went out. */
export type DeliveryStatus = 'queued' | 'inflight' | 'delivered' | 'dead' | 'superseded'

/** One line of the outbox, for people and tests. */
export interface DeliveryRecord {
  readonly id: string
  readonly receiver: string
  readonly recipient: string
  readonly alertKey: string
  readonly episode: EpochMs
  readonly messageStatus: 'firing' | 'resolved'
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly createdAt: EpochMs
  readonly settledAt: EpochMs | null
  readonly reason: string | null
}
