import type { DeliveryRecord, DeliveryStatus, NewDelivery } from '../../../core/model/delivery.ts'
import type { Notification } from '../../../core/model/notification.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import { numberIn, orNull, type Row, textIn, wordIn } from '../rows.ts'

/** Where a message stands: a chain is everything one recipient of one receiver is told of one alert. */
export interface ChainPlace {
  readonly id: string
  readonly receiver: string
  readonly recipient: string
  readonly alertKey: string
  readonly episode: EpochMs
}

/** A message that is due, before it is judged. */
export interface Candidate extends ChainPlace {
  readonly notification: Notification
  /** Attempts made so far. */
  readonly attempts: number
  readonly maybeSent: boolean
  readonly createdAt: EpochMs
}

/** Reads where a message stands. */
export function chainPlace(row: Row): ChainPlace {
  return {
    id: textIn(row, 'id'),
    receiver: textIn(row, 'receiver'),
    recipient: textIn(row, 'recipient'),
    alertKey: textIn(row, 'alert_key'),
    episode: numberIn(row, 'episode'),
  }
}

/** Reads a message with what is needed to send it. */
export function candidate(row: Row): Candidate {
  const notification: Notification = JSON.parse(textIn(row, 'notification'))
  return {
    ...chainPlace(row),
    notification,
    attempts: numberIn(row, 'attempts'),
    maybeSent: row['maybe_sent'] === 1,
    createdAt: numberIn(row, 'created_at'),
  }
}

/** Reads a message for people. */
export function deliveryRecord(row: Row): DeliveryRecord {
  return {
    ...chainPlace(row),
    messageStatus: wordIn(row, 'message_status', ['firing', 'resolved']),
    status: wordIn(row, 'status', deliveryStatuses),
    attempts: numberIn(row, 'attempts'),
    createdAt: numberIn(row, 'created_at'),
    settledAt: orNull(numberIn, row, 'settled_at'),
    reason: orNull(textIn, row, 'reason'),
  }
}

/** The parameters of the statements that insert a message. */
export function newDeliveryParameters({ id, receiver, recipient, episode, notification }: NewDelivery) {
  return {
    id,
    receiver,
    recipient,
    alertKey: notification.key,
    episode,
    messageStatus: notification.status,
    lane: notification.severity === 'page' ? pageLane : ticketLane,
    notification: JSON.stringify(notification),
  }
}

/** Pages go before tickets. */
export const pageLane = 0
/** After every page. */
export const ticketLane = 1

const deliveryStatuses: readonly DeliveryStatus[] = ['queued', 'inflight', 'delivered', 'dead', 'superseded']
