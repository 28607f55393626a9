import type { ConfigReading } from '../../../core/model/config-reading.ts'
import { type Secret, type SecretSource, secretSourceSchema } from '../../../core/model/secret.ts'

/** No white space, no line break, no angle bracket, no list: an address that cannot become two headers or recipients. */
const addressPattern = '^[^\\s<>(),;:"\\\\@]+@[^\\s<>(),;:"\\\\@]+$'
const address = { type: 'string', pattern: addressPattern, maxLength: 254 } as const

/** Draft-07 schema of what stands under `email:`. */
export const emailSchema = {
  description: 'Sends mail over SMTP, one message per recipient.',
  type: 'object',
  properties: {
    host: { type: 'string', minLength: 1 },
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: '465 with tls: implicit, else 587.' },
    tls: {
      enum: ['starttls', 'implicit', 'none'],
      description: 'starttls (required, the default), implicit (TLS from the first byte) or none.',
    },
    username: { type: 'string', minLength: 1 },
    password: secretSourceSchema,
    from: address,
    to: { type: 'array', items: address, minItems: 1, uniqueItems: true },
  },
  required: ['host', 'from', 'to'],
  dependencies: { username: ['password'], password: ['username'] },
  additionalProperties: false,
} as const

/** What stands under `email:`, as checked by the schema. */
export interface EmailDocument {
  readonly host: string
  readonly port?: number
  readonly tls?: 'starttls' | 'implicit' | 'none'
  readonly username?: string
  readonly password?: SecretSource
  readonly from: string
  readonly to: readonly string[]
}

/** An email receiver's settings, complete. */
export interface EmailConfig {
  readonly host: string
  readonly port: number
  readonly tls: 'starttls' | 'implicit' | 'none'
  readonly login: { readonly username: string; readonly password: Secret } | undefined
  readonly from: string
  readonly to: readonly string[]
}

/** Fills in the port and reports a password that would cross a network in the clear. */
export function emailConfig(document: EmailDocument, reading: ConfigReading): EmailConfig {
  const { host, username, password, from, to } = document
  const tls = document.tls ?? (document.port === 465 ? 'implicit' : 'starttls')
  const login =
    username === undefined || password === undefined
      ? undefined
      : { username, password: reading.secret(password, '/password') }
  if (login !== undefined && tls === 'none' && !loopbackHosts.has(host)) {
    reading.report('/tls', 'the password would be sent unencrypted', 'use tls: starttls or tls: implicit')
  }
  return { host, port: document.port ?? (tls === 'implicit' ? 465 : 587), tls, login, from, to }
}

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1'])
