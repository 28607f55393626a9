import type { ChatPostMessageArguments } from '@slack/web-api'
import type { Delivery, Outcome } from '../../../core/model/delivery.ts'
import { secondMs } from '../../../core/model/units.ts'
import { type HttpClient, httpClient } from '../http-call.ts'
import type { ReceiverContext, ReceiverFactory } from '../receiver-factory.ts'
import { slackCallback } from './callback.ts'
import { type SlackAnswer, type SlackClient, slackClient } from './client.ts'
import type { SlackConfig } from './config.ts'
import { findPosted } from './find-posted.ts'
import { type SlackOptions, type SlackReference, slackPost, slackReply, slackUpdate } from './message.ts'
import { sharePicture } from './picture.ts'
import { parseReference, printReference, type StoredReference } from './stored-reference.ts'

/** Posts the open; whatever follows rewrites it in place, and says so in its thread where somebody is to be notified. */
export const slackReceiver: ReceiverFactory<SlackConfig> = (name, settings, context) => {
  const { clock, guard, words, externalUrl } = context
  const call = httpClient(guard)
  const { channel, mention, signingSecret } = settings
  const options: SlackOptions = { words, externalUrl, mention, isInteractive: signingSecret !== undefined }
  // History is read by ID alone; of a channel given by name it is known after the first message.
  const known = { channelId: /^[CG][A-Z0-9]{6,}$/.test(channel) ? channel : undefined }
  return {
    name,
    kind: 'slack',
    recipients: [''],
    takesUpdates: true,
    takesDigests: true,
    // What Slack allows in a channel; what it says to more of it costs a wait that is longer.
    pace: { burst: 1, everyMs: secondMs },
    ...(signingSecret === undefined ? {} : { callback: slackCallback(signingSecret) }),
    async send(delivery, signal) {
      const client = slackClient(settings, { call, signal, now: () => clock.now() })
      const attempt: Attempt = { client, delivery, channel, known, options }
      const reference = delivery.openReference === null ? undefined : parseReference(delivery.openReference)
      const outcome = await (reference === undefined ? postRoot(attempt) : followUp(attempt, reference))
      if (settings.picture) await illustrate(delivery, outcome, { name, settings, call, signal, context })
      return outcome
    },
  }
}

interface Attempt {
  readonly client: SlackClient
  readonly delivery: Delivery
  readonly channel: string
  readonly known: { channelId: string | undefined }
  readonly options: SlackOptions
}

function postRoot({ delivery, channel, options, ...attempt }: Attempt): Promise<Outcome> {
  return postOnce({ delivery, channel, options, ...attempt }, slackPost(delivery, channel, options), undefined)
}

function followUp(attempt: Attempt, reference: StoredReference): Promise<Outcome> {
  return reference.isDigest ? followDigest(attempt, reference) : revise(attempt, reference)
}

/**
 * What came out of an entry of a digest: a line in its thread that it is over or that somebody looks after it, a message of its own
 * when it is to wake somebody, and nothing of what only would have brought its message up to date.
 */
async function followDigest(attempt: Attempt, digest: SlackReference): Promise<Outcome> {
  const { delivery, options } = attempt
  const { status, change, wakes } = delivery.notification
  if (status === 'firing' && wakes) return await postRoot(attempt)
  if (status === 'firing' && change !== 'acknowledged') return { kind: 'delivered' }
  const reply = await postOnce(attempt, slackReply(delivery, digest, options), digest)
  // The line is nothing that a later one is to be found by.
  return reply.kind === 'delivered' ? { kind: 'delivered' } : reply
}

/**
 * Posts a message unless it is there already: an earlier attempt whose answer was lost may have made it. Where Slack will not say,
 * a page is rather posted twice and a ticket rather posted later.
 */
async function postOnce(
  { client, delivery, known }: Attempt,
  message: ChatPostMessageArguments,
  thread: SlackReference | undefined,
): Promise<Outcome> {
  const channelId = thread?.channel ?? known.channelId
  if (delivery.maybeSent && channelId !== undefined) {
    const found = await findPosted(client, delivery, channelId, thread)
    if (found.kind === 'there') return arrivedAt(channelId, found.ts, delivery)
    if (found.kind === 'unknown' && mayWait(delivery, found.answer.outcome)) return found.answer.outcome
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not the window's.
  const answer = await client((web) => web.chat.postMessage(message))
  if (answer.outcome.kind === 'delivered' && answer.result?.channel !== undefined)
    known.channelId = answer.result.channel
  return outcomeOf(answer, delivery)
}

/** A token that may not read the channel never will: waiting for that would lose the ticket. */
function mayWait({ notification }: Delivery, outcome: Outcome): boolean {
  return notification.severity === 'ticket' && outcome.kind !== 'rejected'
}

/**
 * The update comes first and can be repeated without harm, so an attempt that fails between the two calls is simply made again.
 * Once the open reads what it should, a reply that Slack will not take is no reason to give the delivery up.
 */
async function revise(attempt: Attempt, reference: StoredReference): Promise<Outcome> {
  const { client, delivery, options } = attempt
  const update = await client((web) => web.chat.update(slackUpdate(delivery, reference, options)))
  if (update.code === 'message_not_found') return await postRoot(attempt)
  const updated = outcomeOf(update, delivery)
  if (updated.kind !== 'delivered' && !uneditableCodes.has(update.code)) return updated
  // Nobody is notified of what only brings the message up to date.
  const { status, wakes } = delivery.notification
  if (status === 'firing' && !wakes && updated.kind === 'delivered') return updated
  const reply = await postOnce(attempt, slackReply(delivery, reference, options), reference)
  const isSettled = reply.kind === 'delivered' || reply.kind === 'rejected'
  if (isSettled && updated.kind === 'delivered') return updated
  // What comes later belongs into the same thread.
  return reply.kind === 'delivered' ? { ...reply, reference: printReference(reference) } : reply
}

interface Illustrating {
  readonly name: string
  readonly settings: SlackConfig
  readonly call: HttpClient
  readonly signal: AbortSignal
  readonly context: ReceiverContext
}

/** The words have arrived, and stay delivered whatever becomes of their picture. */
async function illustrate(
  { notification, maybeSent }: Delivery,
  outcome: Outcome,
  { name, settings, call, signal, context: { clock, meter } }: Illustrating,
): Promise<void> {
  if (notification.kind !== 'incident' || outcome.kind !== 'delivered' || outcome.reference === undefined) return
  const { status, wakes } = notification
  const thread = parseReference(outcome.reference)
  // What may have been told before may have its picture already; an update tells nobody.
  if (thread === undefined || maybeSent || (status === 'firing' && !wakes)) return
  const became = await sharePicture(notification, thread, { settings, call, signal, clock })
  if (became !== 'none') meter.count('sloburn_message_pictures_total', { receiver: name, outcome: became })
}

function outcomeOf(
  answer: SlackAnswer<{ readonly channel?: string; readonly ts?: string }>,
  delivery: Delivery,
): Outcome {
  if (answer.result === undefined) return answer.outcome
  const { channel, ts } = answer.result
  return channel === undefined || ts === undefined ? { kind: 'delivered' } : arrivedAt(channel, ts, delivery)
}

function arrivedAt(channel: string, ts: string, { notification }: Delivery): Outcome {
  const isDigest = notification.kind === 'digest'
  return { kind: 'delivered', reference: printReference({ channel, ts, isDigest }) }
}

/** The message is there and can be answered, but not changed. */
const uneditableCodes: ReadonlySet<string> = new Set(['cant_update_message', 'edit_window_closed', 'is_inactive'])
