import type { Delivery } from '../../../core/model/delivery.ts'
import { minuteMs, secondMs } from '../../../core/model/units.ts'
import { memberOf, textAt } from '../signed-callback.ts'
import type { SlackAnswer, SlackClient } from './client.ts'
import type { SlackReference } from './message.ts'

/** Whether a message of which nobody knows that it arrived is there. */
export type Found =
  | { readonly kind: 'there'; readonly ts: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly answer: Extract<SlackAnswer<never>, { readonly result: undefined }> }

/** Messages looked at, the newest first: a channel that has more since the attempt has other worries. */
const messagesLookedAt = 50

/**
 * Looks for a delivery among the channel's messages since it was made, or in the thread of its open: Slack knows no key by which it
 * would de-duplicate, but it keeps the metadata that every message of ours carries.
 */
export async function findPosted(
  client: SlackClient,
  { id, createdAt }: Delivery,
  channel: string,
  thread: SlackReference | undefined,
): Promise<Found> {
  // The clocks of two machines are not the same.
  const oldest = String((createdAt - minuteMs) / secondMs)
  const query = { channel, oldest, include_all_metadata: true, limit: messagesLookedAt }
  const answer = await client(async (web) =>
    thread === undefined
      ? (await web.conversations.history(query)).messages
      : (await web.conversations.replies({ ...query, channel: thread.channel, ts: thread.ts })).messages,
  )
  if (answer.outcome.kind !== 'delivered') {
    return { kind: 'unknown', answer: { outcome: answer.outcome, code: answer.code, result: undefined } }
  }
  const messages: readonly unknown[] = answer.result ?? []
  const ours = messages.find(
    (message) => textAt(message, 'metadata', 'event_payload', 'delivery_id') === id && isPlace(message, thread),
  )
  return ours === undefined ? { kind: 'absent' } : { kind: 'there', ts: textAt(ours, 'ts') }
}

/** The open carries the metadata of what rewrote it last: in its thread only answers count. */
function isPlace(message: unknown, thread: SlackReference | undefined): boolean {
  return thread === undefined ? textAt(message, 'ts') !== '' : memberOf(message, 'ts') !== thread.ts
}
