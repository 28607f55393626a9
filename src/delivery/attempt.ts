import type { Delivery, Outcome } from '../core/model/delivery.ts'
import type { Log } from '../ports/log.ts'
import type { Receiver } from '../ports/receiver.ts'

/** One attempt. A receiver that throws has a bug; what it did is then unknown. */
export async function attempt(receiver: Receiver, delivery: Delivery, signal: AbortSignal, log: Log): Promise<Outcome> {
  try {
    return await receiver.send(delivery, signal)
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    log.error({ receiver: receiver.name, delivery: delivery.id, error: name, stack: framesOf(error) }, 'receiver threw')
    return { kind: 'ambiguous', reason: `the receiver failed with ${name}` }
  }
}

/** Where it happened, without the message: that may quote a URL or a token. */
function framesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
}
