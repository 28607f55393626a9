import type { Message } from '../../../core/model/notification.ts'

/** What messages say that this process wrote and that have not been claimed since: most are claimed within seconds. */
export interface FreshMessages {
  /** Must be what the store holds of that id, or is to hold when the transaction under way is committed. */
  put(id: string, message: Message): void
  /** Answers it once. */
  take(id: string): Message | undefined
}

/** More than come at once; the oldest are left to the store. */
const freshMessagesMax = 10_000

/** None yet. Messages are values that nobody changes, so that the one decided on and the one read again are the same. */
export function freshMessages(): FreshMessages {
  const messages = new Map<string, Message>()
  return {
    put(id, message) {
      messages.delete(id)
      messages.set(id, message)
      if (messages.size <= freshMessagesMax) return
      const [oldest] = messages.keys()
      if (oldest !== undefined) messages.delete(oldest)
    },
    take(id) {
      const message = messages.get(id)
      messages.delete(id)
      return message
    },
  }
}
