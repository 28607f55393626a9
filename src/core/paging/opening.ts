import { audibleAlerts } from '../incidents/audible.ts'
import { withEvents } from '../incidents/turning.ts'
import type { Address } from '../model/alert.ts'
import type { Incident } from '../model/incident.ts'
import type { EpochMs } from '../model/units.ts'
import { type Plan, toldNote, withTold } from './plan.ts'

/**
 * Business hours begin for an incident that waited for them: those who wait hear of it now. One that is over by now is told as
 * well, with its end behind it; one that is silenced waits for the end of that instead.
 */
export function tellAtOpening(incident: Incident, now: EpochMs): readonly Plan[] {
  const { waiting, told, severity } = incident.telling
  if (waiting === null || waiting.until > now) return []
  const quiet = { ...incident.telling, waiting: null, severity: told.length === 0 ? null : severity }
  const isOver = incident.phase.kind === 'closed'
  if (!isOver && audibleAlerts(incident).length === 0 && incident.phase.kind === 'open') {
    return [{ incident: { ...incident, telling: quiet }, events: [], outgoing: [], suppressed: [] }]
  }
  const telling = {
    ...incident.telling,
    waiting: null,
    told: withTold(told, waiting.addresses, incident.severity),
    wokeAt: now,
  }
  const opened = message({ ...incident, telling }, waiting.addresses, 'opened', now)
  return isOver ? [opened, message(opened.incident, waiting.addresses, 'resolved', now)] : [opened]
}

function message(incident: Incident, addresses: readonly Address[], change: 'opened' | 'resolved', now: EpochMs): Plan {
  const outgoing = addresses.map(({ receiver, recipient }) => {
    return { receiver, recipient, change, wakes: change === 'opened' }
  })
  const revised = { ...incident, revision: incident.revision + 1 }
  return { ...withEvents(revised, [toldNote(change, addresses)], now), outgoing, suppressed: [] }
}
