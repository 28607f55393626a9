import type { FiredBecause, FiredEvidence } from './alert.ts'
import type { DataState } from './counts.ts'
import type { DataReading } from './data-reading.ts'
import type { Severity } from './slo.ts'
import type { BurnRate, DurationMs, EpochMs, Ratio } from './units.ts'

/** What goes to a receiver: an incident, several tickets in one digest, or a sign of life. */
export type Message = Notification | DigestMessage | HeartbeatMessage

/**
 * Why a message is sent now. `opened` is the first of its incident, `escalated` a ticket that became a page or a page of a worse
 * name, `worsened` a page that burns again or got worse while acknowledged, `unsilenced` an incident that still burns when its
 * silence ended, `repeated` a page that nobody acknowledged, `handed-on` the same to a further receiver, `fell-back` a page that
 * could not be delivered where it should be. `updated` and `acknowledged` wake nobody.
 */
export type MessageChange =
  | 'opened'
  | 'escalated'
  | 'worsened'
  | 'unsilenced'
  | 'repeated'
  | 'handed-on'
  | 'fell-back'
  | 'updated'
  | 'acknowledged'
  | 'resolved'

/** How bad an incident is, as people call it; SEV1 is the worst. */
export type SevName = 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4'

/** From the worst to the mildest. */
export const sevNames: readonly SevName[] = ['SEV1', 'SEV2', 'SEV3', 'SEV4']

/**
 * What a person is told of one incident, complete: a receiver renders it without asking anybody anything. It is stored as JSON,
 * so it holds plain values only. What stands outside `alerts` and `members` speaks of the worst alert that is open; of the
 * last one when none is.
 */
export interface Notification {
  readonly kind: 'incident'
  readonly status: 'firing' | 'resolved'
  readonly change: MessageChange
  /** Whether somebody is to be notified anew; false for what only brings an earlier message up to date. */
  readonly wakes: boolean
  /** The incident's key, made from configuration identity alone: receivers de-duplicate on it. */
  readonly key: string
  /** One incident from open to resolve; what the API and the web page call it. */
  readonly incidentId: string
  /** Counts up within an incident: what is newer replaces what is older. */
  readonly revision: number
  /** The worst so far: an incident goes from ticket to page and never back. */
  readonly severity: Severity
  readonly sev: SevName
  readonly slo: string
  readonly service: string
  readonly scope: string
  readonly description: string
  readonly labels: Readonly<Record<string, string>>
  readonly runbook: string | null
  readonly dashboard: string | null
  readonly objective: Ratio
  /** The SLO window as written: `30d`. */
  readonly window: string
  /** When the incident opened. */
  readonly firedAt: EpochMs
  readonly resolvedAt: EpochMs | null
  /** The event time this message speaks of. */
  readonly at: EpochMs
  readonly rule: {
    readonly longMs: DurationMs
    readonly shortMs: DurationMs
    readonly burnRate: BurnRate
    /** Which part of the rule held, and how strong the evidence was; absent for a plain rule. */
    readonly because?: FiredBecause
    readonly evidence?: FiredEvidence
  }
  readonly long: WindowReading
  readonly short: WindowReading
  readonly budget: BudgetReading
  readonly regions: readonly RegionReading[]
  /** What it is about when it is about the data itself; null for a burn rate. */
  readonly data: DataReading | null
  /** Every alert of the incident, the worst open one first. */
  readonly alerts: readonly AlertReading[]
  /** Other SLOs of the service that broke with this one; empty for most incidents. */
  readonly members: readonly MemberReading[]
  /** What was changed shortly before or while it burned, the newest first. */
  readonly annotations: readonly AnnotationReading[]
  /** Traces of requests that failed. */
  readonly exemplars: readonly ExemplarReading[]
  readonly acknowledgement: AcknowledgementReading | null
  /** How often it opened lately, when that is so often that it is kept as one; null otherwise. */
  readonly flapping: { readonly openings: number } | null
  /** How it burned lately; absent where very many messages were composed at once, or an earlier version did it. */
  readonly history?: BurnHistory
  /** How much traffic there is; absent as `history` is. */
  readonly traffic?: TrafficReading
  /** What the incident has cost so far; absent as `history` is, and for what is about the data itself. */
  readonly spent?: SpentReading
  /** What the events are; requests where it is absent. */
  readonly measure?: Measure
  /** It is over because its rule is gone, or the region: nobody knows whether it burns on. */
  readonly unwatched?: true
}

/**
 * What an SLO counts: requests that fail, or that take longer than a bound; the milliseconds of a value that is out of bounds; slices
 * of time; or shares alone, of several SLOs put together or as a query answers them, whose counts are no number of anything.
 */
