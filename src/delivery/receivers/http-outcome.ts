import type { Outcome } from '../../core/model/delivery.ts'
import { type DurationMs, type EpochMs, secondMs } from '../../core/model/units.ts'
import { forbiddenAddressCode } from '../guard.ts'
import { HttpCallError } from './http-call.ts'

/** Refused for now, by the receiver itself: it does not have the message. */
const retryStatuses: ReadonlySet<number> = new Set([408, 425, 429])

/** Answers of a gateway that lost sight of the receiver behind it: that one may have the message. */
const ambiguousStatuses: ReadonlySet<number> = new Set([502, 504, 520, 524])

/**
 * What an HTTP status says of a message: 2xx took it, 3xx would send it (and our secrets) elsewhere and is refused, 408, 425,
 * 429 and 5xx ask for another attempt, and every other 4xx is a mistake that no repetition mends.
 */
export function httpOutcome(status: number, retryAfterMs: DurationMs | undefined): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' }
  const reason = `HTTP ${status}`
  if (status >= 300 && status < 400) return { kind: 'rejected', reason: `${reason}: redirects are not followed` }
  if (ambiguousStatuses.has(status)) return { kind: 'ambiguous', reason }
  if (status < 500 && !retryStatuses.has(status)) return { kind: 'rejected', reason }
  return retryAfterMs === undefined ? { kind: 'retry', reason } : { kind: 'retry', reason, afterMs: retryAfterMs }
}

/** The wait that a Retry-After header asks for, in seconds or as a date; undefined when it says neither. Of several the first holds. */
export function retryAfter(headers: string | readonly string[] | undefined, now: EpochMs): DurationMs | undefined {
  const header = typeof headers === 'string' ? headers : headers?.[0]
  if (header === undefined) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * secondMs
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/**
 * What a request without an answer says: where no connection came about nobody has the message; anything else, an abort included,
 * may have arrived. The reason holds the error's code only, because messages quote addresses.
 */
export function callFailure(error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted) return { kind: 'ambiguous', reason: abortReason(signal) }
  if (!(error instanceof HttpCallError)) return { kind: 'ambiguous', reason: `connection lost: ${nameOf(error)}` }
  const { code, maybeSent } = error
  if (code === forbiddenAddressCode) return { kind: 'retry', reason: forbiddenReason }
  return maybeSent
    ? { kind: 'ambiguous', reason: `connection lost: ${code}` }
    : { kind: 'retry', reason: `no connection: ${code}` }
}

/** DNS may answer otherwise in a minute, and the config can be mended: it is tried again, and the fallback is told meanwhile. */
export const forbiddenReason = 'refused: an internal address that delivery.allowInternal does not list'

/** Why an attempt was aborted, in the words of who did it. */
export function abortReason(signal: AbortSignal): string {
  return signal.reason instanceof Error && signal.reason.name === 'Error' ? signal.reason.message : 'aborted'
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error'
}
