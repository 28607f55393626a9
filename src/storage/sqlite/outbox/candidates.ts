import type { DatabaseSync } from 'node:sqlite'
import type { Delivery } from '../../../core/model/delivery.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import { numberIn, orNull, textIn } from '../rows.ts'
import * as sql from '../statements/claim.ts'
import { type Candidate, type ChainPlace, candidate, pageLane, ticketLane } from './outbox-rows.ts'

/** Which message goes next, and whether it still has to go. */
export interface Candidates {
  next(receiver: string, now: EpochMs): Candidate | undefined
  judge(message: Candidate): Verdict
  markInFlight(message: Candidate, openReference: string | null, at: EpochMs): Delivery
  nextDueAt(receiver: string): EpochMs | undefined
}

/** Whether a message that is due still has to go. */
export type Verdict =
  | { readonly kind: 'send'; readonly openReference: string | null }
  | { readonly kind: 'superseded'; readonly reason: string }

/** Finds and judges what is due; must run inside a transaction. */
export function outboxCandidates(database: DatabaseSync): Candidates {
  const selectCandidate = database.prepare(sql.selectCandidate)
  const selectNextDue = database.prepare(sql.selectNextDue)
  const selectOpen = database.prepare(sql.selectOpen)
  const selectLaterResolve = database.prepare(sql.selectLaterResolve)
  const updateInFlight = database.prepare(sql.markInFlight)
  const insertAttempt = database.prepare(sql.insertAttempt)

  /** An open that comes after its own end would stay open at the receiver for ever. */
  function judgeOpen({ receiver, recipient, alertKey, episode }: ChainPlace): Verdict {
    const resolve = selectLaterResolve.get({ receiver, recipient, alertKey, episode })
    if (resolve === undefined) return { kind: 'send', openReference: null }
    return { kind: 'superseded', reason: 'older than a resolve that was delivered' }
  }

  /** A resolve goes where its open arrived, or may have. */
  function judgeResolve({ receiver, recipient, alertKey, episode }: ChainPlace): Verdict {
    const open = selectOpen.get({ receiver, recipient, alertKey, episode })
    if (open === undefined) return { kind: 'superseded', reason: 'its open was never sent here' }
    if (open['status'] === 'delivered' || open['maybe_sent'] === 1) {
      return { kind: 'send', openReference: orNull(textIn, open, 'reference') }
    }
    return { kind: 'superseded', reason: `its open never arrived: ${orNull(textIn, open, 'reason') ?? 'unknown why'}` }
  }

  return {
    next(receiver, now) {
      const row = selectCandidate.get({ receiver, now })
      return row === undefined ? undefined : candidate(row)
    },
    judge: (message) => (message.notification.status === 'firing' ? judgeOpen(message) : judgeResolve(message)),
    markInFlight(message, openReference, at) {
      const { id, receiver, recipient, episode, notification, createdAt, maybeSent } = message
      const attempt = message.attempts + 1
      updateInFlight.run({ id })
      insertAttempt.run({ id, attempt, at })
      return { id, receiver, recipient, episode, notification, attempt, createdAt, maybeSent, openReference }
    },
    nextDueAt(receiver) {
      const rows = [pageLane, ticketLane].map((lane) => selectNextDue.get({ receiver, lane }))
      const dueTimes = rows.filter((row) => row !== undefined).map((row) => numberIn(row, 'due_at'))
      return dueTimes.length === 0 ? undefined : Math.min(...dueTimes)
    },
  }
}
