import type { Delivery, Outcome } from '../core/model/delivery.ts'
import { attemptAbortGraceMs, attemptTimeoutMs } from '../core/model/limits.ts'
import { formatDuration } from '../core/time/duration.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Receiver } from '../ports/receiver.ts'

/** One for all: an error with a stack for every attempt that ends well would be dear. */
const isOver = new Error('the attempt is over')

/**
 * One attempt, which ends in time whatever the receiver does: at its time limit, or when the caller aborts, the receiver is
 * told to stop, and one that does not is left behind. A receiver that throws has a bug; what it did is then unknown.
 */
export async function attempt(
  receiver: Receiver,
  delivery: Delivery,
  control: AbortController,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<Outcome> {
  const over = new AbortController()
  try {
    return await Promise.race([
      send(receiver, delivery, control.signal, log),
      leftBehind(receiver, control, over, clock),
    ])
  } finally {
    over.abort(isOver)
  }
}

async function send(receiver: Receiver, delivery: Delivery, signal: AbortSignal, log: Log): Promise<Outcome> {
  try {
    return await receiver.send(delivery, signal)
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    log.error({ receiver: receiver.name, delivery: delivery.id, error: name, stack: framesOf(error) }, 'receiver threw')
    return { kind: 'ambiguous', reason: `the receiver failed with ${name}` }
  }
}

async function leftBehind(
  receiver: Receiver,
  control: AbortController,
  over: AbortController,
  clock: Clock,
): Promise<Outcome> {
  const limitMs = receiver.attemptTimeoutMs ?? attemptTimeoutMs
  await Promise.race([clock.sleepUntil(clock.now() + limitMs, over.signal), aborted(control.signal)])
  control.abort(new Error(`no answer within ${formatDuration(limitMs)}`))
  await clock.sleepUntil(clock.now() + attemptAbortGraceMs, over.signal)
  return { kind: 'ambiguous', reason: `no answer within ${formatDuration(limitMs)}` }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Where it happened, without the message: that may quote a URL or a token. */
function framesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
}
