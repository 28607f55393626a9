import { isOpen } from '../../core/model/alert.ts'
import type { DataState } from '../../core/model/counts.ts'
import type { Severity } from '../../core/model/slo.ts'
import type { BurnRate, DurationMs } from '../../core/model/units.ts'
import type { RuleStatus, ScopeStatus, SloStatus } from '../../ports/status-view.ts'
import { type Html, html } from './html.ts'

/** How a scope stands, in one word: what fires comes before what is known of its data. */
export type Condition = Severity | DataState

/** The worst first: this is the order of the page. */
const byUrgency: readonly Condition[] = ['page', 'ticket', 'no-data', 'stale', 'partial', 'no-traffic', 'ok']

interface Look {
  readonly icon: string
  readonly word: string
  readonly meaning: string
}

/** Icon and word say the same as the colour, for those who do not see it. */
const looks: Readonly<Record<Condition, Look>> = {
  page: { icon: '▲', word: 'page', meaning: 'the error budget burns fast enough to wake somebody' },
  ticket: { icon: '◆', word: 'ticket', meaning: 'the error budget burns steadily' },
  'no-data': { icon: '✕', word: 'no data', meaning: 'not one sample was seen' },
  stale: { icon: '◷', word: 'stale', meaning: 'data was seen and has stopped' },
  partial: { icon: '◐', word: 'partial', meaning: 'a part of the data is missing' },
  'no-traffic': { icon: '○', word: 'no traffic', meaning: 'data comes in and counts no events' },
  ok: { icon: '●', word: 'ok', meaning: 'data comes in and no alert fires' },
}

export function conditionOf({ alerts, state }: Pick<ScopeStatus, 'alerts' | 'state'>): Condition {
  const firing = alerts.filter((alert) => isOpen(alert.state)).map(({ severity }) => severity)
  if (firing.includes('page')) return 'page'
  return firing.includes('ticket') ? 'ticket' : state
}

export function worstCondition({ scopes }: Pick<SloStatus, 'scopes'>): Condition {
  const conditions = new Set(scopes.map(conditionOf))
  return byUrgency.find((condition) => conditions.has(condition)) ?? 'no-data'
}

/** Negative when `a` needs looking at before `b`. */
export function compareUrgency(a: Condition, b: Condition): number {
  return byUrgency.indexOf(a) - byUrgency.indexOf(b)
}

export function conditionBadge(condition: Condition): Html {
  const { icon, word, meaning } = looks[condition]
  return html`<span class="badge ${condition}" title="${meaning}"><span aria-hidden="true">${icon}</span> ${word}</span>`
}

/** The badge of a scope; beside an open alert also that of its data, when the alert rests on data that is not whole. */
export function scopeBadges(scope: ScopeStatus): Html {
  const condition = conditionOf(scope)
  const isDataWhole = scope.state === condition || scope.state === 'ok'
  return html`${conditionBadge(condition)}${isDataWhole ? undefined : html` ${conditionBadge(scope.state)}`}`
}

/** The severity whose threshold a burn rate over a window exceeds; a page comes before a ticket. */
export function exceededSeverity(
  windowMs: DurationMs,
  burnRate: BurnRate | null,
  rules: readonly RuleStatus[],
): Severity | undefined {
  if (burnRate === null) return undefined
  const exceeded = rules.filter(
    ({ longMs, shortMs, burnRate: threshold }) => (longMs === windowMs || shortMs === windowMs) && burnRate > threshold,
  )
  return exceeded.find(({ severity }) => severity === 'page')?.severity ?? exceeded[0]?.severity
}
