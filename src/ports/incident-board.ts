import type { Annotation } from '../core/model/annotation.ts'
import type { Incident } from '../core/model/incident.ts'
import type { Matcher } from '../core/model/selector.ts'
import type { Silence } from '../core/model/silence.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { IncidentQuery, IncidentTimeline } from './store.ts'

/** Incidents and what keeps them quiet, for people and programs that look at them and act on them. */
export interface IncidentBoard {
  incidents(query: IncidentQuery): Promise<readonly Incident[]>
  /** undefined when there is none of that id. */
  timeline(id: string): Promise<IncidentTimeline | undefined>
  /** Somebody looks after an incident for a while; undefined when there is none of that id that is not over. */
  acknowledge(id: string, wanted: NewAcknowledgement): Promise<Incident | undefined>
  /** Those that have not ended, or all that are remembered; the newest first. */
  silences(all: boolean): readonly Silence[]
  /** The silence as it is in force, or why it cannot be. */
  silence(wanted: NewSilence): Promise<Silence | string>
  /** Ends a silence now; false when none of that id is left to end. */
  endSilence(id: string, by: string): Promise<boolean>
  /** The newest first. */
  annotations(limit: number): readonly Annotation[]
  /** The annotation as it was taken, or why it was not. */
  annotate(wanted: NewAnnotation): Promise<Annotation | string>
  /** Takes an annotation back, from what is shown and told from now on; false when none of that id stands. */
  withdrawAnnotation(id: string, by: string): Promise<boolean>
}

/** Somebody looks after an incident, for a time. */
export interface NewAcknowledgement {
  readonly by: string
  readonly note: string
  readonly forMs: DurationMs
}

export interface NewSilence {
  readonly matchers: readonly Matcher[]
  /** Now where it is not given. */
  readonly startsAt: EpochMs | undefined
  readonly endsAt: EpochMs
  readonly createdBy: string
  readonly comment: string
}

export interface NewAnnotation {
  readonly kind: string
  readonly text: string
  readonly service: string | null
  readonly region: string | null
  /** Now where it is not given. */
  readonly at: EpochMs | undefined
  readonly url: string | null
  readonly createdBy: string
}
