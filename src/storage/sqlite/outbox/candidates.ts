import type { DatabaseSync } from 'node:sqlite'
import type { Delivery } from '../../../core/model/delivery.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import { prepared } from '../prepared.ts'
import { numberIn, orNull, textIn } from '../rows.ts'
import * as sql from '../statements/claim.ts'
import { type Candidate, candidate, pageLane, ticketLane } from './outbox-rows.ts'

/** Which message goes next, and whether it still has to go. */
export interface Candidates {
  next(receiver: string, now: EpochMs): Candidate | undefined
  judge(message: Omit<Candidate, 'sequence'>): Verdict
  markInFlight(message: Candidate, verdict: Extract<Verdict, { kind: 'send' }>, at: EpochMs): Delivery
  nextDueAt(receiver: string): EpochMs | undefined
}

/** Whether a message that is due still has to go. */
export type Verdict =
  | { readonly kind: 'send'; readonly opens: boolean; readonly openReference: string | null }
  | { readonly kind: 'superseded'; readonly reason: string }

/** Finds and judges what is due; must run inside a transaction. */
export function outboxCandidates(database: DatabaseSync): Candidates {
  const selectCandidate = prepared(database, sql.selectCandidate)
  const selectNextDue = prepared(database, sql.selectNextDue)
  const selectOpens = prepared(database, sql.selectOpens)
  const selectLaterResolve = prepared(database, sql.selectLaterResolve)
  const selectLaterOpen = prepared(database, sql.selectLaterOpen)
  const updateInFlight = prepared(database, sql.markInFlight)
  const insertAttempt = prepared(database, sql.insertAttempt)

  /** What comes after its own end would stay open at the receiver for ever. */
  function judgeFiring(message: Omit<Candidate, 'sequence'>): Verdict {
    const { receiver, recipient, key: alertKey, episode, revision, notification } = message
    const place = { receiver, recipient, alertKey, episode, revision }
    if (!message.isAlone && selectLaterResolve.get(place) !== undefined) {
      return { kind: 'superseded', reason: 'older than a resolve that was delivered' }
    }
    const open = message.isAlone ? undefined : selectOpens.get(place)
    if (open?.['status'] === 'delivered') {
      return { kind: 'send', opens: false, openReference: orNull(textIn, open, 'reference') }
    }
    const isMereUpdate = notification.kind === 'incident' && !notification.wakes && open?.['maybe_sent'] !== 1
    if (isMereUpdate && !message.maybeSent) {
      return { kind: 'superseded', reason: 'nothing of this incident has arrived that could be brought up to date' }
    }
    return { kind: 'send', opens: true, openReference: null }
  }

  /** A resolve goes where an open arrived, or may have, unless it would close what opened there since. */
  function judgeResolve({
    receiver,
    recipient,
    key: alertKey,
    episode,
    revision,
  }: Omit<Candidate, 'sequence'>): Verdict {
    // Only what went out while nothing could be stored goes out of order.
    if (selectLaterOpen.get({ receiver, recipient, alertKey, episode }) !== undefined) {
      return {
        kind: 'superseded',
        reason: 'another incident of this key has opened here since, and goes on in its place',
      }
    }
    const open = selectOpens.get({ receiver, recipient, alertKey, episode, revision })
    if (open === undefined) return { kind: 'superseded', reason: 'its open was never sent here' }
    if (open['status'] === 'delivered' || open['maybe_sent'] === 1) {
      return { kind: 'send', opens: false, openReference: orNull(textIn, open, 'reference') }
    }
    return { kind: 'superseded', reason: `its open never arrived: ${orNull(textIn, open, 'reason') ?? 'unknown why'}` }
  }

  return {
    next(receiver, now) {
      const row = selectCandidate.get({ receiver, now })
      return row === undefined ? undefined : candidate(row)
    },
    judge: (message) => (message.notification.status === 'firing' ? judgeFiring(message) : judgeResolve(message)),
    markInFlight(message, { opens, openReference }, at) {
      const { sequence, id, receiver, recipient, episode, notification, createdAt, maybeSent } = message
      const attempt = message.attempts + 1
      updateInFlight.run({ sequence })
      insertAttempt.run({ sequence, attempt, at })
      return { id, receiver, recipient, episode, notification, attempt, createdAt, maybeSent, opens, openReference }
    },
    nextDueAt(receiver) {
      const rows = [pageLane, ticketLane].map((lane) => selectNextDue.get({ receiver, lane }))
      const dueTimes = rows.filter((row) => row !== undefined).map((row) => numberIn(row, 'due_at'))
      return dueTimes.length === 0 ? undefined : Math.min(...dueTimes)
    },
  }
}
