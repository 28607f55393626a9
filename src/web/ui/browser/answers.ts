import type { CountUnit, DataState, Severity } from './wire.ts'

/** One SLO as `GET /api/v1/slos/{name}` gives it; docs/openapi.yaml says what each part means. */
export interface SloJson extends CountUnit {
  readonly name: string
  readonly service: string
  readonly description: string
  readonly labels: Readonly<Record<string, string>>
  readonly runbook: string | null
  readonly dashboard: string | null
  readonly objective: number
  readonly window: string
  readonly rules: readonly SeverityRuleJson[]
  readonly scopes: readonly ScopeJson[]
}

/** A rule of an SLO's policy. */
export interface SeverityRuleJson extends RuleJson {
  readonly severity: Severity
}

/** Two windows and the burn rate that both must exceed. */
export interface RuleJson {
  readonly long: string
  readonly short: string
  readonly burnRate: number
}

/** One SLO in one scope. */
export interface ScopeJson {
  readonly scope: string
  readonly state: DataState
  readonly problem: string | null
  readonly good: number | null
  readonly bad: number | null
  readonly total: number | null
  readonly sli: number | null
  readonly projected: { readonly consumed: number | null; readonly remaining: number | null } | null
  readonly coverage: number | null
  readonly at: number | null
  readonly burnRates: readonly WindowReadingJson[]
  readonly alerts: readonly AlertStateJson[]
  readonly detail?: ScopeDetailJson
}

/** What was counted over one window. */
export interface WindowReadingJson {
  readonly window: string
  readonly bad: number
  readonly total: number
  readonly burnRate: number | null
  readonly errorRatio: number | null
}

/** An alert of a scope. */
export interface AlertStateJson extends FiredJson {
  readonly severity: Severity
  readonly firing: boolean
  readonly since: number | null
}

/** By which rule an alert opened; all null while it is closed. */
export interface FiredJson {
  readonly rule: RuleJson | null
  readonly burnRates: Readonly<Record<string, number>> | null
  readonly because: string | null
  readonly evidence: EvidenceJson | null
}

/** How sure it was. */
export interface EvidenceJson {
  readonly since: number | null
  readonly bad: number
  readonly total: number
  readonly unit: string
  readonly allowed: number
  readonly odds: number | null
  readonly secondsBetweenChances: number | null
}

/** What the figures of a scope are made of. */
export interface ScopeDetailJson {
  readonly objective: number
  readonly budget: {
    readonly start: number
    readonly lengthSeconds: number
    readonly seenSeconds: number
    readonly allowed: number
    readonly excluded: { readonly bad: number; readonly total: number }
  }
  readonly bounds: readonly { readonly window: string; readonly low: number | null; readonly high: number | null }[]
  readonly forecast: {
    readonly secondsToExhaustion: RangeJson
    readonly endsAt: number | null
    readonly remainingAtEnd: RangeJson
    readonly basis: { readonly overSeconds: number; readonly bad: number; readonly total: number }
  }
  readonly exclusions: readonly { readonly id: string; readonly author: string; readonly reason: string }[]
  readonly dataAlerts: readonly { readonly cause: string; readonly severity: Severity; readonly since: number | null }[]
  readonly attribution: {
    readonly nowSeconds: number
    readonly now: readonly ShareJson[]
    readonly window: readonly ShareJson[]
  } | null
  readonly exemplars: readonly ExemplarJson[]
  readonly latencyUncertainty: number | null
  readonly topErrors: TopErrorsJson | null
}

/** The failures of a stretch of time by the labels of their series. */
export interface TopErrorsJson {
  readonly since: number
  readonly bad: number
  readonly total: number
  readonly dimensions: readonly {
    readonly label: string
    readonly values: readonly {
      readonly value: string
      readonly bad: number
      readonly total: number | null
      readonly ofFailures: number
      readonly ofEvents: number | null
      readonly ofBudget: number | null
    }[]
    readonly otherBad: number
  }[]
}

/** A figure and between what it lies nine times out of ten. */
export interface RangeJson {
  readonly low: number | null
  readonly expected: number | null
  readonly high: number | null
}

/** One region's part. */
export interface ShareJson {
  readonly region: string
  readonly bad: number
  readonly total: number
  readonly ofFailures: number | null
  readonly ofEvents: number | null
  readonly ofExcess: number | null
  readonly ofBudget: number | null
}

/** One event that failed. */
export interface ExemplarJson {
  readonly traceId: string
  readonly region: string
  readonly at: number
  readonly value: number | null
  readonly url: string | null
}

