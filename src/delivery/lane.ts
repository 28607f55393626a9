import type { Delivery, Outcome } from '../core/model/delivery.ts'
import { attemptTimeoutMs, outboxPollMs } from '../core/model/limits.ts'
import { type EpochMs, secondMs } from '../core/model/units.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { Random } from '../ports/random.ts'
import type { Receiver } from '../ports/receiver.ts'
import { attempt } from './attempt.ts'
import type { AttemptsUnderWay } from './attempts-under-way.ts'
import { nextAttemptAt } from './backoff.ts'
import type { DeliveredLines } from './delivered-lines.ts'
import type { Pace } from './pace.ts'
import type { PatientOutbox } from './patient-outbox.ts'
import type { WakeUp } from './wake-up.ts'

/** What a lane of one receiver works with; the lanes of a receiver share all of it. */
export interface Lane {
  readonly receiver: Receiver
  readonly outbox: PatientOutbox
  readonly wake: WakeUp
  /** The receiver asked to be left alone until then. */
  readonly pause: { until: EpochMs }
  /** How fast it may be told; undefined where that is not limited. */
  readonly pace: Pace | undefined
  readonly attempts: AttemptsUnderWay
  readonly stopping: AbortSignal
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly arrived: DeliveredLines
  readonly meter: Meter
}

/** Delivers one message after another until delivery stops: claim, attempt, settle. */
export async function runLane(lane: Lane): Promise<void> {
  const { wake } = lane
  let delivery: Delivery | undefined
  while (delivery !== undefined || !lane.stopping.aborted) {
    const callsSeen = wake.calls()
    delivery ??= await claim(lane)
    if (delivery === undefined) await idle(lane, callsSeen)
    else delivery = await deliver(lane, delivery)
  }
}

async function claim({ receiver, outbox, pause, pace, stopping, clock, meter }: Lane): Promise<Delivery | undefined> {
  const now = clock.now()
  if (now < pause.until || stopping.aborted || pace?.take(now) === false) return undefined
  const delivery = await outbox.claim(receiver.name, now)
  if (delivery === undefined) pace?.giveBack()
  else if (pace?.begin() === true) meter.count('sloburn_deliveries_paced_total', { receiver: receiver.name })
  return delivery
}

async function idle(lane: Lane, callsSeen: number): Promise<void> {
  const { receiver, outbox, wake, pause, pace, clock, meter, arrived } = lane
  arrived.rest()
  const dueAt = await outbox.nextDueAt(receiver.name)
  const depths = await outbox.depths()
  meter.set('sloburn_outbox_deliveries', { receiver: receiver.name }, depths?.get(receiver.name) ?? 0)
  const now = clock.now()
  const lookAgainAt = now + outboxPollMs
  const lookAt = Math.max(pause.until, Math.min(dueAt ?? lookAgainAt, lookAgainAt))
  await wake.sleep(lookAt <= now && pace !== undefined ? pace.hold(now) : lookAt, callsSeen)
}

/** Makes one attempt; answers the message that was claimed together with the record of it, where one is due. */
async function deliver(lane: Lane, delivery: Delivery): Promise<Delivery | undefined> {
  const { receiver, outbox, pause, clock, random, meter, attempts, log } = lane
  const startedAt = clock.now()
  const limitMs = receiver.attemptTimeoutMs ?? attemptTimeoutMs
  const outcome = await attempts.run(limitMs, (signal) => attempt(receiver, delivery, signal, log))
  const now = clock.now()
  const retryAt = nextAttemptAt(delivery, outcome, now, random)
  meter.count('sloburn_delivery_attempts_total', { receiver: receiver.name, outcome: outcome.kind })
  meter.observe('sloburn_delivery_duration_seconds', { receiver: receiver.name }, (now - startedAt) / secondMs)
  // Whoever answers with Retry-After means all of it, not this one message.
  if (outcome.kind === 'retry' && outcome.afterMs !== undefined) pause.until = retryAt ?? pause.until
  // Both are asked for at once: a store that groups what comes together waits for its disk once.
  const [, next] = await Promise.all([outbox.settle(delivery.id, delivery.attempt, outcome, now, retryAt), claim(lane)])
  report(lane, delivery, outcome, retryAt)
  return next
}

function report(
  { receiver, log, arrived }: Lane,
  delivery: Delivery,
  outcome: Outcome,
  retryAt: EpochMs | undefined,
): void {
  const { key, status, severity } = delivery.notification
  const about = {
    receiver: receiver.name,
    delivery: delivery.id,
    key,
    status,
    severity,
    attempt: delivery.attempt,
  }
  if (outcome.kind === 'delivered') arrived.say(about)
  else if (retryAt === undefined) log.error({ ...about, reason: outcome.reason }, 'delivery given up')
  else log.warn({ ...about, outcome: outcome.kind, reason: outcome.reason, retryAt }, 'delivery will be tried again')
}
