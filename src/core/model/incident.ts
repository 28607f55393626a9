import type { Address, AlertId, FiredRule } from './alert.ts'
import type { EventCounts } from './counts.ts'
import type { DataReading } from './data-reading.ts'
import type { MessageChange, Notification, SevName } from './notification.ts'
import type { Severity } from './slo.ts'
import type { BurnRate, DurationMs, EpochMs } from './units.ts'

/**
 * All alerts of one SLO, or of several of one service that broke together, from the first that opens until all are over. It is
 * stored as JSON, so it holds plain values only.
 */
export interface Incident {
  /** A digest of key and opening: one per incident. */
  readonly id: string
  /** The id of the SLO it opened with: from configuration identity alone, the same for every incident of that SLO. */
  readonly key: string
  readonly service: string
  /** Event time at which its first alert fired. */
  readonly openedAt: EpochMs
  /** Counts the messages decided so far. */
  readonly revision: number
  /** Counts the events written so far. */
  readonly eventCount: number
  /** Each alert once, as it stands, in the order in which they first came. */
  readonly alerts: readonly IncidentAlert[]
  /** The worst that was audible so far; from ticket to page and never back. */
  readonly severity: Severity
  readonly sev: SevName
  readonly phase: IncidentPhase
  /** Since when no page alert burns, where one did and a ticket goes on; null otherwise. */
  readonly pageClearedAt: EpochMs | null
  /** Back to when a deployment lets a slow burn be told; null when none does. */
  readonly heldUntil: EpochMs | null
  /** When it opened, or burned again after all was clear, lately: many of them mean that it flaps. */
  readonly openings: readonly EpochMs[]
  readonly flapping: boolean
  readonly acknowledgement: Acknowledgement | null
  readonly telling: Telling
  /** The last message composed: enough to tell of the end even when the SLO is gone by then. */
  readonly words: Notification | null
}

/** `settling` is over as far as the data says, and waits for whether it comes back. */
export type IncidentPhase =
  | { readonly kind: 'open' }
  | { readonly kind: 'settling'; readonly clearedAt: EpochMs; readonly until: EpochMs }
  | { readonly kind: 'closed'; readonly clearedAt: EpochMs; readonly at: EpochMs }

/** One alert of an incident. */
export interface IncidentAlert {
  readonly id: AlertId
  readonly firedAt: EpochMs
  /** null while it fires. */
  readonly resolvedAt: EpochMs | null
  /** The rule it fired by. */
  readonly rule: FiredRule
  readonly service: string
  /** What routes, silences and inhibition rules match on. */
  readonly labels: Readonly<Record<string, string>>
  /** Receivers that the SLO itself names. */
  readonly receivers: readonly string[]
  /** What it is about when it is about the data itself. */
  readonly data: DataReading | null
  /** Why nobody is told of it; null for most. */
  readonly hush: Hush | null
  /** It ended because nothing declares it any more: nobody knows whether it burns on. */
  readonly undeclared?: true
}

/** What keeps one alert from being told. */
export interface Hush {
  readonly kind: 'silenced' | 'muted' | 'inhibited'
  /** The silence's id, the maintenance's name, or the alert that inhibits. */
  readonly by: string
  readonly reason: string
}

/** Somebody looks after it: nothing is repeated and nobody further is told, until it ends or the incident gets worse. */
export interface Acknowledgement {
  readonly by: string
  readonly at: EpochMs
  readonly until: EpochMs
  readonly note: string
}

/** Who was told of an incident, and what is still to be told. */
export interface Telling {
  readonly told: readonly ToldAddress[]
  /** The severity and name that were told last; null while nobody was told. */
  readonly severity: Severity | null
  readonly sev: SevName | null
  /** When somebody was last woken; null before. */
  readonly wokeAt: EpochMs | null
  /** From when the delays of further receivers count: the page that nobody has taken. */
  readonly unansweredSince: EpochMs | null
  /** Receivers that were handed it for want of an answer. */
  readonly handedTo: readonly string[]
  /** Addresses that hear of it when business hours begin, all at once. */
  readonly waiting: { readonly until: EpochMs; readonly addresses: readonly Address[] } | null
  /** Whether no route was found for it, which is said once. */
  readonly unrouted: boolean
  /** Whether a delivered page is known since somebody was last woken. */
  readonly proven: boolean
  readonly fellBack: boolean
  /** When those who forget were last told again; absent before. */
  readonly refreshedAt?: EpochMs
  /** When the acknowledgement was made that those who were told have been shown; absent before. */
  readonly shownAcknowledgedAt?: EpochMs
  /** When those who can be shown what changed are shown it; absent while they have seen all of it. */
  readonly updateAt?: EpochMs
}

/** An address and how it came to be told. */
export interface ToldAddress extends Address {
  readonly severity: Severity
}

/** What was decided about an incident. */
export type IncidentEventKind =
  | 'opened'
  | 'joined'
  | 'cleared'
  | 'escalated'
  | 'calmed'
  | 'worsened'
  | 'reopened'
  | 'flapping'
  | 'settling'
  | 'resolved'
  | 'silenced'
  | 'muted'
  | 'inhibited'
  | 'audible'
  | 'held'
  | 'released'
  | 'suppressed'
  | 'queued'
  | 'told'
  | 'repeated'
  | 'handed-on'
  | 'fell-back'
  | 'acknowledged'
  | 'acknowledgement-ended'
  | 'annotated'

/** One decision, with its reason, for whoever asks why somebody was told, or was not. */
export interface IncidentEvent {
  readonly incidentId: string
  /** From 1 within the incident. */
  readonly sequence: number
  /** The clock's time of the decision. */
  readonly at: EpochMs
  readonly kind: IncidentEventKind
  /** The alert, silence or receiver it is about; null when it is the incident as a whole. */
  readonly about: string | null
  readonly reason: string
}

/** What is to be said of an incident, and to whom. */
export interface Tell {
  readonly change: MessageChange
  readonly wakes: boolean
}

/** Burn rates over the windows of the alerts that fire, at one step of an open incident and at its end. */
export interface BurnRatePoint {
  readonly incidentId: string
  readonly at: EpochMs
  readonly readings: readonly BurnReading[]
}

/** The burn rate of one SLO in one scope over one window. */
export interface BurnReading {
  readonly slo: string
  readonly scope: string
  readonly windowMs: DurationMs
  readonly burnRate: BurnRate | null
  /** What this SLO has lost in this scope through the incident: in one reading of a point, and in none of older records. */
  readonly spent?: IncidentSpend
}

/** The events of an incident that count towards the budget, in the unit that the SLO counts in: those of (since, until]. */
export interface IncidentSpend extends EventCounts {
  readonly since: EpochMs
  readonly until: EpochMs
  /** The bad events that the SLO window allows. */
  readonly allowed: number
}
