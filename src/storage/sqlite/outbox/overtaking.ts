import type { DatabaseSync } from 'node:sqlite'
import type { NewDelivery } from '../../../core/model/delivery.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import type { Superseding } from '../../../ports/store.ts'
import { prepared } from '../prepared.ts'
import { numberIn, orNull, type Row, textIn } from '../rows.ts'
import * as sql from '../statements/enqueue.ts'
import type { Exit } from './exit.ts'
import { chainPlace } from './outbox-rows.ts'

/** What a message takes over from those whose place it takes. */
export interface Inheritance {
  readonly dueAt: EpochMs
  readonly lane: number
  readonly maybeSent: number
  readonly wakes: number
  readonly change: string
}

/** How newer messages take the place of older ones that wait. */
export interface Overtaking {
  /** Closes what a new message makes needless; answers what it takes over. */
  overtake(delivery: NewDelivery, own: Inheritance, at: EpochMs): Inheritance
  /** Closes what need not be told any more. */
  supersede(superseding: Superseding, at: EpochMs): void
}

/** Settles what was overtaken; must run inside the transaction of the tick that decided it. */
export function outboxOvertaking(database: DatabaseSync, exit: Exit): Overtaking {
  const selectOvertaken = prepared(database, sql.selectOvertaken)
  const selectArrived = prepared(database, sql.selectArrived)
  const selectWaiting = prepared(database, sql.selectWaiting)
  const markWithdrawn = prepared(database, sql.markWithdrawn)

  return {
    overtake({ receiver, recipient, episode, notification }, own, at) {
      const { key: alertKey, revision, status } = notification
      const chain = { receiver, recipient, alertKey, episode }
      // An open that never arrived goes out before its end, however late: nothing that happened is left out. A page of which
      // nobody knows whether it arrived goes out as well, since twice is better than not at all.
      const isPage = notification.severity === 'page' ? 1 : 0
      if (status === 'resolved' && selectArrived.get({ ...chain, isPage }) === undefined) return own
      let inherited = own
      for (const row of selectOvertaken.all({ ...chain, revision })) {
        if (status === 'firing') inherited = inherit(inherited, row)
        const reason = status === 'firing' ? `revision ${revision} says more` : 'it is over'
        const maybeSent = row['maybe_sent'] === 1
        exit.drop(chainPlace(row), { status: 'superseded', reason, reference: null, maybeSent }, at)
      }
      return inherited
    },
    supersede({ key, episode, remindersOnly, reason }, at) {
      const which = { key, episode, remindersOnly: remindersOnly ? 1 : 0 }
      markWithdrawn.run({ ...which, reason })
      for (const row of selectWaiting.all(which)) {
        exit.close(chainPlace(row), { status: 'superseded', reason, reference: null, maybeSent: false }, at)
      }
    },
  }
}

function isReminder(change: string): boolean {
  return change === 'repeated' || change === 'handed-on'
}

function inherit(own: Inheritance, row: Row): Inheritance {
  const wakes = row['wakes'] === 1
  return {
    dueAt: Math.min(own.dueAt, orNull(numberIn, row, 'due_at') ?? own.dueAt),
    lane: Math.min(own.lane, numberIn(row, 'lane')),
    maybeSent: Math.max(own.maybeSent, numberIn(row, 'maybe_sent')),
    wakes: wakes ? 1 : own.wakes,
    // Who has not heard of it is not reminded of it: for them it still is what it was.
    change: wakes && (own.wakes === 0 || isReminder(own.change)) ? textIn(row, 'change') : own.change,
  }
}
