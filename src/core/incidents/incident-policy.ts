import type { SevName } from '../model/notification.ts'
import type { Matcher } from '../model/selector.ts'
import type { Severity } from '../model/slo.ts'
import { type BurnRate, type DurationMs, hourMs, minuteMs } from '../model/units.ts'

/** How alerts become incidents, and what keeps them quiet. */
export interface IncidentPolicy {
  /** Alerts of one service and region that open within this of each other make one incident; 0 makes one per SLO. */
  readonly groupWithinMs: DurationMs
  /** How long all alerts must be over before the incident is. */
  readonly resolveAfterMs: DurationMs
  readonly flapping: FlappingPolicy
  /** What only brings a message up to date waits this long for more of it. */
  readonly updateEveryMs: DurationMs
  /** A page that nobody acknowledges is repeated after this. */
  readonly repeatEveryMs: DurationMs
  /** How long a ticket waits after a deployment for whether it passes; 0 does not wait. Pages never wait. */
  readonly holdAfterDeployMs: DurationMs
  /** The first that matches names the incident. */
  readonly sevRules: readonly SevRule[]
  readonly inhibitions: readonly InhibitionRule[]
}

/** An incident that opens `openings` times within `withinMs` is kept as one until it was quiet for `quietMs`. */
export interface FlappingPolicy {
  readonly openings: number
  readonly withinMs: DurationMs
  readonly quietMs: DurationMs
}

/** Names incidents; a condition that is not given holds always. */
export interface SevRule {
  readonly name: SevName
  readonly severity?: Severity
  /** Whether the global scope burns, or single regions alone. */
  readonly scope?: 'global' | 'regional'
  /** The least threshold of an alert rule that fired. */
  readonly burnRate?: BurnRate
  /** On the labels of an alert, such as a tier. */
  readonly matchers: readonly Matcher[]
}

/** While an alert matches `source`, those that match `target` and have the same values of `equal` are not told. */
export interface InhibitionRule {
  readonly name: string
  readonly source: readonly Matcher[]
  readonly target: readonly Matcher[]
  readonly equal: readonly string[]
}

/** What is in force where the config says nothing. */
export const standardIncidentPolicy: IncidentPolicy = {
  groupWithinMs: 5 * minuteMs,
  resolveAfterMs: minuteMs,
  flapping: { openings: 3, withinMs: hourMs, quietMs: 30 * minuteMs },
  updateEveryMs: minuteMs,
  repeatEveryMs: 4 * hourMs,
  holdAfterDeployMs: 0,
  sevRules: [
    { name: 'SEV1', severity: 'page', scope: 'global', burnRate: 14.4, matchers: [] },
    { name: 'SEV2', severity: 'page', matchers: [] },
    { name: 'SEV3', severity: 'ticket', burnRate: 3, matchers: [] },
    { name: 'SEV4', matchers: [] },
  ],
  inhibitions: [],
}
