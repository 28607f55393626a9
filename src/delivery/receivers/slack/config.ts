import type { ConfigReading } from '../../../core/model/config-reading.ts'
import { type Secret, type SecretSource, secretSourceSchema } from '../../../core/model/secret.ts'

/** Draft-07 schema of what stands under `slack:`. */
export const slackSchema = {
  description: 'Posts to one Slack channel with a bot token that has the chat:write scope.',
  type: 'object',
  properties: {
    token: { ...secretSourceSchema, description: 'Bot token, xoxb-…' },
    channel: { type: 'string', minLength: 1, description: 'Channel ID such as C0123456789, or #name.' },
    apiUrl: {
      type: 'string',
      pattern: '^https?://',
      description: "Another Slack API address, for a proxy or GovSlack; Slack's own unless given.",
    },
  },
  required: ['token', 'channel'],
  additionalProperties: false,
} as const

/** What stands under `slack:`, as checked by the schema. */
export interface SlackDocument {
  readonly token: SecretSource
  readonly channel: string
  readonly apiUrl?: string
}

/** A Slack receiver's settings, complete. */
export interface SlackConfig {
  readonly token: Secret
  readonly channel: string
  readonly apiUrl: string
}

/** Resolves the token of a Slack receiver and reports an address that is none. */
export function slackConfig(document: SlackDocument, reading: ConfigReading): SlackConfig {
  const apiUrl = document.apiUrl ?? 'https://slack.com/api/'
  if (!URL.canParse(apiUrl)) reading.report('/apiUrl', 'not a URL', 'leave it out to use https://slack.com/api/')
  const token = reading.secret(document.token, '/token')
  if (!/^[\x21-\x7e]*$/.test(token.reveal())) {
    reading.report('/token', 'not a Slack token', 'a token is one word of ASCII characters that begins with xoxb-')
  }
  return { token, channel: document.channel, apiUrl }
}
