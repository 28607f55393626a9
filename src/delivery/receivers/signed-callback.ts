import { createHmac, timingSafeEqual } from 'node:crypto'
import { callbackAgeMaxMs, callbacksRememberedMax } from '../../core/model/limits.ts'
import type { Secret } from '../../core/model/secret.ts'
import type { EpochMs } from '../../core/model/units.ts'

/** Whether one of the signatures is the HMAC-SHA256 of the text, in hexadecimal; takes as long when none is. */
export function isSigned(text: string | Uint8Array, signatures: readonly string[], key: Secret): boolean {
  const expected = createHmac('sha256', key.reveal()).update(text).digest()
  let found = false
  for (const signature of signatures) {
    const given = Buffer.from(/^[0-9a-f]{64}$/i.test(signature) ? signature : '', 'hex')
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = true
  }
  return found
}

/** Whether a signed time is near enough to now for its message to be believed, in either direction. */
export function isFresh(at: EpochMs, now: EpochMs): boolean {
  return Math.abs(now - at) <= callbackAgeMaxMs
}

/** Remembers what came in, for as long as it would pass as fresh, so that nobody sends it again. */
export interface SeenCallbacks {
  /** Whether it is the first of that id. */
  isNew(id: string, now: EpochMs): boolean
}

/** A memory of bounded size: when it is full the oldest are forgotten first. */
export function seenCallbacks(): SeenCallbacks {
  const seen = new Map<string, EpochMs>()
  return {
    isNew(id, now) {
      for (const [known, at] of seen) {
        // Twice the age: a message from the near future stays fresh that much longer.
        if (seen.size <= callbacksRememberedMax && now - at <= 2 * callbackAgeMaxMs) break
        seen.delete(known)
      }
      if (seen.has(id)) return false
      seen.set(id, now)
      return true
    },
  }
}

/** One header's value; several become none, because they contradict each other. */
export function headerText(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : ''
}

/** A member of a parsed JSON value, own properties only; undefined where there is none. */
export function memberOf(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    return Object.getOwnPropertyDescriptor(at, name)?.value
  }, value)
}

/** A text inside a parsed JSON value; empty where there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = memberOf(value, ...path)
  return typeof found === 'string' ? found : ''
}

/** A parsed JSON text; undefined when it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
