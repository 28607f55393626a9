import type { DatabaseSync } from 'node:sqlite'
import type { Delivery, NewDelivery } from '../../../core/model/delivery.ts'
import type { UnclaimedAttempt, UnclaimedPages, UnclaimedQuery } from '../../../ports/store.ts'
import { inTransaction } from '../database.ts'
import { prepared } from '../prepared.ts'
import { numberIn, type Row, textIn } from '../rows.ts'
import { selectLostPages, selectUnclaimedPages } from '../statements/claim.ts'
import * as settling from '../statements/settle.ts'
import { asClaimed, type Candidates } from './candidates.ts'
import type { Exit } from './exit.ts'
import { candidate } from './outbox-rows.ts'

/** Reads the outbox without claiming, which works on a full disk as well, and takes down afterwards what was sent meanwhile. */
export function sqliteUnclaimedPages(database: DatabaseSync, candidates: Candidates, exit: Exit): UnclaimedPages {
  const selectPages = prepared(database, selectUnclaimedPages)
  const selectLost = prepared(database, selectLostPages)
  const select = prepared(database, settling.selectUnclaimed)
  const markMaybeSent = prepared(database, settling.markMaybeSent)

  function next({ receiver, now, except, lost }: UnclaimedQuery): Delivery | undefined {
    const found = lost ? firstOf(selectLost.iterate({ receiver }), except) : undefined
    // What was under way when a process died may have arrived.
    if (found !== undefined) return { ...found, maybeSent: true }
    return firstOf(selectPages.iterate({ receiver, now }), except)
  }

  function firstOf(rows: Iterable<Row>, except: ReadonlySet<string>): Delivery | undefined {
    for (const row of rows) {
      if (except.has(textIn(row, 'id'))) continue
      const message = candidate(row)
      const verdict = candidates.judge(message)
      if (verdict.kind === 'send') return asClaimed(message, verdict)
    }
    return undefined
  }

  function standing({ id, receiver, recipient, episode, notification }: NewDelivery) {
    const { key, revision } = notification
    const own = { attempts: 0, maybeSent: false, createdAt: 0, isAlone: false }
    const verdict = candidates.judge({ id, receiver, recipient, key, episode, revision, notification, ...own })
    return verdict.kind === 'send' ? { opens: verdict.opens, openReference: verdict.openReference } : undefined
  }

  function record({ id, startedAt, outcome, at, retryAt }: UnclaimedAttempt): void {
    const row = select.get({ id })
    if (row === undefined) return
    const sequence = numberIn(row, 'sequence')
    // What was overtaken, or taken up meanwhile, needs no word of a failure; that it arrived counts: its end goes where it arrived.
    if (row['status'] !== 'queued' && outcome.kind !== 'delivered') {
      if (outcome.kind === 'ambiguous') markMaybeSent.run({ sequence })
      return
    }
    const attempt = numberIn(row, 'attempts') + 1
    candidates.markInFlight([{ sequence }], startedAt)
    exit.settle(id, attempt, outcome, at, retryAt)
  }

  return {
    next: async (query) => next(query),
    standing: async (delivery) => standing(delivery),
    record: async (attempt) => inTransaction(database, () => record(attempt)),
  }
}
