import type { Delivery, Outcome } from '../core/model/delivery.ts'
import { pageRetryMaxMs, retryAfterMaxMs, ticketDeliveryAgeMaxMs, ticketRetryMaxMs } from '../core/model/limits.ts'
import { type DurationMs, type EpochMs, secondMs } from '../core/model/units.ts'
import type { Random } from '../ports/random.ts'

/** The first retry comes within this; each later one may take twice as long. */
const firstRetryMs = secondMs

/**
 * When a delivery is tried again after an attempt; undefined when there is nothing left to try: it is settled, or a ticket
 * that has been failing for `ticketDeliveryAgeMaxMs`. A page is never given up.
 */
export function nextAttemptAt(
  delivery: Pick<Delivery, 'attempt' | 'createdAt' | 'notification'>,
  outcome: Outcome,
  now: EpochMs,
  random: Random,
): EpochMs | undefined {
  if (outcome.kind === 'delivered' || outcome.kind === 'rejected') return undefined
  const isPage = delivery.notification.severity === 'page'
  if (!isPage && now - delivery.createdAt >= ticketDeliveryAgeMaxMs) return undefined
  if (outcome.kind === 'retry' && outcome.afterMs !== undefined) return now + asked(outcome.afterMs)
  // Nobody can tell whether it arrived: a page prefers a duplicate, a ticket prefers to wait.
  if (outcome.kind === 'ambiguous' && !isPage) return now + Math.round(ticketRetryMaxMs * (0.5 + random() / 2))
  return now + backoff(delivery.attempt, isPage ? pageRetryMaxMs : ticketRetryMaxMs, random)
}

/**
 * Exponential with full jitter: anywhere between nothing and a bound that doubles with each attempt up to `longestMs`. In whole
 * milliseconds, since a store keeps points in time as whole numbers and refuses others.
 */
export function backoff(attempt: number, longestMs: DurationMs, random: Random): DurationMs {
  const doublings = Math.min(attempt - 1, 30)
  return Math.round(random() * Math.min(longestMs, firstRetryMs * 2 ** doublings))
}

/** What a receiver asked for, within reason: never at once, so that `Retry-After: 0` makes no busy loop. */
function asked(afterMs: DurationMs): DurationMs {
  return Math.max(firstRetryMs, Math.min(afterMs, retryAfterMaxMs))
}
