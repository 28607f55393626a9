import type { ConfigReading } from '../../../core/model/config-reading.ts'
import { type Secret, type SecretSource, secretSourceSchema } from '../../../core/model/secret.ts'

/** Draft-07 schema of what stands under `pagerduty:`. */
export const pagerdutySchema = {
  description: 'Triggers, acknowledges and resolves PagerDuty incidents through the Events API v2.',
  type: 'object',
  properties: {
    routingKey: { ...secretSourceSchema, description: 'Integration key of an Events API v2 integration.' },
    url: {
      type: 'string',
      pattern: '^https?://',
      description:
        'https://events.pagerduty.com/v2/enqueue unless given; accounts in the EU have events.eu.pagerduty.com.',
    },
    webhookSecret: {
      ...secretSourceSchema,
      description: 'Secret of a V3 webhook subscription: who acknowledges in PagerDuty then acknowledges here.',
    },
  },
  required: ['routingKey'],
  additionalProperties: false,
} as const

/** What stands under `pagerduty:`, as checked by the schema. */
export interface PagerdutyDocument {
  readonly routingKey: SecretSource
  readonly url?: string
  readonly webhookSecret?: SecretSource
}

/** A PagerDuty receiver's settings, complete. */
export interface PagerdutyConfig {
  readonly routingKey: Secret
  readonly url: string
  readonly webhookSecret: Secret | undefined
}

/** Resolves the secrets of a PagerDuty receiver and reports a key or an address that cannot be one. */
export function pagerdutyConfig(document: PagerdutyDocument, reading: ConfigReading): PagerdutyConfig {
  const url = document.url ?? 'https://events.pagerduty.com/v2/enqueue'
  if (!URL.canParse(url))
    reading.report('/url', 'not a URL', 'leave it out to use https://events.pagerduty.com/v2/enqueue')
  const routingKey = reading.secret(document.routingKey, '/routingKey')
  if (!/^[\x21-\x7e]*$/.test(routingKey.reveal())) {
    reading.report('/routingKey', 'not an integration key', 'it is one word of 32 letters and digits')
  }
  const { webhookSecret } = document
  return {
    routingKey,
    url,
    webhookSecret: webhookSecret === undefined ? undefined : reading.secret(webhookSecret, '/webhookSecret'),
  }
}
