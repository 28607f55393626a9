import { Ajv } from 'ajv'

/** Block Kit as far as we use it, with Slack's published limits. https://docs.slack.dev/reference/block-kit */
const plainText = (maxLength: number): object => ({
  type: 'object',
  properties: {
    type: { const: 'plain_text' },
    text: { type: 'string', minLength: 1, maxLength },
    emoji: { type: 'boolean' },
  },
  required: ['type', 'text'],
  additionalProperties: false,
})
const mrkdwn = (maxLength: number): object => ({
  type: 'object',
  properties: {
    type: { const: 'mrkdwn' },
    text: { type: 'string', minLength: 1, maxLength },
    verbatim: { type: 'boolean' },
  },
  required: ['type', 'text'],
  additionalProperties: false,
})
const text = (maxLength: number): object => ({ oneOf: [plainText(maxLength), mrkdwn(maxLength)] })
const block = (type: string, properties: object, required: readonly string[]): object => ({
  type: 'object',
  properties: { type: { const: type }, block_id: { type: 'string', maxLength: 255 }, ...properties },
  required: ['type', ...required],
  additionalProperties: false,
})
const button = {
  type: 'object',
  properties: {
    type: { const: 'button' },
    action_id: { type: 'string', maxLength: 255 },
    text: plainText(75),
    url: { type: 'string', pattern: '^https?://', maxLength: 3_000 },
    style: { enum: ['primary', 'danger'] },
    value: { type: 'string', minLength: 1, maxLength: 2_000 },
  },
  required: ['type', 'text'],
  additionalProperties: false,
}
const blocks = {
  type: 'array',
  maxItems: 50,
  items: {
    oneOf: [
      block('header', { text: plainText(150) }, ['text']),
      block(
        'section',
        { text: text(3_000), fields: { type: 'array', minItems: 1, maxItems: 10, items: text(2_000) } },
        [],
      ),
      block('actions', { elements: { type: 'array', minItems: 1, maxItems: 25, items: button } }, ['elements']),
      block('context', { elements: { type: 'array', minItems: 1, maxItems: 10, items: text(2_000) } }, ['elements']),
    ],
  },
}
const metadata = {
  type: 'object',
  properties: { event_type: { type: 'string', minLength: 1 }, event_payload: { type: 'object' } },
  required: ['event_type', 'event_payload'],
  additionalProperties: false,
}

const ajv = new Ajv({ allErrors: true })
const validBlocks = ajv.compile(blocks)
const validMetadata = ajv.compile(metadata)

/** These change nothing. */
const readingMethods: ReadonlySet<string> = new Set(['conversations.history', 'conversations.replies'])

/** Who may be mentioned: what the config names, and never what a label says. */
const mentions = /<!subteam\^S0ONCALL>|<!here>/g

/** What Slack would refuse or misread in the arguments of a call. */
export function slackViolations(method: string, fields: URLSearchParams): readonly string[] {
  const found: string[] = []
  if (readingMethods.has(method)) return fields.get('channel')?.startsWith('C') === true ? [] : ['no channel ID']
  if (!['chat.postMessage', 'chat.update'].includes(method)) found.push(`unknown method ${method}`)
  if (fields.get('channel') === null) found.push('no channel')
  if (method === 'chat.update' && fields.get('ts') === null) found.push('no ts')
  if (fields.get('link_names') !== 'false' || fields.get('parse') !== 'none') found.push('names may be linked')
  const words = fields.get('text') ?? ''
  if (words === '' || words.length > 4_000) found.push(`text of ${words.length} characters`)
  if (fields.has('blocks') && !validBlocks(parsed(fields.get('blocks')))) found.push(ajv.errorsText(validBlocks.errors))
  if (!validMetadata(parsed(fields.get('metadata')))) found.push(ajv.errorsText(validMetadata.errors))
  for (const formatted of [words, ...formattedTexts(parsed(fields.get('blocks')))]) {
    if (/[<>]|&(?!amp;|lt;|gt;)/.test(formatted.replace(mentions, ''))) found.push(`control characters in ${formatted}`)
    if (!formatted.isWellFormed()) found.push(`half a character in ${formatted}`)
  }
  return found
}

function parsed(json: string | null): unknown {
  return json === null ? undefined : JSON.parse(json)
}

/** Every text in which Slack reads formatting. */
function formattedTexts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(formattedTexts)
  if (typeof value !== 'object' || value === null) return []
  if ('type' in value && value.type === 'mrkdwn' && 'text' in value) return [String(value.text)]
  return Object.values(value).flatMap(formattedTexts)
}
