import type { DatabaseSync } from 'node:sqlite'
import { deliveriesKeptMs, heartbeatsKeptMs } from '../../../core/model/limits.ts'
import type { Log } from '../../../ports/log.ts'
import type { Meter } from '../../../ports/meter.ts'
import type { Outbox, UnclaimedPages } from '../../../ports/store.ts'
import { inTransaction } from '../database.ts'
import { prepared } from '../prepared.ts'
import { numberIn, orNull, textIn } from '../rows.ts'
import { pruneDeliveries, selectDeliveries, selectDepths, selectPageProgress } from '../statements/overview.ts'
import { endLostAttempts, requeueInFlight, selectWithdrawnInFlight } from '../statements/settle.ts'
import { outboxAttempts } from './attempts.ts'
import { outboxCandidates } from './candidates.ts'
import { outboxExit } from './exit.ts'
import { freshMessages } from './fresh-messages.ts'
import { type Intake, outboxIntake } from './intake.ts'
import { chainPlace, deliveryRecord } from './outbox-rows.ts'
import { sqliteUnclaimedPages } from './unclaimed-pages.ts'

/** The outbox with its entrance, which only the store's commit uses. */
export interface SqliteOutbox extends Outbox {
  readonly enqueue: Intake
  /** Does what waits to be written; before the database is closed. */
  readonly flush: () => void
  readonly unclaimed: UnclaimedPages
}

/** The outbox of ports/store.ts over one table; every method of the port is one transaction. */
export function sqliteOutbox(database: DatabaseSync, log: Log, meter: Meter): SqliteOutbox {
  const fresh = freshMessages()
  const candidates = outboxCandidates(database, fresh)
  const exit = outboxExit(database, meter)
  const attempts = outboxAttempts(database, candidates, exit)
  const loseAttempts = prepared(database, endLostAttempts)
  const withdrawn = prepared(database, selectWithdrawnInFlight)
  const requeue = prepared(database, requeueInFlight)
  const select = prepared(database, selectDeliveries)
  const countByReceiver = prepared(database, selectDepths)
  const remove = prepared(database, pruneDeliveries)
  const pageProgress = prepared(database, selectPageProgress)

  return {
    enqueue: outboxIntake(database, exit, fresh, { log, meter }),
    unclaimed: sqliteUnclaimedPages(database, candidates, exit),
    ...attempts,
    nextDueAt: async (receiver) => candidates.nextDueAt(receiver),
    recover: async (now) =>
      inTransaction(database, () => {
        const reason = 'the process ended during the attempt'
        loseAttempts.run({ now, reason })
        for (const row of withdrawn.all()) {
          const why = orNull(textIn, row, 'reason')
          exit.close(chainPlace(row), { status: 'superseded', reason: why, reference: null, maybeSent: true }, now)
        }
        return Number(requeue.run({ now, reason }).changes)
      }),
    list: async ({ limit, status = null }) => select.all({ limit, status }).map(deliveryRecord),
    depths: async () =>
      new Map(countByReceiver.all().map((row) => [textIn(row, 'receiver'), numberIn(row, 'unsettled')])),
    async pageProgress(key, episode, since) {
      const row = pageProgress.get({ key, episode, since })
      if (row === undefined) return { delivered: false, moving: false, waitingSince: null }
      const waitingSince = orNull(numberIn, row, 'waiting_since')
      return { delivered: row['delivered'] === 1, moving: row['moving'] === 1, waitingSince }
    },
    async prune(settledBefore) {
      const heartbeatsBefore = settledBefore + deliveriesKeptMs - heartbeatsKeptMs
      return Number(remove.run({ settledBefore, heartbeatsBefore }).changes)
    },
  }
}
