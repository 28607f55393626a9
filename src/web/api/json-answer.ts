import type { EpochMs } from '../../core/model/units.ts'
import type { HttpAnswer } from '../../ports/http-route.ts'

const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }

/** What was asked for, in the envelope that Prometheus uses. */
export function dataAnswer(data: unknown, status = 200): HttpAnswer {
  return { status, headers, body: `${JSON.stringify({ status: 'success', data })}\n` }
}

/** Why there is no answer; `details` stand beside the reason. */
export function errorAnswer(
  status: number,
  error: string,
  details: Readonly<Record<string, unknown>> = {},
): HttpAnswer {
  return { status, headers, body: `${JSON.stringify({ status: 'error', error, ...details })}\n` }
}

/** Unix seconds, as the API gives all times; null stays null. */
export function unixSeconds(at: EpochMs | null): number | null {
  return at === null ? null : at / 1_000
}
