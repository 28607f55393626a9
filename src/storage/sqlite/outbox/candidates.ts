import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'
import type { Delivery } from '../../../core/model/delivery.ts'
import type { Message } from '../../../core/model/notification.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import { prepared } from '../prepared.ts'
import { numberIn, orNull, type Row, textIn } from '../rows.ts'
import * as sql from '../statements/claim.ts'
import type { FreshMessages } from './fresh-messages.ts'
import { type Candidate, candidate, pageLane, ticketLane } from './outbox-rows.ts'
import { readMessage } from './read-message.ts'

/** Which message goes next, and whether it still has to go. */
export interface Candidates {
  /** Messages that are due, in the order in which they go; no two of one chain, and fewer than `most` only where no more are. */
  next(receiver: string, now: EpochMs, most: number): readonly Candidate[]
  judge(message: Omit<Candidate, 'sequence'>): Verdict
  /** Takes down that attempts at these begin. */
  markInFlight(messages: readonly Pick<Candidate, 'sequence'>[], at: EpochMs): void
  nextDueAt(receiver: string): EpochMs | undefined
}

/** Whether a message that is due still has to go. */
export type Verdict =
  | { readonly kind: 'send'; readonly opens: boolean; readonly openReference: string | null }
  | { readonly kind: 'superseded'; readonly reason: string }

/** A message that goes, as whoever sends it is given it. */
export function asClaimed(message: Candidate, { opens, openReference }: Extract<Verdict, { kind: 'send' }>): Delivery {
  const { id, receiver, recipient, episode, notification, createdAt, maybeSent, attempts } = message
  const attempt = attempts + 1
  return { id, receiver, recipient, episode, notification, attempt, createdAt, maybeSent, opens, openReference }
}

/** Finds and judges what is due; must run inside a transaction. */
export function outboxCandidates(database: DatabaseSync, fresh: FreshMessages): Candidates {
  const selectMessage = prepared(database, sql.selectMessage)
  const selectCandidates = prepared(database, sql.selectCandidates)
  const selectNextDue = prepared(database, sql.selectNextDue)
  const selectOpens = prepared(database, sql.selectOpens)
  const selectLaterResolve = prepared(database, sql.selectLaterResolve)
  const selectLaterOpen = prepared(database, sql.selectLaterOpen)
  const updateInFlight = prepared(database, sql.markInFlight)
  const insertAttempts = prepared(database, sql.insertAttempts)

  function saidBy(row: Row): Message {
    const message = fresh.take(textIn(row, 'id'))
    if (message !== undefined) return message
    const stored = selectMessage.get({ sequence: numberIn(row, 'sequence') })
    assert.ok(stored !== undefined, 'a message without words')
    return readMessage(textIn(stored, 'notification'))
  }

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
    next: (receiver, now, most) =>
      selectCandidates.all({ receiver, now, most }).map((row) => candidate(row, saidBy(row))),
    judge: (message) => (message.notification.status === 'firing' ? judgeFiring(message) : judgeResolve(message)),
    markInFlight(messages, at) {
      if (messages.length === 0) return
      const sequences = JSON.stringify(messages.map(({ sequence }) => sequence))
      updateInFlight.run({ sequences })
      insertAttempts.run({ sequences, at })
    },
    nextDueAt(receiver) {
      const rows = [pageLane, ticketLane].map((lane) => selectNextDue.get({ receiver, lane }))
      const dueTimes = rows.filter((row) => row !== undefined).map((row) => numberIn(row, 'due_at'))
      return dueTimes.length === 0 ? undefined : Math.min(...dueTimes)
    },
  }
}
