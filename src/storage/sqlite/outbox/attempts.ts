import type { DatabaseSync } from 'node:sqlite'
import type { Delivery, Outcome } from '../../../core/model/delivery.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import type { Outbox } from '../../../ports/store.ts'
import { groupCommit } from '../group-commit.ts'
import { asClaimed, type Candidates } from './candidates.ts'
import type { Arrived, Exit } from './exit.ts'
import type { Candidate } from './outbox-rows.ts'

/** Claims and settles messages; what comes together is one transaction, and of many alike one statement. */
export interface OutboxAttempts extends Pick<Outbox, 'claim' | 'settle'> {
  /** Does what waits to be written. */
  readonly flush: () => void
}

interface Claim {
  readonly kind: 'claim'
  readonly receiver: string
  readonly now: EpochMs
}

interface Settlement {
  readonly kind: 'settle'
  readonly id: string
  readonly attempt: number
  readonly outcome: Outcome
  readonly at: EpochMs
  readonly retryAt: EpochMs | undefined
  /** The message as it was claimed here; undefined where it was not, or was settled before. */
  readonly claimed: Candidate | undefined
}

/** A message that goes, and the row that it is. */
interface Claimed {
  readonly message: Candidate
  readonly delivery: Delivery
}

/** Attempts under way are known by their rows, so that those that arrive are settled without looking for them. */
export function outboxAttempts(database: DatabaseSync, candidates: Candidates, exit: Exit): OutboxAttempts {
  const underWay = new Map<string, Candidate>()
  const together = groupCommit<Claim | Settlement, Claimed | undefined>(database, {
    perform: performed,
    isMoreExpected: () => underWay.size > 0,
  })

  /** What is settled lets others go, so it comes first. */
  function performed(pieces: readonly (Claim | Settlement)[]): readonly (Claimed | undefined)[] {
    settleAll(pieces.filter((piece) => piece.kind === 'settle'))
    const claims = pieces.filter((piece) => piece.kind === 'claim')
    const claimed = new Map<string, Claimed[]>()
    for (const [receiver, ofReceiver] of Map.groupBy(claims, (claim) => claim.receiver)) {
      const now = Math.max(...ofReceiver.map((claim) => claim.now))
      claimed.set(receiver, claimSome(receiver, now, ofReceiver.length).reverse())
    }
    return pieces.map((piece) => (piece.kind === 'claim' ? claimed.get(piece.receiver)?.pop() : undefined))
  }

  function claimSome(receiver: string, now: EpochMs, most: number): Claimed[] {
    const claimed: Claimed[] = []
    for (;;) {
      const messages = candidates.next(receiver, now, most - claimed.length)
      const going: Candidate[] = []
      for (const message of messages) {
        const verdict = candidates.judge(message)
        if (verdict.kind === 'send') {
          going.push(message)
          claimed.push({ message, delivery: asClaimed(message, verdict) })
        } else {
          exit.close(message, { status: 'superseded', reason: verdict.reason, reference: null, maybeSent: false }, now)
        }
      }
      candidates.markInFlight(going, now)
      if (claimed.length === most || messages.length === going.length) return claimed
    }
  }

  function settleAll(settlements: readonly Settlement[]): void {
    const arrived = new Map<string, Arrived & { readonly sequences: number[] }>()
    for (const { id, attempt, outcome, at, retryAt, claimed } of settlements) {
      if (claimed === undefined || !isPlain(claimed, attempt, outcome)) {
        exit.settle(id, attempt, outcome, at, retryAt)
        continue
      }
      const { receiver, sequence } = claimed
      const alike = `${attempt} ${at} ${receiver}`
      const others = arrived.get(alike)
      if (others === undefined) arrived.set(alike, { receiver, attempt, at, sequences: [sequence] })
      else others.sequences.push(sequence)
    }
    for (const alike of arrived.values()) exit.settleDelivered(alike)
  }

  return {
    flush: () => together.flush(),
    async claim(receiver, now) {
      const claimed = await together.run({ kind: 'claim', receiver, now })
      if (claimed === undefined) return undefined
      underWay.set(claimed.delivery.id, claimed.message)
      return claimed.delivery
    },
    async settle(id, attempt, outcome, at, retryAt) {
      const claimed = underWay.get(id)
      underWay.delete(id)
      await together.run({ kind: 'settle', id, attempt, outcome, at, retryAt, claimed })
    },
  }
}

/** It arrived, nothing was answered that must be kept, and nothing else travels in it. */
function isPlain({ attempts, notification }: Candidate, attempt: number, outcome: Outcome): boolean {
  if (outcome.kind !== 'delivered' || outcome.reference !== undefined) return false
  return attempts + 1 === attempt && notification.kind !== 'digest'
}
