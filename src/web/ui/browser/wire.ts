/** How something stands, in one word: what fires comes before what is known of its data. */
export type Condition = 'page' | 'ticket' | 'no-data' | 'stale' | 'partial' | 'no-traffic' | 'ok'

/** A severity of alerts. */
export type Severity = 'page' | 'ticket'

/** What is known of a scope's data. */
export type DataState = Exclude<Condition, Severity>

/** What the list is made of. With `isWhole` it takes the place of all that was known; else it holds what changed. */
export interface Overview {
  /** Sent as `since` with the next question. */
  readonly version: string
  readonly isWhole: boolean
  /** The engine's clock in Unix seconds, like all times here. */
  readonly now: number
  /** How often it is worth asking. */
  readonly everySeconds: number
  /** Why the engine is not ready; empty when it is. */
  readonly notReady: readonly string[]
  /** The event time of the newest evaluation. */
  readonly evaluatedAt: number | null
  readonly sources: readonly SourceJson[]
  readonly incidents: readonly IncidentHead[]
  /** Silences in force. */
  readonly silences: number
  /** What a local receiver took in, newest first; null where there is none. */
  readonly inbox: readonly InboxJson[] | null
  readonly rows: readonly SloRow[]
  /** Names of SLOs that are no more. */
  readonly gone: readonly string[]
}

/** What the counts of an SLO count, and how long one of it lasts where that is time. */
export interface CountUnit {
  readonly unit: 'events' | 'milliseconds' | 'slices' | 'points'
  readonly secondsEach: number | null
}

/** One SLO in the list. Its figures are those of all regions together, or of the worst region where there is no such scope. */
export interface SloRow extends CountUnit {
  readonly name: string
  readonly service: string
  readonly labels: Readonly<Record<string, string>>
  readonly objective: number
  readonly window: string
  readonly windowSeconds: number
  /** The worst of all scopes. */
  readonly condition: Condition
  /** Since when the oldest alert of that severity is open. */
  readonly since: number | null
  /** The scope whose figures these are, and what is known of its data. */
  readonly scope: string
  readonly state: DataState
  readonly problem: string | null
  readonly sli: number | null
  readonly coverage: number | null
  /** The share of the whole window's budget that is left, and how many bad events that is. */
  readonly remaining: number | null
  readonly eventsLeft: number | null
  readonly total: number | null
  readonly at: number | null
  /** By the long windows of its rules, shortest first. */
  readonly burns: readonly Burn[]
  readonly regions: readonly RegionCell[]
}

/** The burn rate over one long window, and the severity of a rule whose threshold it exceeds. */
export interface Burn {
  readonly window: string
  readonly rate: number | null
  readonly exceeds: Severity | null
}

/** One region of one SLO. */
export interface RegionCell {
  readonly region: string
  readonly condition: Condition
  readonly state: DataState
  readonly remaining: number | null
  /** The highest burn rate ÷ threshold over its rules, and over which long window. */
  readonly burn: number | null
  readonly window: string | null
}

/** An open incident in a few words. */
export interface IncidentHead {
  readonly id: string
  readonly key: string
  readonly service: string
  readonly sev: string
  readonly severity: Severity
  readonly openedAt: number
  readonly scopes: readonly string[]
  readonly acknowledgedBy: string | null
  readonly isQuiet: boolean
}

/** Where samples come from. */
export interface SourceJson {
  readonly name: string
  readonly kind: string
  readonly region: string | null
  readonly watermark: number | null
  readonly problem: string | null
  readonly historyRead?: number
}

/** A message as a local receiver took it in. */
export interface InboxJson {
  readonly at: number
  readonly status: 'firing' | 'resolved'
  readonly severity: Severity
  readonly title: string
  readonly text: string
}

/** One SLO in one scope over time. */
export interface HistoryJson {
  readonly scope: string
  readonly objective: number
  readonly stepSeconds: number
  readonly windows: readonly string[]
  readonly points: readonly HistoryPointJson[]
}

/** What was known at one moment; null is unknown. */
export interface HistoryPointJson {
  readonly at: number
  readonly seen: number
  readonly bad: number | null
  readonly total: number | null
  readonly sli: number | null
  readonly remaining: number | null
  readonly burnRates: readonly (number | null)[]
}

/** The burn rate of each of the last days, by SLO. */
export interface TrendsJson {
  readonly trends: readonly { readonly slo: string; readonly days: readonly TrendDayJson[] }[]
}

/** One day in UTC. */
export interface TrendDayJson {
  readonly from: number
  readonly burnRate: number | null
}

/** How alerts treated people. */
export interface OnCallJson {
  readonly from: number
  readonly to: number
  /** False where there were more incidents than are read at once. */
  readonly isWhole: boolean
  readonly hours: string
  readonly night: string
  readonly pages: number
  readonly tickets: number
  readonly pagesPerWeek: number
  readonly nightPages: number
  readonly nightPagesPerQuarter: number
  readonly pagesOutOfHours: number
  readonly idlePages: number
  readonly judgedPages: number
  readonly medianDetectSeconds: number | null
  readonly medianAcknowledgeSeconds: number | null
  readonly medianResolveSeconds: number | null
  readonly noisiest: readonly { readonly slo: string; readonly count: number }[]
  /** Pages by week, the oldest first. */
  readonly weeks: readonly { readonly from: number; readonly pages: number; readonly tickets: number }[]
}

/** One SLO as its rule file has it. */
export interface DefinitionJson {
  readonly file: string
  readonly line: number
  readonly source: string
  readonly isCut: boolean
  readonly indicator: {
    readonly kind: string
    readonly below: string | null
    readonly signals: readonly { readonly name: string; readonly selector: string; readonly query: string | null }[]
    readonly formulas: readonly { readonly name: string; readonly text: string }[]
  }
  readonly consoles: readonly { readonly source: string; readonly region: string; readonly url: string }[]
  readonly rules: { readonly hash: string; readonly readAt: number; readonly changedAt: number | null }
}
