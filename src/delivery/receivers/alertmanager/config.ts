import type { ConfigReading } from '../../../core/model/config-reading.ts'
import { type Secret, type SecretSource, secretSourceSchema } from '../../../core/model/secret.ts'
import { type DurationMs, minuteMs } from '../../../core/model/units.ts'
import { formatDuration, parseDuration } from '../../../core/time/duration.ts'

/** Draft-07 schema of what stands under `alertmanager:`. */
export const alertmanagerSchema = {
  description: 'Posts alerts to every replica of an Alertmanager, API v2, again and again while they fire.',
  type: 'object',
  properties: {
    urls: {
      type: 'array',
      items: { type: 'string', pattern: '^https?://[^/?#@]+(/[^?#]*)?$', maxLength: 200 },
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      description: 'Each replica by its own address, never a load balancer: http://am-0:9093',
    },
    resolveTimeout: {
      type: 'string',
      description:
        'Alertmanager takes an alert for resolved when it has not heard of it for so long; 15m unless given.',
    },
    username: { type: 'string', minLength: 1 },
    password: secretSourceSchema,
    token: { ...secretSourceSchema, description: 'Sent as Authorization: Bearer …' },
  },
  required: ['urls'],
  dependencies: { username: ['password'], password: ['username'] },
  additionalProperties: false,
} as const

/** What stands under `alertmanager:`, as checked by the schema. */
export interface AlertmanagerDocument {
  readonly urls: readonly string[]
  readonly resolveTimeout?: string
  readonly username?: string
  readonly password?: SecretSource
  readonly token?: SecretSource
}

/** An Alertmanager receiver's settings, complete. */
export interface AlertmanagerConfig {
  /** Where the replicas are, without a slash at the end. */
  readonly urls: readonly string[]
  readonly resolveTimeoutMs: DurationMs
  readonly login: { readonly username: string; readonly password: Secret } | undefined
  readonly token: Secret | undefined
}

/** Long enough that an evaluator may be restarted or moved: an end that nobody decided is worse than a late one. */
const resolveTimeoutUnlessGivenMs = 15 * minuteMs

/** Resolves the secrets of an Alertmanager receiver and reports addresses and durations that are none. */
export function alertmanagerConfig(document: AlertmanagerDocument, reading: ConfigReading): AlertmanagerConfig {
  const { username, password, token } = document
  for (const [index, url] of document.urls.entries()) {
    if (!URL.canParse(url)) reading.report(`/urls/${index}`, 'not a URL', 'for example http://am-0.example.com:9093')
  }
  if (username !== undefined && token !== undefined) {
    reading.report('/token', 'a token and a password are given', 'give one of them')
  }
  return {
    urls: document.urls.map((url) => url.replace(/\/+$/, '')),
    resolveTimeoutMs: resolveTimeoutOf(document.resolveTimeout, reading),
    login:
      username === undefined || password === undefined
        ? undefined
        : { username, password: reading.secret(password, '/password') },
    token: token === undefined ? undefined : reading.secret(token, '/token'),
  }
}

function resolveTimeoutOf(text: string | undefined, reading: ConfigReading): DurationMs {
  if (text === undefined) return resolveTimeoutUnlessGivenMs
  const duration = parseDuration(text)
  if (duration !== undefined && duration >= 5 * minuteMs && duration <= 24 * 60 * minuteMs) return duration
  const hint = `a duration from 5m to 1d, for example ${formatDuration(resolveTimeoutUnlessGivenMs)}`
  reading.report('/resolveTimeout', 'not a duration in range', hint)
  return resolveTimeoutUnlessGivenMs
}
