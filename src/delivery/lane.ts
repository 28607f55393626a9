import type { Delivery, Outcome } from '../core/model/delivery.ts'
import { outboxPollMs } from '../core/model/limits.ts'
import { type EpochMs, secondMs } from '../core/model/units.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { Random } from '../ports/random.ts'
import type { Receiver } from '../ports/receiver.ts'
import { attempt } from './attempt.ts'
import { nextAttemptAt } from './backoff.ts'
import type { PatientOutbox } from './patient-outbox.ts'
import type { WakeUp } from './wake-up.ts'

/** What a lane of one receiver works with; the lanes of a receiver share all of it. */
export interface Lane {
  readonly receiver: Receiver
  readonly outbox: PatientOutbox
  readonly wake: WakeUp
  /** The receiver asked to be left alone until then. */
  readonly pause: { until: EpochMs }
  readonly underWay: Set<AbortController>
  readonly stopping: AbortSignal
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly meter: Meter
}

/** Delivers one message after another until delivery stops: claim, attempt, settle. */
export async function runLane(lane: Lane): Promise<void> {
  const { receiver, outbox, wake, clock } = lane
  while (!lane.stopping.aborted) {
    const callsSeen = wake.calls()
    const now = clock.now()
    const delivery = now < lane.pause.until ? undefined : await outbox.claim(receiver.name, now)
    if (delivery === undefined) await idle(lane, callsSeen)
    else await deliver(lane, delivery)
  }
}

async function idle({ receiver, outbox, wake, pause, clock, meter }: Lane, callsSeen: number): Promise<void> {
  const dueAt = await outbox.nextDueAt(receiver.name)
  const depths = await outbox.depths()
  meter.set('sloburn_outbox_deliveries', { receiver: receiver.name }, depths?.get(receiver.name) ?? 0)
  const lookAgainAt = clock.now() + outboxPollMs
  await wake.sleep(Math.max(pause.until, Math.min(dueAt ?? lookAgainAt, lookAgainAt)), callsSeen)
}

async function deliver(lane: Lane, delivery: Delivery): Promise<void> {
  const { receiver, outbox, pause, clock, random, meter } = lane
  const startedAt = clock.now()
  const outcome = await underControl(lane, delivery)
  const now = clock.now()
  const retryAt = nextAttemptAt(delivery, outcome, now, random)
  meter.count('sloburn_delivery_attempts_total', { receiver: receiver.name, outcome: outcome.kind })
  meter.observe('sloburn_delivery_duration_seconds', { receiver: receiver.name }, (now - startedAt) / secondMs)
  // Whoever answers with Retry-After means all of it, not this one message.
  if (outcome.kind === 'retry' && outcome.afterMs !== undefined) pause.until = retryAt ?? pause.until
  await outbox.settle(delivery.id, delivery.attempt, outcome, now, retryAt)
  report(lane, delivery, outcome, retryAt)
}

async function underControl({ receiver, underWay, clock, log }: Lane, delivery: Delivery): Promise<Outcome> {
  const control = new AbortController()
  underWay.add(control)
  try {
    return await attempt(receiver, delivery, control, { clock, log })
  } finally {
    underWay.delete(control)
  }
}

function report({ receiver, log }: Lane, delivery: Delivery, outcome: Outcome, retryAt: EpochMs | undefined): void {
  const { key, status, severity } = delivery.notification
  const about = {
    receiver: receiver.name,
    delivery: delivery.id,
    key,
    status,
    severity,
    attempt: delivery.attempt,
  }
  if (outcome.kind === 'delivered') log.info(about, 'delivered')
  else if (retryAt === undefined) log.error({ ...about, reason: outcome.reason }, 'delivery given up')
  else log.warn({ ...about, outcome: outcome.kind, reason: outcome.reason, retryAt }, 'delivery will be tried again')
}
