import { quoteText } from '../core/sli/promql-string.ts'

/** What compiled rules record; those beginning with `slo_` mean what they mean on the engine's `/metrics`. */
export const recorded = {
  /** Events over a window, by region. */
  events: 'slo:events:increase',
  /** Bad events over a window, by region. */
  badEvents: 'slo:bad_events:increase',
  /** 1 while a threshold is not kept, by region. */
  isBad: 'slo:is_bad:bool',
  errorRatio: 'slo_error_ratio',
  burnRate: 'slo_burn_rate',
  objective: 'slo_objective_ratio',
  remaining: 'slo_error_budget_remaining_ratio',
  info: 'slo_info',
  windowLength: 'slo_window_seconds',
  threshold: 'slo_burn_rate_threshold',
  windowEvents: 'slo_window_events',
  firing: 'slo_alert_firing',
} as const

/** The alerts that compiled rules raise; the first is what Alertmanager is sent by the engine, so that routes serve both. */
export const alertName = { burn: 'ErrorBudgetBurn', blind: 'SloDataMissing' } as const

/** A series of ours by name and labels; a label whose value begins with an operator is compared by that. */
export function seriesOf(name: string, labels: Readonly<Record<string, string>>): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${quoteText(value)}`)
    .join(',')}}`
}

/** The same with matchers written out, for those that are no plain equality. */
export function seriesWhere(
  name: string,
  labels: Readonly<Record<string, string>>,
  matchers: readonly string[],
): string {
  return `${seriesOf(name, labels).slice(0, -1)}${matchers.map((matcher) => `,${matcher}`).join('')}}`
}
