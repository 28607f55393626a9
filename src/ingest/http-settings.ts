import type { ConfigReading } from '../core/model/config-reading.ts'
import { type Secret, type SecretSource, secret, secretSourceSchema } from '../core/model/secret.ts'

/** Draft-07 schema of a name and a password. */
export const basicAuthSchema = {
  type: 'object',
  properties: {
    username: { type: 'string', minLength: 1, pattern: '^[^:]*$', description: 'Without a colon.' },
    password: secretSourceSchema,
  },
  required: ['username', 'password'],
  additionalProperties: false,
} as const

/** Draft-07 properties of whatever is asked over HTTP: who asks, and whom it trusts. Spread them into the protocol's own. */
export const httpProperties = {
  headers: {
    type: 'object',
    description: 'Further headers to send.',
    propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" },
    additionalProperties: secretSourceSchema,
  },
  bearerToken: { ...secretSourceSchema, description: 'Sent as Authorization: Bearer.' },
  basicAuth: { description: 'Sent as Authorization: Basic.', ...basicAuthSchema },
  tls: {
    description: 'For https addresses; each is a PEM text, best given as { file: PATH }.',
    type: 'object',
    properties: {
      ca: { ...secretSourceSchema, description: 'Certificates that are trusted instead of those of the system.' },
      cert: { ...secretSourceSchema, description: 'The certificate that is shown to the other side.' },
      key: { ...secretSourceSchema, description: 'Its key.' },
      serverName: { type: 'string', minLength: 1, description: 'The name that the other side must have.' },
      insecureSkipVerify: { type: 'boolean', description: 'Trusts anybody, who may then be anybody.' },
    },
    additionalProperties: false,
  },
} as const

/** What the properties hold, as checked by the schema. */
export interface HttpDocument {
  readonly headers?: Readonly<Record<string, SecretSource>>
  readonly bearerToken?: SecretSource
  readonly basicAuth?: { readonly username: string; readonly password: SecretSource }
  readonly tls?: TlsDocument
}

interface TlsDocument {
  readonly ca?: SecretSource
  readonly cert?: SecretSource
  readonly key?: SecretSource
  readonly serverName?: string
  readonly insecureSkipVerify?: boolean
}

/** Who asks over HTTP, and whom it trusts. */
export interface HttpSettings {
  /** All headers that say who asks, names in lower case. */
  readonly headers: ReadonlyMap<string, Secret>
  readonly tls: TlsSettings | undefined
}

/** PEM texts, and how far the other side is trusted. */
export interface TlsSettings {
  readonly ca: Secret | undefined
  readonly cert: Secret | undefined
  readonly key: Secret | undefined
  readonly serverName: string | undefined
  readonly insecureSkipVerify: boolean
}

/** Resolves the secrets, and reports what cannot be sent. */
export function httpSettings(document: HttpDocument, reading: ConfigReading): HttpSettings {
  const { headers = {}, bearerToken, basicAuth, tls } = document
  const all = new Map<string, Secret>()
  for (const [name, source] of Object.entries(headers)) {
    const value = reading.secret(source, `/headers/${name}`)
    if (!isHeaderValue(value.reveal())) {
      reading.report(`/headers/${name}`, 'not a header value', 'use one line of visible ASCII characters')
    }
    all.set(name.toLowerCase(), value)
  }
  if (bearerToken !== undefined) {
    const token = reading.secret(bearerToken, '/bearerToken')
    if (!isHeaderValue(token.reveal())) {
      reading.report('/bearerToken', 'not a header value', 'use one line of visible ASCII characters')
    }
    authorize(all, '/bearerToken', `Bearer ${token.reveal()}`, reading)
  }
  if (basicAuth !== undefined) {
    const password = reading.secret(basicAuth.password, '/basicAuth/password')
    const credentials = Buffer.from(`${basicAuth.username}:${password.reveal()}`).toString('base64')
    authorize(all, '/basicAuth', `Basic ${credentials}`, reading)
  }
  return { headers: all, tls: tls === undefined ? undefined : tlsSettings(tls, reading) }
}

/** Whether a text can stand in a header. */
export function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

function authorize(headers: Map<string, Secret>, path: string, value: string, reading: ConfigReading): void {
  if (headers.has('authorization')) {
    reading.report(path, 'there is an Authorization header already', 'keep one of the two')
  }
  headers.set('authorization', secret(value))
}

function tlsSettings(document: TlsDocument, reading: ConfigReading): TlsSettings {
  const { serverName, insecureSkipVerify = false } = document
  const pem = (name: 'ca' | 'cert' | 'key'): Secret | undefined => {
    const source = document[name]
    return source === undefined ? undefined : reading.secret(source, `/tls/${name}`)
  }
  const [ca, cert, key] = [pem('ca'), pem('cert'), pem('key')]
  if ((cert === undefined) !== (key === undefined)) {
    const missing = cert === undefined ? 'cert' : 'key'
    reading.report('/tls', `a certificate and its key belong together: "${missing}" is missing`, 'give both or neither')
  }
  return { ca, cert, key, serverName, insecureSkipVerify }
}
