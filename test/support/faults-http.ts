import type { TestContext } from 'node:test'
import { systemClock } from '../../src/app/system-clock.ts'
import type { NewDelivery } from '../../src/core/model/delivery.ts'
import { secret } from '../../src/core/model/secret.ts'
import { targetGuard } from '../../src/delivery/guard.ts'
import { startDelivery } from '../../src/delivery/outbox-worker.ts'
import { buildReceiver, type ReceiverWorld } from '../../src/delivery/receivers/registry.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import type { Outbox } from '../../src/ports/store.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aNewDelivery, aTick } from './delivery-messages.ts'
import { recordingLog, recordingMeter } from './delivery-recorders.ts'

/** What receivers are built in, in real time. */
export const receiverWorld: ReceiverWorld = {
  clock: systemClock,
  log: silentLog,
  meter: silentMeter,
  externalUrl: 'http://127.0.0.1',
  guard: targetGuard([]),
}

/** A webhook receiver as the engine builds it, with attempts that may take only so long. */
export function aWebhook(url: string, attemptTimeoutMs = 400, name = 'oncall'): Receiver {
  const settings = { url: secret(url), signingKey: undefined, headers: new Map() }
  return { ...buildReceiver({ name, kind: 'webhook', text: undefined, settings }, receiverWorld), attemptTimeoutMs }
}

/** Delivery in real time over real sockets, without pauses between attempts but those that a receiver asks for. */
export async function realDelivery(t: TestContext, ...receivers: readonly Receiver[]) {
  const store = openSqliteStore(':memory:')
  const log = recordingLog()
  const meter = recordingMeter()
  const settled = new Map<string, string>()
  const waiting = new Set<() => void>()
  const outbox: Outbox = {
    ...store.outbox,
    async settle(id, attempt, result, at, retryAt) {
      await store.outbox.settle(id, attempt, result, at, retryAt)
      if (retryAt === undefined) settled.set(id, result.kind)
      for (const look of waiting) look()
    },
  }
  const delivery = startDelivery({ store: { outbox }, receivers, clock: systemClock, random: () => 0, log, meter })
  t.after(async () => {
    await delivery.stop(0)
    await store.close()
  })
  async function outcome({ id }: NewDelivery): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>()
    const look = () => {
      const kind = settled.get(id)
      if (kind !== undefined) resolve(kind)
    }
    waiting.add(look)
    look()
    return await promise
  }
  return {
    store,
    delivery,
    log,
    /** Commits one message and resolves with what became of it in the end. */
    tell: async (message: NewDelivery = aNewDelivery()): Promise<string> => {
      await store.commit(aTick({ deliveries: [message], at: Date.now() }))
      delivery.notify()
      return await outcome(message)
    },
    outcome,
  }
}
