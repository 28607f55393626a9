import type { Acknowledgement, Incident, IncidentEvent } from '../model/incident.ts'
import { withEvents } from './turning.ts'

/** An incident that somebody looks after from now on; undefined where it is over already. */
export function acknowledge(
  incident: Incident,
  acknowledgement: Acknowledgement,
): { readonly incident: Incident; readonly events: readonly IncidentEvent[] } | undefined {
  if (incident.phase.kind === 'closed') return undefined
  const { by, note, until, at } = acknowledgement
  const words = note === '' ? '' : `: ${note}`
  const reason = `by ${by} until ${new Date(until).toISOString()}${words}`
  return withEvents({ ...incident, acknowledgement }, [{ kind: 'acknowledged', about: null, reason }], at)
}
