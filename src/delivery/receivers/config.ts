import type { ConfigReading } from '../../core/model/config-reading.ts'
import { type EmailConfig, type EmailDocument, emailConfig, emailSchema } from './email/config.ts'
import { type SlackConfig, type SlackDocument, slackConfig, slackSchema } from './slack/config.ts'
import { type WebhookConfig, type WebhookDocument, webhookConfig, webhookSchema } from './webhook/config.ts'

/** Draft-07 schema of one entry of `receivers:`. */
export const receiverSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100, description: 'What routes call it.' },
    webhook: webhookSchema,
    slack: slackSchema,
    email: emailSchema,
  },
  required: ['name'],
  // A name and exactly one kind.
  minProperties: 2,
  maxProperties: 2,
  additionalProperties: false,
} as const

/** One entry of `receivers:`, as checked by the schema: exactly one kind is present. */
export interface ReceiverDocument {
  readonly name: string
  readonly webhook?: WebhookDocument
  readonly slack?: SlackDocument
  readonly email?: EmailDocument
}

/** One receiver, ready to be built. */
export type ReceiverConfig =
  | { readonly kind: 'webhook'; readonly name: string; readonly settings: WebhookConfig }
  | { readonly kind: 'slack'; readonly name: string; readonly settings: SlackConfig }
  | { readonly kind: 'email'; readonly name: string; readonly settings: EmailConfig }

/** Turns a checked entry into a receiver's config. Paths reported are inside the entry; throws when no kind is present. */
export function receiverConfig(document: ReceiverDocument, reading: ConfigReading): ReceiverConfig {
  const { name, webhook, slack, email } = document
  if (webhook !== undefined)
    return { kind: 'webhook', name, settings: webhookConfig(webhook, inside('webhook', reading)) }
  if (slack !== undefined) return { kind: 'slack', name, settings: slackConfig(slack, inside('slack', reading)) }
  if (email !== undefined) return { kind: 'email', name, settings: emailConfig(email, inside('email', reading)) }
  throw new Error(`receiver ${name} has no kind: check it against receiverSchema first`)
}

function inside(kind: string, reading: ConfigReading): ConfigReading {
  return {
    secret: (source, path) => reading.secret(source, `/${kind}${path}`),
    report: (path, message, hint) => reading.report(`/${kind}${path}`, message, hint),
  }
}
