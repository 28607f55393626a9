import type { FiredJson } from './slo-answers.ts'
import type { Severity } from './wire.ts'

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
