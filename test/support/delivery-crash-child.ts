import { systemClock } from '../../src/app/system-clock.ts'
import type { Notification } from '../../src/core/model/notification.ts'
import { secret } from '../../src/core/model/secret.ts'
import { startDelivery } from '../../src/delivery/outbox-worker.ts'
import { webhookReceiver } from '../../src/delivery/receivers/webhook/send.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import type { Outbox } from '../../src/ports/store.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { receiverContext } from './delivery-context.ts'
import { aNewDelivery, aNotification, anEpisode, aResolve, aTick } from './delivery-messages.ts'

// Decides, stores and delivers an open and then its resolve, as the engine does, and dies at the point named on the command
// line. Run again on the same store it makes the same decisions again, as the engine does with what was not committed.
const [path, url, crashPoint] = process.argv.slice(2)

const store = openSqliteStore(path)
let current = ''
let settled = Promise.withResolvers<void>()

const receiver: Receiver = webhookReceiver(
  'oncall',
  { url: secret(url), signingKey: undefined, headers: new Map() },
  { ...receiverContext, clock: systemClock, externalUrl: '' },
)
const delivery = startDelivery({
  store: { outbox: mortal(store.outbox) },
  receivers: [receiver],
  clock: systemClock,
  random: () => 0,
  log: silentLog,
  meter: silentMeter,
})

await tell(aNotification())
await tell(aResolve())
await delivery.stop()
await store.close()

async function tell(notification: Notification): Promise<void> {
  current = notification.status
  settled = Promise.withResolvers<void>()
  dieAt('before commit')
  const { resolvedAt } = notification
  await store.commit(aTick({ deliveries: [aNewDelivery(notification)], episodes: [anEpisode({ resolvedAt })] }))
  dieAt('after commit')
  delivery.notify()
  const delivered = await store.outbox.list({ limit: 10, status: 'delivered' })
  if (!delivered.some(({ messageStatus }) => messageStatus === current)) await settled.promise
}

/** The outbox, in a process that dies before or after its operations. */
function mortal(outbox: Outbox): Outbox {
  return {
    ...outbox,
    async claim(name, now) {
      dieAt('before claim')
      const claimed = await outbox.claim(name, now)
      if (claimed !== undefined) dieAt('after claim')
      return claimed
    },
    async settle(id, attempt, outcome, at, retryAt) {
      dieAt('before settle')
      await outbox.settle(id, attempt, outcome, at, retryAt)
      dieAt('after settle')
      if (outcome.kind === 'delivered') settled.resolve()
    },
  }
}

/** Points are named by the message that is under way: `firing after claim`. */
function dieAt(point: string): void {
  if (`${current} ${point}` === crashPoint) process.kill(process.pid, 'SIGKILL')
}
