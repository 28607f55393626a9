import type { NewDelivery } from '../model/delivery.ts'
import { entriesPerDigestMax } from '../model/limits.ts'
import type { DigestMessage, Notification } from '../model/notification.ts'
import type { EpochMs } from '../model/units.ts'
import { addressKey } from './route.ts'
import type { Routing } from './routing.ts'

/**
 * The messages told when business hours begin: several for one address become one digest, where its receiver takes those, which
 * carries them. The end of what is over by then stands in the digest and is not told once more.
 */
export function bundled(
  deliveries: readonly NewDelivery[],
  { traitsOf, digest }: Pick<Routing, 'traitsOf' | 'digest'>,
  now: EpochMs,
): readonly NewDelivery[] {
  return [...Map.groupBy(deliveries, addressKey).values()].flatMap((ofAddress) => {
    const opens = ofAddress.filter(({ notification }) => notification.status === 'firing')
    if (opens.length < 2 || !traitsOf(ofAddress[0].receiver).takesDigests) return ofAddress
    const ends = new Map(ofAddress.filter((one) => !opens.includes(one)).map((one) => [placeOf(one), one.notification]))
    return chunks(opens, entriesPerDigestMax).flatMap((part, index) => {
      const entries = part.map((one) => ends.get(placeOf(one)) ?? one.notification).filter(isIncident)
      return [...part, carrier(part, entries, index, digest, now)]
    })
  })
}

function carrier(
  carried: readonly NewDelivery[],
  entries: readonly Notification[],
  index: number,
  digest: Routing['digest'],
  now: EpochMs,
): NewDelivery {
  const [{ receiver, recipient }] = carried
  const carries = carried.map(({ id }) => id)
  const key = `digest/${index + 1}`
  const notification: DigestMessage = {
    kind: 'digest',
    status: 'firing',
    change: 'opened',
    wakes: true,
    key,
    revision: 1,
    severity: 'ticket',
    at: now,
    entries: [...entries].sort((a, b) => a.firedAt - b.firedAt),
  }
  return { id: digest(JSON.stringify(['digest', carries])), receiver, recipient, episode: now, notification, carries }
}

function placeOf({ episode, notification }: NewDelivery): string {
  return JSON.stringify([notification.key, episode])
}

function isIncident(message: NewDelivery['notification']): message is Notification {
  return message.kind === 'incident'
}

function chunks<Item>(items: readonly Item[], lengthMax: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / lengthMax) }, (_, index) => {
    return items.slice(index * lengthMax, (index + 1) * lengthMax)
  })
}
