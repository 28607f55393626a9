import { ruleBurnRate } from '../core/budget/burn-rate.ts'
import type { Labels } from '../core/model/labels.ts'
import { toNumber } from '../core/model/rational.ts'
import { type AlertRule, defaultDataPolicy, type Severity, type Slo } from '../core/model/slo.ts'
import type { DurationMs } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import { alertName, recorded, seriesOf } from './names.ts'
import type { AlertingRule, StaticLabels } from './rule-group.ts'
import { sloWindowMs, type WantedWindows } from './wanted-windows.ts'

/** One alert for each severity that is on, for every scope that burns, and one for data that is gone. */
export function alertRules(slo: Slo, windows: WantedWindows | undefined, options: AlertOptions): AlertingRule[] {
  const burning = (['page', 'ticket'] as const).flatMap((severity) => burnAlert(slo, severity, options))
  return [...burning, ...(windows === undefined ? [] : blindAlert(slo, windows, options))]
}

/** How alerts are asked for, and what they are called beside what everybody calls them. */
export interface AlertOptions {
  /** The burn rate over a window. */
  readonly burnRate: (slo: Slo, windowMs: DurationMs) => string
  readonly labels: (slo: Slo, severity: Severity | 'none') => StaticLabels
}

function burnAlert(slo: Slo, severity: Severity, { burnRate, labels }: AlertOptions): AlertingRule[] {
  const { policy, severities } = slo.alerting
  const rules = policy.rules.filter((rule) => rule.severity === severity)
  if (rules.length === 0 || !severities[severity]) return []
  return [
    {
      kind: 'alert',
      alert: alertName.burn,
      expr: rules.map((rule) => condition(slo, rule, burnRate)).join('\nor\n'),
      forMs: policy.forMs,
      keepFiringForMs: policy.keepFiringForMs,
      labels: alertLabels(slo, severity, labels(slo, severity)),
      annotations: annotations(
        slo,
        `${slo.name} burns its error budget {{ printf "%.3g" $value }} times too fast{{ with $labels.region }} in {{ . }}{{ end }}`,
      ),
    },
  ]
}

/** The window does not belong to the alert: it stays one when another rule holds. */
function condition(slo: Slo, rule: AlertRule, burnRate: AlertOptions['burnRate']): string {
  const limit = toNumber(ruleBurnRate(rule, sloWindowMs(slo)))
  const above = (windowMs: DurationMs): string => `${burnRate(slo, windowMs)} > ${limit}`
  return `max without (window) (${above(rule.longMs)} and ignoring (window) ${above(rule.shortMs)})`
}

function blindAlert(slo: Slo, { baseMs }: WantedWindows, { labels }: AlertOptions): AlertingRule[] {
  const { severity, afterMs } = (slo.data ?? defaultDataPolicy).blind
  if (severity === 'off') return []
  const window = formatDuration(baseMs)
  const { expected } = slo.regions
  const scopes = expected.length === 0 ? [{}] : expected.map((region) => ({ region }))
  const absent = scopes.map((scope) => `absent(${seriesOf(recorded.events, { slo: slo.name, ...scope, window })})`)
  const summary = `no data of ${slo.name}{{ with $labels.region }} in {{ . }}{{ end }}`
  return [
    {
      kind: 'alert',
      alert: alertName.blind,
      expr: `max without (window) (${absent.join(' or ')})`,
      forMs: afterMs,
      keepFiringForMs: 0,
      labels: alertLabels(slo, severity, labels(slo, 'none')),
      annotations: annotations(slo, summary),
    },
  ]
}

/** What the alert is called by comes last, so that nothing takes its place. */
function alertLabels(slo: Slo, severity: Severity, more: StaticLabels): StaticLabels {
  const { alerting, labels, service, name } = slo
  const own = { ...texts(labels), ...texts(alerting.labels), ...texts(alerting.bySeverity[severity].labels) }
  return { ...own, ...more, service: literal(service), severity, slo: literal(name) }
}

function annotations({ description, runbook, dashboard }: Slo, summary: string): StaticLabels {
  return {
    summary,
    ...(description === '' ? {} : { description: literal(description) }),
    ...(runbook === undefined ? {} : { runbook_url: literal(runbook) }),
    ...(dashboard === undefined ? {} : { dashboard_url: literal(dashboard) }),
  }
}

/** Labels as rulers take them: names have letters, digits and underscores only. */
function texts(labels: Labels): StaticLabels {
  const named = [...labels].map(([name, value]) => [
    name.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^\d/, '_$&'),
    value,
  ])
  return Object.fromEntries(named.map(([name, value]) => [name, literal(value)]))
}

/** Text that is no template, whatever stands in it. */
function literal(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}')
}