/** One incident as `GET /api/v1/incidents` gives it. */
export interface IncidentJson {
  readonly id: string
  readonly key: string
  readonly service: string
  readonly severity: Severity
  readonly sev: string
  readonly state: 'open' | 'settling' | 'closed'
  readonly openedAt: number
  readonly clearedAt: number | null
  readonly closedAt: number | null
  readonly revision: number
  readonly flapping: boolean
  readonly heldUntil: number | null
  readonly slos: readonly string[]
  readonly scopes: readonly string[]
  readonly alerts: readonly IncidentAlertJson[]
  readonly acknowledgement: {
    readonly by: string
    readonly at: number
    readonly until: number
    readonly note: string
  } | null
  readonly told: readonly { readonly receiver: string; readonly recipient: string }[]
  readonly waitsUntil: number | null
}

/** One alert of an incident. */
export interface IncidentAlertJson extends FiredJson {
  readonly slo: string
  readonly scope: string
  readonly severity: Severity
  readonly cause: string
  readonly firedAt: number
  readonly resolvedAt: number | null
  readonly hush: { readonly kind: string; readonly by: string; readonly reason: string } | null
}

/** What an incident has spent of an error budget. */
export interface IncidentSpendJson {
  readonly slo: string
  readonly scope: string
  readonly since: number
  readonly until: number
  readonly isFinal: boolean
  readonly bad: number
  readonly total: number
  readonly allowed: number
  readonly ofBudget: number | null
}

/** One incident with everything that happened. */
export interface TimelineJson {
  readonly incident: IncidentJson
  readonly spent: IncidentSpendJson | null
  readonly events: readonly {
    readonly sequence: number
    readonly at: number
    readonly kind: string
    readonly about: string | null
    readonly reason: string
  }[]
  readonly deliveries: readonly DeliveryJson[]
  readonly burnRates: readonly BurnPointJson[]
}

/** One message to one recipient. */
export interface DeliveryJson {
  readonly id: string
  readonly receiver: string
  readonly recipient: string
  readonly revision: number
  readonly message: 'firing' | 'resolved'
  readonly change: string
  readonly status: string
  readonly createdAt: number
  readonly settledAt: number | null
  readonly reason: string | null
  readonly attempts: readonly {
    readonly attempt: number
    readonly startedAt: number
    readonly endedAt: number | null
    readonly outcome: string | null
    readonly reason: string | null
  }[]
}

/** The burn rate over one window at one step of an incident. */
export interface BurnPointJson {
  readonly at: number
  readonly slo: string
  readonly scope: string
  readonly window: string
  readonly burnRate: number | null
}

/** One silence. */
export interface SilenceJson {
  readonly id: string
  readonly state: 'active' | 'pending' | 'expired'
  readonly matchers: readonly {
    readonly name: string
    readonly value: string
    readonly isRegex: boolean
    readonly isEqual: boolean
  }[]
  readonly startsAt: number
  readonly endsAt: number
  readonly createdBy: string
  readonly comment: string
  readonly endedBy: string | null
}

/** Something that was changed. */
export interface AnnotationJson {
  readonly id: string
  readonly kind: string
  readonly text: string
  readonly service: string | null
  readonly region: string | null
  readonly at: number
  readonly url: string | null
  readonly createdBy: string
}

/** A period that is left out or not told. */
export interface ExclusionJson {
  readonly id: string
  readonly slos: readonly string[]
  readonly services: readonly string[]
  readonly regions: readonly string[]
  readonly mute: boolean
  readonly excludeFromBudget: boolean
  readonly author: string
  readonly reason: string
  readonly schedule:
    | { readonly kind: 'once'; readonly from: number; readonly to: number }
    | {
        readonly kind: 'recurring'
        readonly weekdays: readonly number[]
        readonly minuteOfDay: number
        readonly durationMs: number
        readonly timeZone: string
      }
  readonly declaredAt: string | null
  /** When it takes place in the stretch that was asked for. */
  readonly occurrences?: readonly { readonly from: number; readonly to: number }[]
  readonly removed: { readonly at: number; readonly author: string; readonly reason: string } | null
}

/** One line of what was done to exclusions. */
export interface ExclusionAuditJson {
  readonly exclusion: string
  readonly action: string
  readonly at: number
  readonly author: string
  readonly reason: string
}

/** How many series are counted, and for what. */
export interface CardinalityJson {
  readonly series: number
  readonly targets: number
  readonly refused: number
  readonly slos: readonly CardinalityLineJson[]
  readonly metrics: readonly CardinalityLineJson[]
  readonly sources: readonly CardinalityLineJson[]
}

/** One of those with most series. */
export interface CardinalityLineJson {
  readonly name: string
  readonly series: number
}
