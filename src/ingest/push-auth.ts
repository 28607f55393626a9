import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ConfigReading } from '../core/model/config-reading.ts'
import { type Secret, type SecretSource, secretSourceSchema } from '../core/model/secret.ts'
import { basicAuthSchema } from './http-settings.ts'

/** Draft-07 properties of a source that senders push to: who may send. Spread them into the protocol's own. */
export const pushAuthProperties = {
  bearerToken: { ...secretSourceSchema, description: 'Senders must show it: Authorization: Bearer TOKEN.' },
  basicAuth: {
    description: 'Senders must show this name and password: Authorization: Basic.',
    ...basicAuthSchema,
  },
} as const

/** What the properties hold, as checked by the schema. */
export interface PushAuthDocument {
  readonly bearerToken?: SecretSource
  readonly basicAuth?: { readonly username: string; readonly password: SecretSource }
}

/**
 * Who may send to a source. Not the secret is kept but a keyed digest of the whole Authorization value, which is worth
 * nothing outside this process; a changed secret shows as a changed digest.
 */
export type PushAuth =
  | { readonly kind: 'open' }
  | { readonly kind: 'bearer'; readonly digest: string }
  | { readonly kind: 'basic'; readonly digest: string }

/** Anybody may send. */
export const openToAll: PushAuth = { kind: 'open' }

/** Resolves the secrets, and reports what cannot be asked of a sender. */
export function pushAuth({ bearerToken, basicAuth }: PushAuthDocument, reading: ConfigReading): PushAuth {
  if (bearerToken !== undefined && basicAuth !== undefined) {
    reading.report('/basicAuth', 'a sender cannot show a token and a password at once', 'keep one of the two')
  }
  if (bearerToken !== undefined) {
    const token = reading.secret(bearerToken, '/bearerToken')
    reportUnsendable(token, '/bearerToken', reading)
    return { kind: 'bearer', digest: digestOf(token.reveal()).toString('base64') }
  }
  if (basicAuth === undefined) return openToAll
  const password = reading.secret(basicAuth.password, '/basicAuth/password')
  const credentials = Buffer.from(`${basicAuth.username}:${password.reveal()}`).toString('base64')
  return { kind: 'basic', digest: digestOf(credentials).toString('base64') }
}

/** Makes the check of one source: whether an Authorization header, as it came, lets its sender in. */
export function pushGuard(auth: PushAuth): (authorization: string | readonly string[] | undefined) => boolean {
  if (auth.kind === 'open') return () => true
  const wanted = Buffer.from(auth.digest, 'base64')
  const scheme = new RegExp(`^${auth.kind} +(\\S+) *$`, 'i')
  return (authorization) => {
    const shown = typeof authorization === 'string' ? scheme.exec(authorization)?.[1] : undefined
    return shown !== undefined && timingSafeEqual(digestOf(shown), wanted)
  }
}

/** The WWW-Authenticate header of a 401: how a sender may show who it is. */
export function challenge(auth: PushAuth): string {
  return auth.kind === 'basic' ? 'Basic realm="sloburn", charset="UTF-8"' : 'Bearer realm="sloburn"'
}

/** Of equal length whatever was shown, and keyed anew in every process: comparing two of them tells no secret. */
function digestOf(shown: string): Buffer {
  return createHmac('sha256', digestKey).update(shown).digest()
}

const digestKey = randomBytes(32)

/** A token stands in a header; a secret that could not be read was reported already. */
function reportUnsendable(token: Secret, path: string, reading: ConfigReading): void {
  if (/^[\x21-\x7e]*$/.test(token.reveal())) return
  reading.report(path, 'not a token that a header can hold', 'use visible ASCII characters without spaces')
}
