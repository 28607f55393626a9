import type { ConfigReading } from '../../../core/model/config-reading.ts'
import { type Secret, type SecretSource, secretSourceSchema } from '../../../core/model/secret.ts'

/** Draft-07 schema of what stands under `webhook:`. */
export const webhookSchema = {
  description: 'Posts the Alertmanager webhook payload, version 4.',
  type: 'object',
  properties: {
    url: {
      ...secretSourceSchema,
      description: 'http or https; user and password in it become an Authorization header.',
    },
    secret: { ...secretSourceSchema, description: 'Key of the HMAC-SHA256 signature in X-Sloburn-Signature.' },
    headers: {
      type: 'object',
      description: 'Further headers to send, such as Authorization.',
      propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" },
      additionalProperties: secretSourceSchema,
    },
  },
  required: ['url'],
  additionalProperties: false,
} as const

/** What stands under `webhook:`, as checked by the schema. */
export interface WebhookDocument {
  readonly url: SecretSource
  readonly secret?: SecretSource
  readonly headers?: Readonly<Record<string, SecretSource>>
}

/** A webhook receiver's settings, complete. */
export interface WebhookConfig {
  /** Secret as a whole: many services put the credential into the path. */
  readonly url: Secret
  readonly signingKey: Secret | undefined
  readonly headers: ReadonlyMap<string, Secret>
}

/** Resolves the secrets of a webhook and reports a URL that cannot be posted to. */
export function webhookConfig(document: WebhookDocument, reading: ConfigReading): WebhookConfig {
  const url = reading.secret(document.url, '/url')
  if (!isWebUrl(url.reveal()))
    reading.report('/url', 'not an http or https URL', 'use e.g. https://hooks.example.com/sloburn')
  const headers = Object.entries(document.headers ?? {}).map(([name, source]) => {
    if (headersOfConnection.has(name.toLowerCase())) {
      reading.report(
        `/headers/${name}`,
        'a header of the connection',
        'leave it out: it is sent as the connection needs it',
      )
    }
    const value = reading.secret(source, `/headers/${name}`)
    if (!isHeaderValue(value.reveal())) {
      reading.report(`/headers/${name}`, 'not a header value', 'use one line of visible ASCII characters')
    }
    return [name, value] as const
  })
  return {
    url,
    signingKey: document.secret === undefined ? undefined : reading.secret(document.secret, '/secret'),
    headers: new Map(headers),
  }
}

/** What the client says of itself, of its connection, and to a proxy. */
const headersOfConnection: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'transfer-encoding',
  'upgrade',
])

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && isDecodable(username) && isDecodable(password)
}

function isDecodable(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text)
}

function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}
