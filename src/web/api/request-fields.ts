import { commentLengthMax } from '../../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../../core/model/units.ts'
import { parseDuration } from '../../core/time/duration.ts'
import { parseTime } from '../../core/time/parse-time.ts'

/** Something wrong with a request, in words for who sent it. */
export class RequestProblem extends Error {}

/** The fields of a JSON body. Throws a RequestProblem when it is no object or has a key that is not known. */
export function fieldsOf(body: Uint8Array, known: readonly string[]): ReadonlyMap<string, unknown> {
  const value = parsed(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestProblem('the body must be a JSON object')
  }
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown === undefined) return new Map(Object.entries(value))
  throw new RequestProblem(`there is no key ${JSON.stringify(unknown)}; known: ${known.join(', ')}`)
}

/** A text that must be there, trimmed and not too long. */
export function textField(fields: ReadonlyMap<string, unknown>, name: string): string {
  const text = optionalText(fields, name)
  if (text === null) throw new RequestProblem(`${name} is missing`)
  return text
}

/** A text, or null where it is missing or empty. */
export function optionalText(fields: ReadonlyMap<string, unknown>, name: string): string | null {
  const value = fields.get(name)
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') throw new RequestProblem(`${name} must be text`)
  const text = value.trim()
  if (text.length > commentLengthMax) throw new RequestProblem(`${name} is longer than ${commentLengthMax} characters`)
  return text === '' ? null : text
}

/** A point in time, as Unix seconds or RFC 3339; undefined where it is missing. */
export function optionalTime(fields: ReadonlyMap<string, unknown>, name: string): EpochMs | undefined {
  const value = fields.get(name)
  if (value === undefined || value === null) return undefined
  const at =
    typeof value === 'number' ? Math.round(value * 1_000) : typeof value === 'string' ? parseTime(value) : undefined
  if (at !== undefined && Number.isFinite(at)) return at
  throw new RequestProblem(`${name} must be Unix seconds or RFC 3339, such as 2026-10-01T00:00:00Z`)
}

/** A Prometheus duration above zero; undefined where it is missing. */
export function optionalDuration(fields: ReadonlyMap<string, unknown>, name: string): DurationMs | undefined {
  const value = fields.get(name)
  if (value === undefined || value === null) return undefined
  const duration = typeof value === 'string' ? parseDuration(value) : undefined
  if (duration !== undefined && duration > 0) return duration
  throw new RequestProblem(`${name} must be a duration, such as 2h`)
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    throw new RequestProblem('the body is not JSON')
  }
}
