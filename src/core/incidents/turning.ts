import type { Annotation } from '../model/annotation.ts'
import type { Incident, IncidentEvent, IncidentEventKind } from '../model/incident.ts'
import type { EpochMs } from '../model/units.ts'
import type { Quiet } from './hush.ts'
import type { IncidentPolicy } from './incident-policy.ts'

/** What an incident is judged by at one moment. */
export interface TurnWorld {
  readonly now: EpochMs
  readonly policy: IncidentPolicy
  readonly quiet: Quiet
  readonly annotations: readonly Annotation[]
}

/** One incident between two moments, as the stages find it. */
export interface Turning {
  /** As it stood after the last turn; undefined when it opens now. */
  readonly before: Incident | undefined
  incident: Incident
  readonly notes: Note[]
}

/** A decision before it has its number. */
export interface Note {
  readonly kind: IncidentEventKind
  readonly about: string | null
  readonly reason: string
}

/** The incident with decisions numbered and dated. */
export function withEvents(
  incident: Incident,
  notes: readonly Note[],
  at: EpochMs,
): { readonly incident: Incident; readonly events: readonly IncidentEvent[] } {
  if (notes.length === 0) return { incident, events: [] }
  const events = notes.map((note, index) => {
    return { incidentId: incident.id, sequence: incident.eventCount + index + 1, at, ...note }
  })
  return { incident: { ...incident, eventCount: incident.eventCount + notes.length }, events }
}
