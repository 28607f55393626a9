import type { DatabaseSync } from 'node:sqlite'
import type { DeliveryStatus, Outcome } from '../../../core/model/delivery.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import type { Meter } from '../../../ports/meter.ts'
import * as sql from '../statements/settle.ts'
import { type ChainPlace, chainPlace } from './outbox-rows.ts'

/** How messages leave: back to the queue, or settled, which lets the next of their chain go. */
export interface Exit {
  close(place: ChainPlace, closing: Closing, at: EpochMs): void
  /** A word about an attempt that is not the one in flight changes nothing. */
  settle(id: string, attempt: number, outcome: Outcome, at: EpochMs, retryAt: EpochMs | undefined): void
}

/** How a message ends. */
export interface Closing {
  readonly status: Exclude<DeliveryStatus, 'queued' | 'inflight'>
  readonly reason: string | null
  readonly reference: string | null
  readonly maybeSent: boolean
}

/** Records how messages leave; must run inside a transaction. */
export function outboxExit(database: DatabaseSync, meter: Meter): Exit {
  const selectInFlight = database.prepare(sql.selectInFlight)
  const endAttempt = database.prepare(sql.endAttempt)
  const requeueDelivery = database.prepare(sql.requeueDelivery)
  const closeDelivery = database.prepare(sql.closeDelivery)
  const wakeNextInChain = database.prepare(sql.wakeNextInChain)

  function close(place: ChainPlace, { status, reason, reference, maybeSent }: Closing, at: EpochMs): void {
    const { id, receiver, recipient, alertKey } = place
    closeDelivery.run({ id, status, reason, reference, maybeSent: maybeSent ? 1 : 0, at })
    wakeNextInChain.run({ receiver, recipient, alertKey, at })
    meter.count('sloburn_deliveries_settled_total', { receiver, status })
  }

  return {
    close,
    settle(id, attempt, outcome, at, retryAt) {
      const row = selectInFlight.get({ id, attempt })
      if (row === undefined) return
      const reason = outcome.kind === 'delivered' ? null : outcome.reason
      const maybeSent = outcome.kind === 'ambiguous'
      endAttempt.run({ id, attempt, at, outcome: outcome.kind, reason })
      if (outcome.kind === 'delivered') {
        const reference = outcome.reference ?? null
        close(chainPlace(row), { status: 'delivered', reason, reference, maybeSent }, at)
      } else if (outcome.kind === 'rejected' || retryAt === undefined) {
        close(chainPlace(row), { status: 'dead', reason, reference: null, maybeSent }, at)
      } else {
        requeueDelivery.run({ id, retryAt, reason, maybeSent: maybeSent ? 1 : 0 })
      }
    },
  }
}
