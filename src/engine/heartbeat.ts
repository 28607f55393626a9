import type { NewDelivery } from '../core/model/delivery.ts'
import type { HeartbeatMessage } from '../core/model/notification.ts'
import type { EpochMs } from '../core/model/units.ts'
import { addressesOf } from '../core/paging/route.ts'
import type { Routing } from '../core/paging/routing.ts'

/** Decides when a sign of life is due, and says it through the same outbox as every page. */
export class Heartbeat {
  #lastAt: EpochMs = Number.NEGATIVE_INFINITY

  dueAt({ heartbeat }: Routing): EpochMs {
    return heartbeat === undefined ? Number.POSITIVE_INFINITY : this.#lastAt + heartbeat.everyMs
  }

  /** The messages that are due; none while it is not time. */
  deliveries({ heartbeat, recipientsOf, digest }: Routing, now: EpochMs): readonly NewDelivery[] {
    if (heartbeat === undefined || now < this.#lastAt + heartbeat.everyMs) return []
    return addressesOf([heartbeat.receiver], recipientsOf).map(({ receiver, recipient }) => {
      const notification: HeartbeatMessage = {
        kind: 'heartbeat',
        status: 'firing',
        change: 'repeated',
        wakes: false,
        key: `heartbeat/${receiver}`,
        // What waits is replaced by what is newer: an hour without a connection leaves one heartbeat, not sixty.
        revision: now,
        severity: 'ticket',
        at: now,
        nextBy: now + heartbeat.everyMs,
      }
      const id = digest(JSON.stringify(['heartbeat', receiver, recipient, now]))
      return { id, receiver, recipient, episode: 0, notification }
    })
  }

  /** What was due has been stored. */
  stored(deliveries: readonly NewDelivery[]): void {
    for (const { notification } of deliveries) {
      if (notification.kind === 'heartbeat') this.#lastAt = Math.max(this.#lastAt, notification.at)
    }
  }
}
