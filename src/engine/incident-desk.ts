import { acknowledge } from '../core/incidents/acknowledge.ts'
import type { AlertMoved } from '../core/incidents/fold-alert.ts'
import type { Muting } from '../core/incidents/hush.ts'
import type { AlertId } from '../core/model/alert.ts'
import type { Annotation } from '../core/model/annotation.ts'
import type { Acknowledgement, BurnRatePoint, Incident } from '../core/model/incident.ts'
import { detailedMessagesPerTickMax } from '../core/model/limits.ts'
import type { ExemplarReading } from '../core/model/notification.ts'
import type { Silence } from '../core/model/silence.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { bundled } from '../core/paging/digest.ts'
import { fallBack } from '../core/paging/hand-on.ts'
import type { SuppressionReason } from '../core/paging/plan.ts'
import type { Routing } from '../core/paging/routing.ts'
import type { Outbox, StoredState, TickCommit } from '../ports/store.ts'
import { auditPages, isUnproven, type PageAudit } from './audit-pages.ts'
import { BurnRateSeries } from './burn-rate-series.ts'
import type { Counting } from './counting.ts'
import { Heartbeat } from './heartbeat.ts'
import { IncidentBook } from './incident-book.ts'
import {
  type IncidentDecisions,
  type IncidentWorld,
  incidentsDueAt,
  noDecisions,
  takePlan,
  turnIncidents,
} from './incident-turns.ts'
import { mutingBy } from './muting.ts'
import { type Notices, SilencesAndAnnotations } from './silences-and-annotations.ts'

/** What the desk knows of the engine. */
export interface DeskSettings {
  readonly counting: Counting
  readonly stepMs: DurationMs
  readonly routing: () => Routing
  /** Maintenance that mutes; that of the exclusions in force where it is not given. */
  readonly muting?: Muting
  /** Whether the data of an alert that fires is seen; all of it where it is not given. */
  readonly isKnown?: (id: AlertId) => boolean
  /** Traces of requests that failed, where somebody keeps them. */
  readonly exemplarsOf?: (slo: string, scope: string, at: EpochMs) => readonly ExemplarReading[]
}

/** What a commit says of incidents and messages. */
export type DeskCommit = Pick<
  TickCommit,
  'deliveries' | 'superseded' | 'incidents' | 'released' | 'incidentEvents' | 'burnRates' | 'silences' | 'annotations'
>

/** Up to when a scope was evaluated; undefined where it never was. */
export type EvaluatedAt = (scope: string) => EpochMs | undefined

/**
 * Everything between alerts and messages, as one tick works on it: incidents, what keeps them quiet, who is told, signs of life.
 * What is decided counts once it is stored; until then it can be dropped, and is decided again.
 */
export class IncidentDesk {
  readonly #settings: DeskSettings
  readonly #heartbeat = new Heartbeat()
  readonly #series = new BurnRateSeries()
  #book = new IncidentBook()
  #board = new SilencesAndAnnotations()
  #decisions: IncidentDecisions = noDecisions()
  #points: readonly BurnRatePoint[] = []
  /** Messages of this tick that were composed in detail. */
  #detailed = 0
  /** What the last turn that was stored was decided by; undefined before the first. */
  #turnedWith: Routing | undefined
  /** When the last turn was, and the last of those that are stored. */
  #turnsAt: EpochMs | undefined
  #turnedAt: EpochMs | undefined

  constructor(settings: DeskSettings) {
    this.#settings = settings
  }

  /** Takes up what was stored. */
  restore({ incidents, silences, annotations }: Pick<StoredState, 'incidents' | 'silences' | 'annotations'>): void {
    this.#book = new IncidentBook(incidents)
    this.#series.restore(incidents)
    this.#board = new SilencesAndAnnotations(silences, annotations)
  }

  incident(id: string): Incident | undefined {
    return this.#book.get(id)
  }

  /** Every incident that something may still change. */
  incidents(): Iterable<Incident> {
    return this.#book.all()
  }

  get silences(): readonly Silence[] {
    return this.#board.silences
  }

  get annotations(): readonly Annotation[] {
    return this.#board.annotations
  }