export type Measure =
  | { readonly kind: 'requests' }
  | { readonly kind: 'slow'; readonly aboveMs: DurationMs }
  | { readonly kind: 'time' }
  | { readonly kind: 'slices'; readonly sliceMs: DurationMs }
  | { readonly kind: 'shares' }

/** What was bad since the trouble began, as a share of what the whole SLO window allows; null where that allows nothing. */
export interface SpentReading {
  readonly since: EpochMs
  readonly bad: number
  readonly ofBudget: Ratio | null
}

/** Burn rates of even steps up to the time of the message, for a picture. */
export interface BurnHistory {
  /** Where the first step begins. */
  readonly from: EpochMs
  readonly stepMs: DurationMs
  /** One a step, the oldest first; null where there were no events. */
  readonly burnRates: readonly (BurnRate | null)[]
}

/** Events a second over the short window, and in the same window a week before, or a day; null where none of that was seen. */
export interface TrafficReading {
  readonly perSecond: number
  readonly usualPerSecond: number | null
}

/** null is unknown: there were no events in the window. */
export interface WindowReading {
  readonly bad: number
  readonly total: number
  readonly errorRatio: Ratio | null
  readonly burnRate: BurnRate | null
}

/** The error budget over the SLO window at the time of the message. */
export interface BudgetReading {
  readonly bad: number
  readonly total: number
  /** Share of the window's budget left; negative when overspent, null without events. */
  readonly remaining: Ratio | null
  /** How long the rest lasts at the short window's burn rate; null when it does not burn or nothing is left. */
  readonly timeToExhaustionMs: DurationMs | null
  /** Between what the rest lasts in nine cases of ten; an end is null where it lies beyond the SLO window. Absent as `history` is. */
  readonly exhaustion?: { readonly lowMs: DurationMs | null; readonly highMs: DurationMs | null }
}

/** How one region does, for the list of regions in a message. */
export interface RegionReading {
  readonly region: string
  readonly burnRate: BurnRate | null
  readonly state: DataState
  /** The region's share of all bad events over the short window; null when there were none. */
  readonly share: Ratio | null
}

/** One alert of an incident. */
export interface AlertReading {
  readonly slo: string
  readonly scope: string
  readonly severity: Severity
  readonly firedAt: EpochMs
  /** null while it fires. */
  readonly resolvedAt: EpochMs | null
  /** Why nobody is told of it: the id of a silence, a maintenance, what inhibits it; null for most. */
  readonly hushedBy: string | null
}

/** One SLO that an incident holds beside the one it is named after. */
export interface MemberReading {
  readonly slo: string
  readonly service: string
  readonly severity: Severity
  readonly scopes: readonly string[]
  readonly since: EpochMs
  readonly resolvedAt: EpochMs | null
}

/** A deployment or another change near an incident. */
export interface AnnotationReading {
  readonly kind: string
  /** Such as `4f2c1a9`. */
  readonly text: string
  /** Where; null when it was everywhere, or nobody said. */
  readonly region: string | null
  readonly at: EpochMs
  /** From the change to the opening; negative for one made while it burned. */
  readonly beforeMs: DurationMs
  readonly url: string | null
}

/** The trace of one event that was bad. */
export interface ExemplarReading {
  readonly traceId: string
  readonly spanId: string | null
  readonly region: string
  readonly at: EpochMs
  /** What the sample said, such as a latency in seconds; null when it said nothing. */
  readonly value: number | null
  /** Where the trace is shown; null when nobody configured that. */
  readonly url: string | null
}

/** Who looks after an incident. */
export interface AcknowledgementReading {
  readonly by: string
  readonly at: EpochMs
  /** When it ends by itself. */
  readonly until: EpochMs
}

/** The tickets that came outside of business hours, told together when those begin. */
export interface DigestMessage {
  readonly kind: 'digest'
  readonly status: 'firing'
  readonly change: 'opened'
  readonly wakes: boolean
  /** Of the digest itself; each entry has the key of its incident. */
  readonly key: string
  readonly revision: number
  readonly severity: 'ticket'
  readonly at: EpochMs
  /** In the order in which they opened; those that are over by now are told as well. */
  readonly entries: readonly Notification[]
}

/** Says that evaluation, store and delivery work, to somebody who raises the alarm when it stops coming. */
export interface HeartbeatMessage {
  readonly kind: 'heartbeat'
  readonly status: 'firing'
  readonly change: 'repeated'
  readonly wakes: false
  readonly key: string
  readonly revision: number
  readonly severity: 'ticket'
  readonly at: EpochMs
  /** When the next one is to be expected at the latest. */
  readonly nextBy: EpochMs
}
