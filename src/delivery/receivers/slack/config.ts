import type { ConfigReading } from '../../../core/model/config-reading.ts'
import { type Secret, type SecretSource, secretSourceSchema } from '../../../core/model/secret.ts'

/** Draft-07 schema of what stands under `slack:`. */
export const slackSchema = {
  description:
    'Posts to one Slack channel with a bot token that has the chat:write scope, and better also channels:history.',
  type: 'object',
  properties: {
    token: { ...secretSourceSchema, description: 'Bot token, xoxb-…' },
    channel: {
      type: 'string',
      minLength: 1,
      description:
        'Channel ID such as C0123456789, or #name. With an ID a message whose answer was lost can be found again.',
    },
    mention: {
      type: 'array',
      items: { type: 'string', pattern: '^(here|channel|everyone|[SUW][A-Z0-9]{5,20})$' },
      maxItems: 5,
      description: 'Who is mentioned when a page wakes: user or group IDs, here, channel.',
    },
    signingSecret: {
      ...secretSourceSchema,
      description: "The app's signing secret: messages then have an Acknowledge button. See docs/receivers.md.",
    },
    picture: {
      type: 'boolean',
      description:
        'Puts a picture of how it burned into the thread of each page; needs the files:write scope. Off unless given.',
    },
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
  readonly mention?: readonly string[]
  readonly signingSecret?: SecretSource
  readonly picture?: boolean
  readonly apiUrl?: string
}

/** A Slack receiver's settings, complete. */
export interface SlackConfig {
  readonly token: Secret
  readonly channel: string
  /** User and group IDs, and Slack's own words for many. */
  readonly mention: readonly string[]
  readonly signingSecret: Secret | undefined
  /** Whether pages have a picture in their thread. */
  readonly picture: boolean
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
  const { channel, mention = [], signingSecret, picture = false } = document
  return {
    token,
    channel,
    mention,
    signingSecret: signingSecret === undefined ? undefined : reading.secret(signingSecret, '/signingSecret'),
    picture,
    apiUrl,
  }
}
