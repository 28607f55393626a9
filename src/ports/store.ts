import type { AlertRecord, Episode } from '../core/model/alert.ts'
import type { Annotation } from '../core/model/annotation.ts'
import type { DayCounts } from '../core/model/daily-counts.ts'
import type { AttemptRecord, Delivery, DeliveryRecord, NewDelivery, Outcome } from '../core/model/delivery.ts'
import type { BurnRatePoint, Incident, IncidentEvent } from '../core/model/incident.ts'
import type { SevName } from '../core/model/notification.ts'
import type { Silence } from '../core/model/silence.ts'
import type { Severity } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { DailyCounts } from './daily-counts.ts'
import type { ExclusionStore } from './exclusions.ts'

/** Durable state. What `commit` and `settle` have acknowledged survives the process being killed. */
export interface Store {
  /** Open alerts and how far each scope was evaluated. */
  load(): Promise<StoredState>
  /** Everything one tick decided, in one transaction. */
  commit(tick: TickCommit): Promise<void>
  /** Alert episodes, newest first. */
  episodes(query: EpisodeQuery): Promise<readonly Episode[]>
  readonly incidents: IncidentHistory
  readonly outbox: Outbox
  /** For the time when it cannot be written; absent where a store offers nothing for that. */
  readonly unclaimed?: UnclaimedPages
  readonly checkpoints: Checkpoints
  readonly dailyCounts: DailyCounts
  readonly exclusions: ExclusionStore
  close(): Promise<void>
}

/** What a process finds that takes over from another. */
export interface StoredState {
  readonly alerts: readonly AlertRecord[]
  /** The last step evaluated, by scope. */
  readonly progress: ReadonlyMap<string, EpochMs>
  /** Incidents that were not released. */
  readonly incidents: readonly Incident[]
  /** Incidents made here of alerts that an earlier version stored and told one by one; they are in `incidents` as well. */
  readonly adopted: readonly Incident[]
  /** Silences that have not been forgotten, in the order in which they were made. */
  readonly silences: readonly Silence[]
  /** By time, the oldest first. */
  readonly annotations: readonly Annotation[]
}

/** Everything that one tick decided; stored as a whole or not at all. */
export interface TickCommit {
  readonly progress: ReadonlyMap<string, EpochMs>
  /** Days that changed, as a whole: the same again changes nothing. */
  readonly days?: readonly DayCounts[]
  /** Days of which history told: each is stored only where no day is that shares an instant with it. */
  readonly pastDays?: readonly DayCounts[]
  /** Alerts whose state changed. */
  readonly alerts: readonly AlertRecord[]
  /** Episodes opened or resolved. */
  readonly episodes: readonly Episode[]
  readonly deliveries: readonly NewDelivery[]
  /** Messages that must not go out any more if they have not yet; done before `deliveries` are put in. */
  readonly superseded: readonly Superseding[]
  /** Incidents that changed. */
  readonly incidents: readonly Incident[]
  /** Ids of incidents that nothing will change any more: `load` leaves them out. */
  readonly released: readonly string[]
  readonly incidentEvents: readonly IncidentEvent[]
  readonly burnRates: readonly BurnRatePoint[]
  /** Silences that are new or were changed. */
  readonly silences: readonly Silence[]
  readonly annotations: readonly Annotation[]
  readonly at: EpochMs
}

/** Firing messages of one incident that have not been sent and need not be any more. */
export interface Superseding {
  readonly key: string
  readonly episode: EpochMs
  /** Only what reminds of it; everything that wakes somebody otherwise. */
  readonly remindersOnly: boolean
  readonly reason: string
}

/** What happened, incident by incident, for people. */
export interface IncidentHistory {
  /** By opening, the newest first. */
  list(query: IncidentQuery): Promise<readonly Incident[]>
  /** One incident with all that is known of it; undefined when there is none of that id. */
  timeline(id: string): Promise<IncidentTimeline | undefined>
  /**
   * Removes incidents that were released and closed before one time, with all that is kept of them, and silences and annotations
   * that ended before another. Answers how many incidents.
   */
  prune(times: { readonly incidentsBefore: EpochMs; readonly noticesBefore: EpochMs }): Promise<number>
}

export interface IncidentQuery {
  readonly state?: 'open' | 'closed'
  /** Any SLO that the incident holds. */
  readonly slo?: string
  readonly service?: string
  readonly severity?: Severity
  readonly sev?: SevName
  /** Goes on behind this one: the last of the answer before. */
  readonly after?: { readonly openedAt: EpochMs; readonly id: string }
  readonly limit: number
}

/** One incident with everything that happened to it. */
export interface IncidentTimeline {
  readonly incident: Incident
  /** In the order of decision. */
  readonly events: readonly IncidentEvent[]
  /** In the order in which they were put in. */
  readonly deliveries: readonly DeliveryRecord[]
  readonly attempts: readonly AttemptRecord[]
  /** By time. */
  readonly burnRates: readonly BurnRatePoint[]
}

