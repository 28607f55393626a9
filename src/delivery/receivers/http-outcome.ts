import type { Outcome } from '../../core/model/delivery.ts'
import { type DurationMs, type EpochMs, secondMs } from '../../core/model/units.ts'

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

/** The wait that a Retry-After header asks for, in seconds or as a date; undefined when it says neither. */
export function retryAfter(header: string | null, now: EpochMs): DurationMs | undefined {
  if (header === null) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * secondMs
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** Errors that come before a byte of the request has left: nobody has the message. */
const unsentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'EPROTO',
])

/**
 * What a failed `fetch` says: an error before sending is tried again; anything else, an abort included, may have arrived. The
 * reason holds the error's code only, because messages quote addresses.
 */
export function fetchFailure(error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted) return { kind: 'ambiguous', reason: abortReason(signal) }
  const code = errorCode(error)
  if (unsentCodes.has(code)) return { kind: 'retry', reason: `no connection: ${code}` }
  return { kind: 'ambiguous', reason: `connection lost: ${code}` }
}

/** Why an attempt was aborted, in the words of who did it. */
export function abortReason(signal: AbortSignal): string {
  return signal.reason instanceof Error && signal.reason.name === 'Error' ? signal.reason.message : 'aborted'
}

/** The code of an error, or of what caused it. fetch gives `fetch failed` and keeps the truth in the cause. */
function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause === undefined ? error.name : errorCode(error.cause)
}
