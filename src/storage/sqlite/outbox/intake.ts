import type { DatabaseSync, StatementResultingChanges } from 'node:sqlite'
import type { NewDelivery } from '../../../core/model/delivery.ts'
import { outboxRowsPerReceiverMax } from '../../../core/model/limits.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import type { Log } from '../../../ports/log.ts'
import type { Meter } from '../../../ports/meter.ts'
import type { Superseding } from '../../../ports/store.ts'
import { prepared } from '../prepared.ts'
import { numberIn } from '../rows.ts'
import * as sql from '../statements/enqueue.ts'
import type { Exit } from './exit.ts'
import type { FreshMessages } from './fresh-messages.ts'
import { newDeliveryParameters } from './outbox-rows.ts'
import { outboxOvertaking } from './overtaking.ts'

/** Writes new messages and withdraws old ones; must run inside the transaction of the tick that decided them. */
export type Intake = (deliveries: readonly NewDelivery[], superseded: readonly Superseding[], at: EpochMs) => void

/**
 * Lets everything in, except tickets that open while their receiver's queue is full: those are kept as dead, with the reason.
 * A resolve is never refused: it is needed where its open went, and there is at most one per open.
 */
export function outboxIntake(
  database: DatabaseSync,
  exit: Exit,
  fresh: FreshMessages,
  { log, meter }: { readonly log: Log; readonly meter: Meter },
): Intake {
  const insert = prepared(database, sql.insertDelivery)
  const insertRefused = prepared(database, sql.insertRefusedDelivery)
  const insertMessage = prepared(database, sql.insertMessage)
  const insertFirst = prepared(database, sql.insertFirst)
  const selectKeyKnown = prepared(database, sql.selectKeyKnown)
  const selectKnown = prepared(database, sql.selectKnown)
  const countUnsettled = prepared(database, sql.countUnsettled)
  const overtaking = outboxOvertaking(database, exit)

  function depthOf(receiver: string): number {
    const row = countUnsettled.get({ receiver })
    return row === undefined ? 0 : numberIn(row, 'unsettled')
  }

  /** Writes what a message says beside its row; false where the row was there before. */
  function written(
    { changes, lastInsertRowid }: StatementResultingChanges,
    { id, notification }: NewDelivery,
  ): boolean {
    if (changes === 0) return false
    fresh.put(id, notification)
    insertMessage.run({ sequence: lastInsertRowid, notification: JSON.stringify(notification) })
    return true
  }

  function refuse(delivery: NewDelivery, at: EpochMs): void {
    const { id, receiver, notification } = delivery
    const reason = `${outboxRowsPerReceiverMax} messages wait for this receiver: tickets are refused until it drains`
    if (!written(insertRefused.run({ ...newDeliveryParameters(delivery), at, reason }), delivery)) return
    meter.count('sloburn_limit_hits_total', { limit: 'outboxRowsPerReceiverMax' })
    meter.count('sloburn_deliveries_settled_total', { receiver, status: 'dead' })
    log.error({ delivery: id, receiver, key: notification.key, reason }, 'ticket refused')
  }

  function put(delivery: NewDelivery, isFirst: boolean, carriedBy: string | undefined, at: EpochMs): void {
    const parameters = newDeliveryParameters(delivery)
    const { lane, wakes, change } = parameters
    const own = { dueAt: at, lane, maybeSent: 0, wakes, change }
    if (isFirst) {
      written(insertFirst.run({ ...parameters, dueAt: own.dueAt, carriedBy: carriedBy ?? null, at }), delivery)
      return
    }
    const taken = carriedBy === undefined ? overtaking.overtake(delivery, own, at) : own
    written(insert.run({ ...parameters, ...taken, carriedBy: carriedBy ?? null, at }), delivery)
  }

  return (deliveries, superseded, at) => {
    for (const one of superseded) overtaking.supersede(one, at)
    const carriers = new Map(deliveries.flatMap(({ id, carries = [] }) => carries.map((carried) => [carried, id])))
    // Counted once per tick, because counting costs as much as there is to count.
    const depths = new Map<string, number>()
    for (const delivery of deliveries) {
      const { id, receiver, notification } = delivery
      const isFirst = selectKeyKnown.get({ key: notification.key }) === undefined
      if (!isFirst && selectKnown.get({ id }) !== undefined) continue
      const depth = depths.get(receiver) ?? depthOf(receiver)
      const isTicketOpening = notification.severity === 'ticket' && notification.status === 'firing'
      if (isTicketOpening && depth >= outboxRowsPerReceiverMax) {
        refuse(delivery, at)
      } else {
        put(delivery, isFirst, carriers.get(id), at)
        depths.set(receiver, depth + 1)
      }
    }
  }
}