  /** Whether something is to be decided although no alert moves. */
  isDue(now: EpochMs): boolean {
    if (!Number.isFinite(now)) return false
    const routing = this.#settings.routing()
    if (this.#heartbeat.dueAt(routing) <= now) return true
    if (this.#turnedWith !== routing && !this.#book.isEmpty) return true
    return incidentsDueAt(this.#world(routing, never), this.#turnedAt ?? now) <= now
  }

  /** Puts up silences and annotations with the tick that follows. */
  post(notices: Notices): void {
    this.#board.draft(notices)
  }

  /** Somebody looks after an incident, from the tick that follows on; false where there is none to look after. */
  acknowledge(id: string, acknowledgement: Acknowledgement): boolean {
    const incident = this.#book.get(id)
    const taken = incident === undefined ? undefined : acknowledge(incident, acknowledgement)
    if (incident === undefined || taken === undefined) return false
    this.#book.draft(taken.incident)
    this.#decisions.events.push(...taken.events)
    const { key, openedAt: episode } = incident
    const reason = `acknowledged by ${acknowledgement.by}`
    this.#decisions.superseded.push({ key, episode, remindersOnly: true, reason })
    return true
  }

  /** Moves every incident to a moment, with what alerts did at it. */
  turn(moves: readonly AlertMoved[], now: EpochMs, evaluatedAt: EvaluatedAt): void {
    this.#turnsAt = now
    turnIncidents(this.#world(this.#settings.routing(), evaluatedAt), moves, now, this.#decisions)
  }

  /** Looks after pages that have not arrived; must come before the turns of a tick. */
  audit(outbox: Pick<Outbox, 'pageProgress'>, now: EpochMs): Promise<readonly PageAudit[]> {
    return auditPages(this.#book.all(), outbox, this.#settings.routing(), now)
  }

  /** What else is due at the end of a tick: pages that did not arrive go elsewhere, signs of life, burn rates for later. */
  finish(audits: readonly PageAudit[], now: EpochMs, evaluatedAt: EvaluatedAt): void {
    const routing = this.#settings.routing()
    const world = this.#world(routing, evaluatedAt)
    for (const { incident, verdict } of audits) this.#answerAudit(world, incident.id, verdict, now)
    const { deliveries, atOpening } = this.#decisions
    deliveries.push(...bundled(atOpening.splice(0), routing, now), ...this.#heartbeat.deliveries(routing, now))
    this.#points = this.#series.points(this.#settings.counting, this.#book.all(), this.#settings.stepMs, evaluatedAt)
  }

  /** Whether there is anything to store. */
  get hasDecided(): boolean {
    const { silences, annotations } = this.#board.drafts()
    const { events, deliveries, superseded } = this.#decisions
    const lists = [silences, annotations, events, deliveries, superseded, this.#book.drafts(), this.#book.released()]
    return lists.some(({ length }) => length > 0)
  }

  /** Why nobody was told of something, for the count of it. */
  get suppressed(): readonly SuppressionReason[] {
    return this.#decisions.suppressed
  }

  commit(): DeskCommit {
    const { deliveries, superseded, events } = this.#decisions
    return {
      deliveries: [...deliveries],
      superseded: [...superseded],
      incidents: this.#book.drafts(),
      released: this.#book.released(),
      incidentEvents: [...events],
      burnRates: this.#points,
      ...this.#board.drafts(),
    }
  }

  /** All of it was stored. */
  apply(): void {
    this.#heartbeat.stored(this.#decisions.deliveries)
    this.#turnedWith = this.#settings.routing()
    this.#turnedAt = this.#turnsAt
    this.#book.applyDrafts()
    this.#board.applyDrafts()
    this.#series.stored(this.#points, (id) => this.#book.get(id) !== undefined)
    this.#clear()
  }

  /** None of it was stored. */
  drop(): void {
    this.#book.dropDrafts()
    this.#board.dropDrafts()
    this.#clear()
  }

  /** Silences and annotations that were over before a time are forgotten. */
  forgetNotices(before: EpochMs): void {
    this.#board.forget(before)
  }

  #answerAudit(world: IncidentWorld, id: string, verdict: PageAudit['verdict'], now: EpochMs): void {
    const incident = this.#book.get(id)
    // The turn since may have ended or silenced it, or somebody looks after it now.
    if (incident === undefined || verdict === 'moving' || !isUnproven(incident)) return
    if (verdict === 'proven') {
      this.#book.draft({ ...incident, telling: { ...incident.telling, proven: true } })
      return
    }
    const elsewhere = fallBack(incident, world.routing, now)
    if (elsewhere === undefined) return
    this.#book.draft(takePlan(world, elsewhere, now, this.#decisions, this.#decisions.deliveries))
  }

  #clear(): void {
    this.#decisions = noDecisions()
    this.#points = []
    this.#detailed = 0
  }

  #world(routing: Routing, evaluatedAt: EvaluatedAt): IncidentWorld {
    const { counting, exemplarsOf, muting, isKnown = always } = this.#settings
    const compose = {
      counting,
      annotations: this.#board.annotations,
      evaluatedAt,
      mayDetail: () => this.#detailed++ < detailedMessagesPerTickMax,
    }
    return {
      incidents: this.#book,
      board: this.#board,
      routing,
      isRerouted: this.#turnedWith !== routing,
      muting: muting ?? mutingBy(counting.exclusions),
      isKnown,
      compose: exemplarsOf === undefined ? compose : { ...compose, exemplarsOf },
    }
  }
}

function always(): boolean {
  return true
}

function never(): undefined {
  return undefined
}
