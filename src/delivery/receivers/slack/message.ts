import type { ChatPostMessageArguments, ChatUpdateArguments } from '@slack/web-api'
import type { Delivery } from '../../../core/model/delivery.ts'
import { truncate } from '../../plain-text.ts'
import { type Fact, type Link, wordingOf } from '../../wording.ts'

/** Slack refuses the whole message when one text is longer, so we cut first. Lengths in characters. */
const lengthMax = { header: 150, section: 3_000, field: 2_000, context: 2_000, preview: 120, metadata: 255 } as const

/** Where a message of ours stands. */
export interface SlackReference {
  /** The channel's ID: chat.update takes no name. */
  readonly channel: string
  readonly ts: string
}

/** A message on its own: the open, or a resolve whose open cannot be found. */
export function slackPost(delivery: Delivery, channel: string): ChatPostMessageArguments {
  return {
    channel,
    text: previewOf(delivery),
    blocks: blocksOf(delivery),
    metadata: metadataOf(delivery),
    ...nothingAutomatic,
    unfurl_links: false,
    unfurl_media: false,
  }
}

/** The open, rewritten in its place. Nobody is notified of that: `slackReply` does. */
export function slackUpdate(delivery: Delivery, { channel, ts }: SlackReference): ChatUpdateArguments {
  return {
    channel,
    ts,
    text: previewOf(delivery),
    blocks: blocksOf(delivery),
    metadata: metadataOf(delivery),
    ...nothingAutomatic,
  }
}

/** The change in one line, in the thread of the open. */
export function slackReply(delivery: Delivery, { channel, ts }: SlackReference): ChatPostMessageArguments {
  return {
    channel,
    thread_ts: ts,
    text: previewOf(delivery),
    metadata: metadataOf(delivery),
    ...nothingAutomatic,
    unfurl_links: false,
    unfurl_media: false,
  }
}

/** No name, channel or address in a label may become a mention or a link. */
const nothingAutomatic = { parse: 'none', link_names: false } as const

function previewOf({ notification }: Delivery): string {
  return inert(truncate(wordingOf(notification).preview, lengthMax.preview), lengthMax.section)
}

function blocksOf({ notification }: Delivery) {
  const { title, verdict, description, facts, links, footer } = wordingOf(notification)
  return [
    { type: 'header', text: plain(title, lengthMax.header) },
    { type: 'section', text: mrkdwn(`*${inert(verdict.failing, 1_000)}* — ${inert(verdict.allowed, 1_000)}`) },
    ...(description === '' ? [] : [{ type: 'section', text: plain(description, lengthMax.section) }]),
    { type: 'section', fields: facts.map(field) },
    ...(links.length === 0 ? [] : [{ type: 'actions', elements: links.map(button) }]),
    { type: 'context', elements: [plain(footer, lengthMax.context)] },
  ]
}

/** Nothing in it is read as formatting, mention or emoji: the place for what others wrote. */
function plain(text: string, charactersMax: number) {
  return { type: 'plain_text', text: truncate(text, charactersMax), emoji: false } as const
}

function mrkdwn(text: string) {
  return { type: 'mrkdwn', text, verbatim: true } as const
}

function field({ name, text }: Fact) {
  const heading = `*${name}*\n`
  return mrkdwn(`${heading}${inert(text, lengthMax.field - heading.length)}`)
}

function button({ name, url }: Link) {
  const style = name === 'Runbook' ? { style: 'primary' as const } : {}
  return { type: 'button', action_id: name.toLowerCase(), text: plain(name, 75), url, ...style } as const
}

/** What a later reader of the channel needs to recognize this message as ours. */
function metadataOf({ id, episode, notification: { key, status } }: Delivery) {
  return {
    event_type: 'sloburn_alert',
    event_payload: { delivery_id: id, alert_key: truncate(key, lengthMax.metadata), episode, status },
  }
}

/**
 * Text for a place where Slack reads formatting, at most `charactersMax` after escaping and never cut inside an escape. `&`, `<`
 * and `>` are escaped, which disarms mentions and links; a word joiner keeps `*`, `_`, `~` and backticks from formatting.
 */
function inert(text: string, charactersMax: number): string {
  let escaped = ''
  for (const character of text.replace(/`|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])/g, '\u2060$&')) {
    const next = entities[character] ?? character
    if (escaped.length + next.length >= charactersMax) return `${escaped}…`
    escaped += next
  }
  return escaped
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
