import { withEvents } from '../incidents/turning.ts'
import type { Incident } from '../model/incident.ts'
import type { MessageChange } from '../model/notification.ts'
import type { EpochMs } from '../model/units.ts'
import { type Plan, toldNote, withTold } from './plan.ts'
import { dueSteps } from './reminders.ts'
import { addressesOf } from './route.ts'
import type { Routing } from './routing.ts'

/** Further receivers are told of a page that nobody has taken; undefined when it is not time for that. */
export function handOn(incident: Incident, routing: Routing, now: EpochMs): Plan | undefined {
  const { handedTo } = incident.telling
  const named = dueSteps(incident, routing, now).flatMap(({ receivers }) => receivers)
  const receivers = [...new Set(named)].filter((receiver) => !handedTo.includes(receiver))
  if (receivers.length === 0) return undefined
  // Nobody answered where it arrived: that those who are told now have it is still to be seen.
  const telling = { ...incident.telling, handedTo: [...handedTo, ...receivers], proven: false }
  return tellFurther({ ...incident, telling }, receivers, 'handed-on', routing, now)
}

/** The fallback receiver is told of a page that did not get where it should; undefined where there is none, or was told. */
export function fallBack(incident: Incident, routing: Routing, now: EpochMs): Plan | undefined {
  if (routing.fallback === undefined || incident.telling.fellBack) return undefined
  const telling = { ...incident.telling, fellBack: true }
  return tellFurther({ ...incident, telling }, [routing.fallback.receiver], 'fell-back', routing, now)
}

function tellFurther(
  incident: Incident,
  receivers: readonly string[],
  change: MessageChange,
  routing: Routing,
  now: EpochMs,
): Plan {
  const addresses = addressesOf(receivers, routing.recipientsOf)
  const told = withTold(incident.telling.told, addresses, incident.severity)
  const revised = { ...incident, revision: incident.revision + 1, telling: { ...incident.telling, told } }
  const outgoing = addresses.map((address) => ({ ...address, change, wakes: true }))
  return { ...withEvents(revised, [toldNote(change, addresses)], now), outgoing, suppressed: [] }
}
