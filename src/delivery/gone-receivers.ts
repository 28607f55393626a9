import type { Delivery, Outcome } from '../core/model/delivery.ts'
import { outboxPollMs, receiverGoneGraceMs } from '../core/model/limits.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { PatientOutbox } from './patient-outbox.ts'
import type { WakeUp } from './wake-up.ts'

/** What giving up needs. */
export interface GoneReceiversWorld {
  readonly configured: ReadonlySet<string>
  readonly outbox: PatientOutbox
  readonly wake: WakeUp
  readonly stopping: AbortSignal
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
}

/**
 * Nobody delivers for a receiver that was taken out of the config before this process started: where it is and how to sign in there
 * went with its settings. What waits for it is said at once, kept for a while in case that was a mistake, and then given up like
 * any message that is refused: dead, with the reason. A page that goes this way is taken up by the fallback receiver.
 */
export async function giveUpGoneReceivers(world: GoneReceiversWorld): Promise<void> {
  const { configured, outbox, wake, stopping, clock, log, meter } = world
  const giveUpFrom = clock.now() + receiverGoneGraceMs
  const said = new Set<string>()
  while (!stopping.aborted) {
    const callsSeen = wake.calls()
    for (const [receiver, deliveries] of (await outbox.depths()) ?? []) {
      if (configured.has(receiver)) continue
      meter.set('sloburn_outbox_deliveries', { receiver }, deliveries)
      if (!said.has(receiver)) {
        const fields = { receiver, deliveries, giveUpFrom }
        log.error(fields, 'messages wait for a receiver that is not configured, and are given up unless it comes back')
      }
      said.add(receiver)
      if (clock.now() >= giveUpFrom) await giveUp(world, receiver)
    }
    const nextLook = clock.now() + outboxPollMs
    await wake.sleep(clock.now() < giveUpFrom ? Math.min(giveUpFrom, nextLook) : nextLook, callsSeen)
  }
}

async function giveUp({ outbox, stopping, clock, log, meter }: GoneReceiversWorld, receiver: string): Promise<void> {
  while (!stopping.aborted) {
    const delivery: Delivery | undefined = await outbox.claim(receiver, clock.now())
    if (delivery === undefined) break
    const reason = `the receiver "${receiver}" is not in the config any more`
    const outcome: Outcome = { kind: 'rejected', reason }
    await outbox.settle(delivery.id, delivery.attempt, outcome, clock.now(), undefined)
    meter.count('sloburn_delivery_attempts_total', { receiver, outcome: outcome.kind })
    const { key, status, severity } = delivery.notification
    log.error({ receiver, delivery: delivery.id, key, status, severity, reason }, 'delivery given up')
  }
  const left = (await outbox.depths())?.get(receiver) ?? 0
  meter.set('sloburn_outbox_deliveries', { receiver }, left)
}
