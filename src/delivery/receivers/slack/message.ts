import type { ChatPostMessageArguments, ChatUpdateArguments } from '@slack/web-api'
import type { Delivery } from '../../../core/model/delivery.ts'
import type { Message, MessageChange } from '../../../core/model/notification.ts'
import { truncate } from '../../plain-text.ts'
import { incidentPage } from '../incident-page.ts'
import type { ReceiverContext } from '../receiver-factory.ts'
import { slackBlocks } from './blocks.ts'
import type { SlackConfig } from './config.ts'
import { inert } from './inert.ts'

/** Lengths in characters: what a push notification shows, and what metadata takes. */
const lengthMax = { preview: 120, escaped: 3_000, metadata: 255 } as const

/** Where a message of ours stands. */
export interface SlackReference {
  /** The channel's ID: chat.update takes no name. */
  readonly channel: string
  readonly ts: string
}

/** What messages need beside their delivery. */
export interface SlackOptions extends Pick<ReceiverContext, 'words' | 'externalUrl'>, Pick<SlackConfig, 'mention'> {
  readonly isInteractive: boolean
}

/** A message on its own: the open, or a resolve whose open cannot be found. */
export function slackPost(delivery: Delivery, channel: string, options: SlackOptions): ChatPostMessageArguments {
  return { channel, ...contentOf(delivery, options), ...nothingAutomatic, unfurl_links: false, unfurl_media: false }
}

/** The open, rewritten in its place. Nobody is notified of that: `slackReply` does. */
export function slackUpdate(
  delivery: Delivery,
  { channel, ts }: SlackReference,
  options: SlackOptions,
): ChatUpdateArguments {
  return { channel, ts, ...contentOf(delivery, options), ...nothingAutomatic }
}

/**
 * The change in one line, in the thread of the open. A page that is to wake somebody is shown in the channel as well: a thread
 * notifies only those who follow it.
 */
export function slackReply(
  delivery: Delivery,
  { channel, ts }: SlackReference,
  options: SlackOptions,
): ChatPostMessageArguments {
  const { notification } = delivery
  const mentions = mentionsOf(notification, options)
  const preview = `${changeWords[notification.change] ?? ''}${previewOf(notification, options)}`
  const reply = {
    channel,
    thread_ts: ts,
    text: mentions === '' ? preview : `${mentions} ${preview}`,
    metadata: metadataOf(delivery),
    ...nothingAutomatic,
    unfurl_links: false,
    unfurl_media: false,
  }
  return isWakingPage(notification) ? { ...reply, reply_broadcast: true } : reply
}

/** Why the channel hears of it again; an opening and an end speak for themselves. */
const changeWords: Readonly<Partial<Record<MessageChange, string>>> = {
  escalated: 'It got worse: ',
  worsened: 'It burns anew: ',
  unsilenced: 'No longer kept quiet: ',
  repeated: 'Nobody looks after it: ',
  'handed-on': 'Handed on, nobody acknowledged it: ',
  'fell-back': 'It could not be delivered elsewhere: ',
  acknowledged: 'Acknowledged: ',
}

/** No name, channel or address in a label may become a mention or a link. */
const nothingAutomatic = { parse: 'none', link_names: false } as const

function contentOf(delivery: Delivery, options: SlackOptions) {
  const { notification } = delivery
  const { isInteractive, externalUrl } = options
  const wording = options.words(notification)
  const links = [...wording.links, ...incidentPage(notification, externalUrl)]
  return {
    text: previewOf(notification, options),
    blocks: slackBlocks(
      notification,
      { ...wording, links },
      { mentions: mentionsOf(notification, options), isInteractive },
    ),
    metadata: metadataOf(delivery),
  }
}

function previewOf(message: Message, { words }: SlackOptions): string {
  return inert(truncate(words(message).preview, lengthMax.preview), lengthMax.escaped)
}

/** People are mentioned where a page wakes them, and nowhere else. */
function mentionsOf(message: Message, { mention }: SlackOptions): string {
  return isWakingPage(message) ? mention.map(mentionText).join(' ') : ''
}

function isWakingPage({ wakes, severity, status }: Message): boolean {
  return wakes && severity === 'page' && status === 'firing'
}

function mentionText(who: string): string {
  if (/^S[A-Z0-9]/.test(who)) return `<!subteam^${who}>`
  return /^[UW][A-Z0-9]/.test(who) ? `<@${who}>` : `<!${who}>`
}

/** What a later reader of the channel needs to recognize this message as ours. */
function metadataOf({ id, episode, notification: { key, status } }: Delivery) {
  return {
    event_type: 'sloburn_alert',
    event_payload: { delivery_id: id, alert_key: truncate(key, lengthMax.metadata), episode, status },
  }
}
