import type { TestContext } from 'node:test'
import type { Delivery, NewDelivery, Outcome } from '../../src/core/model/delivery.ts'
import type { DurationMs, EpochMs } from '../../src/core/model/units.ts'
import { type RunningDelivery, startDelivery } from '../../src/delivery/outbox-worker.ts'
import type { Random } from '../../src/ports/random.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import type { Outbox, Store } from '../../src/ports/store.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aTick, firedAt } from './delivery-messages.ts'
import { recordingLog, recordingMeter } from './delivery-recorders.ts'
import { VirtualClock } from './virtual-clock.ts'

/** What a scripted receiver does with a message. */
export type Script = (delivery: Delivery, signal: AbortSignal) => Outcome | Promise<Outcome>

/** A receiver that does as it is told and remembers what it was sent, and when. */
export interface ScriptedReceiver extends Receiver {
  readonly sent: readonly { readonly delivery: Delivery; readonly at: EpochMs }[]
}

export const delivered: Outcome = { kind: 'delivered' }
export const failed: Outcome = { kind: 'retry', reason: 'HTTP 503' }

/** Never answers, not even to an abort. */
export const hang: Script = () => new Promise(() => {})

/** Does what the list says, one entry per message, and then goes on delivering. */
export function inTurn(...steps: readonly (Outcome | Script)[]): Script {
  const rest = [...steps]
  return (delivery, signal) => {
    const step = rest.shift() ?? delivered
    return typeof step === 'function' ? step(delivery, signal) : step
  }
}

/** A store, a clock and a delivery worker that can be started on them. */
export function deliveryWorld(t: TestContext, store: Store = openSqliteStore(':memory:')) {
  const clock = new VirtualClock(firedAt)
  const log = recordingLog()
  const meter = recordingMeter()
  const running: RunningDelivery[] = []
  t.after(async () => {
    const stopped = running.map((delivery) => delivery.stop(0))
    await clock.advance(10_000)
    await Promise.all(stopped)
    await store.close()
  })

  return {
    store,
    clock,
    log,
    meter,
    receiver(name: string, script: Script, attemptTimeoutMs?: DurationMs): ScriptedReceiver {
      const sent: { delivery: Delivery; at: EpochMs }[] = []
      return {
        name,
        kind: 'scripted',
        recipients: [''],
        ...(attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs }),
        sent,
        async send(delivery, signal) {
          sent.push({ delivery, at: clock.now() - firedAt })
          return await script(delivery, signal)
        },
      }
    },
    start(
      receivers: readonly Receiver[],
      { random = () => 0.5, outbox = store.outbox }: { random?: Random; outbox?: Outbox } = {},
    ) {
      const delivery = startDelivery({ store: { outbox }, receivers, clock, random, log, meter })
      running.push(delivery)
      return delivery
    },
    commit: (...deliveries: readonly NewDelivery[]) => store.commit(aTick({ deliveries, at: clock.now() })),
    async statuses(): Promise<readonly string[]> {
      const records = await store.outbox.list({ limit: 1_000 })
      return records.map(({ key, messageStatus, status }) => `${key} ${messageStatus} ${status}`).reverse()
    },
  }
}

/** Answers once the attempt is aborted, with why. */
export async function untilAborted(signal: AbortSignal): Promise<{ kind: 'ambiguous'; reason: string }> {
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve())
  })
  return { kind: 'ambiguous', reason: `aborted: ${signal.reason instanceof Error ? signal.reason.message : ''}` }
}

/** The keys of what a receiver was sent, in order. */
export function keysSentTo({ sent }: ScriptedReceiver): readonly string[] {
  return sent.map(({ delivery }) => delivery.notification.key)
}
