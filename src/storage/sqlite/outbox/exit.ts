import type { DatabaseSync } from 'node:sqlite'
import type { DeliveryStatus, Outcome } from '../../../core/model/delivery.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import type { Meter } from '../../../ports/meter.ts'
import { prepared } from '../prepared.ts'
import { numberIn, orNull, type Row, textIn } from '../rows.ts'
import { neverDueAgain } from '../statements/chain.ts'
import * as sql from '../statements/settle.ts'
import { type ChainPlace, chainPlace } from './outbox-rows.ts'

/** How messages leave: back to the queue, or settled, which lets the next of their chain go. */
export interface Exit {
  close(place: ChainPlace, closing: Closing, at: EpochMs): void
  /** As `close`, for a message whose place another one takes at once. */
  drop(place: ChainPlace, closing: Closing, at: EpochMs): void
  /** A word about an attempt that is not the one in flight changes nothing. */
  settle(id: string, attempt: number, outcome: Outcome, at: EpochMs, retryAt: EpochMs | undefined): void
  /** As `settle` for messages of one receiver that arrived at the same attempt, of which none carries others or was answered. */
  settleDelivered(arrived: Arrived): void
}

/** Messages that arrived, by the numbers of their rows. */
export interface Arrived {
  readonly receiver: string
  readonly attempt: number
  readonly at: EpochMs
  readonly sequences: readonly number[]
}

/** How a message ends. */
export interface Closing {
  readonly status: Exclude<DeliveryStatus, 'queued' | 'carried' | 'inflight'>
  readonly reason: string | null
  readonly reference: string | null
  readonly maybeSent: boolean
}

/** An attempt that did not get through, and when the next one is due. */
interface Requeued {
  readonly retryAt: EpochMs
  readonly reason: string
  readonly maybeSent: boolean
}

/** Records how messages leave; must run inside a transaction. */
export function outboxExit(database: DatabaseSync, meter: Meter): Exit {
  const selectInFlight = prepared(database, sql.selectInFlight)
  const endAttempt = prepared(database, sql.endAttempt)
  const requeueDelivery = prepared(database, sql.requeueDelivery)
  const closeInFlight = prepared(database, sql.closeInFlight)
  const closeDelivery = prepared(database, sql.closeDelivery)
  const closeDelivered = prepared(database, sql.closeDelivered)
  const endDelivered = prepared(database, sql.endDelivered)
  const wakeNextInChains = prepared(database, sql.wakeNextInChains)
  const selectSuccessor = prepared(database, sql.selectSuccessor)
  const inherit = prepared(database, sql.inherit)
  const closeCarried = prepared(database, sql.closeCarried)
  const selectCarried = prepared(database, sql.selectCarried)

  function drop({ sequence, receiver }: ChainPlace, closing: Closing, at: EpochMs): void {
    const { status, reason, reference } = closing
    closeDelivery.run({ sequence, status, reason, reference, maybeSent: closing.maybeSent ? 1 : 0, at })
    meter.count('sloburn_deliveries_settled_total', { receiver, status })
  }

  function wakeNext({ sequence }: Pick<ChainPlace, 'sequence'>, at: EpochMs): void {
    wakeNextInChains.run({ at, sequences: JSON.stringify([sequence]) })
  }

  function close(place: ChainPlace, closing: Closing, at: EpochMs): void {
    drop(place, closing, at)
    goOn(place, closing, at)
  }

  /** What waited for a message that is closed now. */
  function goOn(place: ChainPlace, closing: Closing, at: EpochMs): void {
    wakeNext(place, at)
    const { status, reason, reference, maybeSent } = closing
    const carrier = { id: place.id, status, reason, reference, maybeSent: maybeSent ? 1 : 0, at }
    if (closeCarried.run(carrier).changes === 0) return
    for (const row of selectCarried.all({ id: place.id })) wakeNext(chainPlace(row), at)
  }

  /** What waits behind it says more: that goes out in its place, as soon as this would have. What was withdrawn is over. */
  function requeue(row: Row, { retryAt, reason, maybeSent }: Requeued, at: EpochMs): void {
    const place = chainPlace(row)
    const { receiver, recipient, key, episode } = place
    const behind = { receiver, recipient, alertKey: key, episode, revision: numberIn(row, 'revision') }
    const successor = row['message_status'] === 'firing' ? selectSuccessor.get(behind) : undefined
    const isWithdrawn = row['due_at'] === neverDueAgain
    if (isWithdrawn && successor === undefined) {
      close(place, { status: 'superseded', reason: orNull(textIn, row, 'reason'), reference: null, maybeSent }, at)
      return
    }
    requeueDelivery.run({ sequence: place.sequence, retryAt, reason, maybeSent: maybeSent ? 1 : 0 })
    if (successor === undefined) return
    inherit.run({
      id: textIn(successor, 'id'),
      dueAt: retryAt,
      lane: numberIn(row, 'lane'),
      maybeSent: maybeSent ? 1 : 0,
      wakes: isWithdrawn ? 0 : numberIn(row, 'wakes'),
      change: textIn(row, 'change'),
    })
    const closing = {
      status: 'superseded',
      reason: `${reason}; a newer revision goes out`,
      reference: null,
      maybeSent,
    } as const
    drop(place, closing, at)
  }

  return {
    close,
    drop,
    settle(id, attempt, outcome, at, retryAt) {
      const reason = outcome.kind === 'delivered' ? null : outcome.reason
      const maybeSent = outcome.kind === 'ambiguous'
      if (outcome.kind !== 'delivered' && outcome.kind !== 'rejected' && retryAt !== undefined) {
        const row = selectInFlight.get({ id, attempt })
        if (row === undefined) return
        endAttempt.run({ sequence: numberIn(row, 'sequence'), attempt, at, outcome: outcome.kind, reason })
        requeue(row, { retryAt, reason: outcome.reason, maybeSent }, at)
        return
      }
      const isDelivered = outcome.kind === 'delivered'
      const reference = isDelivered ? (outcome.reference ?? null) : null
      const closing = { status: isDelivered ? 'delivered' : 'dead', reason, reference, maybeSent } as const
      const row = closeInFlight.get({ ...closing, id, attempt, at, maybeSent: maybeSent ? 1 : 0 })
      if (row === undefined) return
      const place = chainPlace(row)
      endAttempt.run({ sequence: place.sequence, attempt, at, outcome: outcome.kind, reason })
      meter.count('sloburn_deliveries_settled_total', { receiver: place.receiver, status: closing.status })
      goOn(place, closing, at)
    },
    settleDelivered({ receiver, attempt, at, sequences }) {
      const closed = closeDelivered.all({ attempt, at, sequences: JSON.stringify(sequences) })
      if (closed.length === 0) return
      const numbers = JSON.stringify(closed.map((row) => numberIn(row, 'sequence')))
      endDelivered.run({ attempt, at, sequences: numbers })
      wakeNextInChains.run({ at, sequences: numbers })
      meter.count('sloburn_deliveries_settled_total', { receiver, status: 'delivered' }, closed.length)
    },
  }
}