export interface EpisodeQuery {
  readonly activeOnly?: boolean
  readonly slo?: string
  readonly limit: number
}

/**
 * The durable queue of messages. Everything one recipient of one receiver is told of one key is a chain: it goes out by episode
 * and revision, one message at a time. Each method is one transaction.
 *
 * What `commit` puts in is kept: the same id twice makes one message, and a ticket that opens while
 * `outboxRowsPerReceiverMax` messages wait for its receiver is kept as dead, with the reason. Pages and resolves always go in.
 *
 * A firing message takes the place of an older firing one of its episode that still waits: its due time, the lane of pages, and
 * whether it may have been sent. A resolve takes the place of those that wait only where an earlier one has arrived, or, of a
 * ticket, may have: otherwise the open goes out first, however late.
 */
export interface Outbox {
  /**
   * Takes the next message of a receiver that is due and durably marks it in flight before answering: pages before
   * tickets, then the one due longest. It takes none whose chain has another in flight or one unsettled before it.
   *
   * On the way it settles as superseded what must not go out any more: a resolve whose open is not known here or died
   * without ever having been sent (one that may have arrived counts as sent), an open that is older than a resolve this
   * recipient was given, and what only brings up to date where nothing has arrived.
   */
  claim(receiver: string, now: EpochMs): Promise<Delivery | undefined>
  /**
   * Records what became of an attempt. `retryAt` puts it back into the queue after `retry` and `ambiguous`; without it those
   * are given up: dead. An attempt that is not the one in flight changes nothing, so a late answer does no harm.
   */
  settle(id: string, attempt: number, outcome: Outcome, at: EpochMs, retryAt: EpochMs | undefined): Promise<void>
  /** When the next message of a receiver can be claimed, perhaps in the past; undefined when none waits for time alone. */
  nextDueAt(receiver: string): Promise<EpochMs | undefined>
  /** At start: attempts in flight when the process died are due again, with `maybeSent` set. Answers how many. */
  recover(now: EpochMs): Promise<number>
  /** Newest first. */
  list(query: {
    readonly limit: number
    readonly status?: DeliveryRecord['status']
  }): Promise<readonly DeliveryRecord[]>
  /** How far the pages of an incident have come that were to wake somebody, of those decided at a time or later. */
  pageProgress(key: string, episode: EpochMs, since: EpochMs): Promise<PageProgress>
  /** Unsettled messages by receiver; receivers without any are left out. */
  depths(): Promise<ReadonlyMap<string, number>>
  /** Removes messages settled before the time given, except opens whose resolve is still to come. Answers how many. */
  prune(settledBefore: EpochMs): Promise<number>
}

/** Pages that must go out while the store cannot be written, so that nobody can claim them. */
export interface UnclaimedPages {
  /** The page that would be claimed next at a receiver, of those not named; nothing is changed. */
  next(query: UnclaimedQuery): Promise<Delivery | undefined>
  /** How its recipient stands to a message that is not stored yet; undefined where it must not go out any more. Nothing is changed. */
  standing(delivery: NewDelivery): Promise<Pick<Delivery, 'opens' | 'openReference'> | undefined>
  /** Records an attempt that was made without a claim, at a message that waits or was overtaken meanwhile; others stay as they are. */
  record(attempt: UnclaimedAttempt): Promise<void>
}

/** Which waiting deliveries a worker asks for. */
export interface UnclaimedQuery {
  readonly receiver: string
  readonly now: EpochMs
  /** Ids that are looked after already. */
  readonly except: ReadonlySet<string>
  /** Also those in flight: of a process that died, as long as `recover` could not be written. */
  readonly lost: boolean
}

/** An attempt that was made without a claim, with what became of it; `retryAt` as in `settle`. */
export interface UnclaimedAttempt {
  readonly id: string
  readonly startedAt: EpochMs
  readonly at: EpochMs
  readonly outcome: Outcome
  readonly retryAt: EpochMs | undefined
}

/** What became of the firing pages of one incident. One whose answer was lost has not arrived as far as anybody knows. */
export interface PageProgress {
  /** Whether one has arrived at some receiver. */
  readonly delivered: boolean
  /** Whether one is on its way to a receiver where none has arrived. */
  readonly moving: boolean
  /** When the oldest for a receiver where none has arrived was decided; null when there is no such receiver. */
  readonly waitingSince: EpochMs | null
}

/** Named blobs, replaced and removed together in one transaction: the snapshot of windows and last counter values. */
export interface Checkpoints {
  /** Stores parts and removes others, all or nothing. Their bytes are good only until it resolves. */
  save(parts: ReadonlyMap<string, Uint8Array>, removed: Iterable<string>): Promise<void>
  /** The names of all parts there are. */
  names(): Promise<readonly string[]>
  /** The parts of some names, as far as there are any; their bytes are the caller's. Others have their turn while many are read. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>
}
