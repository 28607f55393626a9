import type { DeliveryRecord, DeliveryStatus, NewDelivery } from '../../../core/model/delivery.ts'
import type { Message, MessageChange } from '../../../core/model/notification.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import { numberIn, orNull, type Row, textIn, wordIn } from '../rows.ts'
import { readMessage } from './read-message.ts'

/** Where a message stands: a chain is everything one recipient of one receiver is told of one key. */
export interface ChainPlace {
  /** The number of its row. */
  readonly sequence: number
  readonly id: string
  readonly receiver: string
  readonly recipient: string
  readonly key: string
  readonly episode: EpochMs
}

/** A message that is due, before it is judged. */
export interface Candidate extends ChainPlace {
  readonly revision: number
  readonly notification: Message
  /** Attempts made so far. */
  readonly attempts: number
  readonly maybeSent: boolean
  readonly createdAt: EpochMs
  /** Nothing else is or was told of its key there. */
  readonly isAlone: boolean
}

/** Reads where a message stands. */
export function chainPlace(row: Row): ChainPlace {
  return {
    sequence: numberIn(row, 'sequence'),
    ...chainOf(row),
  }
}

function chainOf(row: Row): Omit<ChainPlace, 'sequence'> {
  return {
    id: textIn(row, 'id'),
    receiver: textIn(row, 'receiver'),
    recipient: textIn(row, 'recipient'),
    key: textIn(row, 'alert_key'),
    episode: numberIn(row, 'episode'),
  }
}

/** Reads a message with what is needed to send it; `stored` is what it says, where that is not in the row. */
export function candidate(row: Row, stored: Message = readMessage(textIn(row, 'notification'))): Candidate {
  const change = wordIn(row, 'change', messageChanges)
  const wakes = row['wakes'] === 1
  // A message that took the place of one that wakes somebody does so itself.
  const notification = stored.kind === 'incident' ? { ...stored, change, wakes } : stored
  return {
    ...chainPlace(row),
    revision: numberIn(row, 'revision'),
    notification,
    attempts: numberIn(row, 'attempts'),
    maybeSent: row['maybe_sent'] === 1,
    createdAt: numberIn(row, 'created_at'),
    isAlone: row['is_alone'] === 1,
  }
}

/** Reads a message for people. */
export function deliveryRecord(row: Row): DeliveryRecord {
  return {
    ...chainOf(row),
    revision: numberIn(row, 'revision'),
    messageStatus: wordIn(row, 'message_status', ['firing', 'resolved']),
    change: wordIn(row, 'change', messageChanges),
    status: row['carried_by'] !== null && row['status'] === 'queued' ? 'carried' : storedStatus(row),
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
    revision: notification.revision,
    change: notification.change,
    wakes: notification.wakes ? 1 : 0,
    messageStatus: notification.status,
    lane: notification.severity === 'page' ? pageLane : ticketLane,
  }
}

/** Pages go before tickets. */
export const pageLane = 0
/** After every page. */
export const ticketLane = 1

function storedStatus(row: Row): DeliveryStatus {
  return wordIn(row, 'status', ['queued', 'inflight', 'delivered', 'dead', 'superseded'])
}

const messageChanges: readonly MessageChange[] = [
  'opened',
  'escalated',
  'worsened',
  'unsilenced',
  'repeated',
  'handed-on',
  'fell-back',
  'updated',
  'acknowledged',
  'resolved',
]
