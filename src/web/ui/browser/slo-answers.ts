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
