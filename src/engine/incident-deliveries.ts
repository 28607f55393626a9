import type { NewDelivery } from '../core/model/delivery.ts'
import type { Incident } from '../core/model/incident.ts'
import type { Notification } from '../core/model/notification.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Outgoing, Plan } from '../core/paging/plan.ts'
import { type ComposeWorld, composeNotification } from './compose-notification.ts'

/** The messages of a plan, in words. The incident remembers the last of them, for the time when its SLO is gone. */
export function deliveriesOf(
  world: ComposeWorld,
  { incident, outgoing }: Plan,
  digest: (text: string) => string,
  now: EpochMs,
): { readonly incident: Incident; readonly deliveries: readonly NewDelivery[] } {
  const composed = new Map<string, Notification | undefined>()
  const wordsFor = ({ change, wakes }: Outgoing): Notification | undefined => {
    const name = `${change} ${wakes}`
    if (!composed.has(name)) composed.set(name, composeNotification(world, incident, { change, wakes, now }))
    return composed.get(name)
  }
  const deliveries = outgoing.flatMap((one) => {
    const notification = wordsFor(one)
    if (notification === undefined) return []
    const { receiver, recipient } = one
    const id = digest(JSON.stringify([incident.id, incident.revision, receiver, recipient]))
    return [{ id, receiver, recipient, episode: incident.openedAt, notification }]
  })
  const words = [...composed.values()].findLast((one) => one !== undefined)
  if (words === undefined) return { incident, deliveries }
  // A picture of what was before is of no use later.
  const { history: _, ...remembered } = words
  return { incident: { ...incident, words: remembered }, deliveries }
}
