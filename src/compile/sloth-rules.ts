import { errorBudget } from '../core/budget/burn-rate.ts'
import { multiply, rational, toNumber } from '../core/model/rational.ts'
import { globalScope, type Severity, type Slo } from '../core/model/slo.ts'
import { type DurationMs, dayMs } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import { recorded, seriesOf } from './names.ts'
import type { RecordingRule, RuleGroup, StaticLabels } from './rule-group.ts'
import { alertWindows, sloWindowMs } from './wanted-windows.ts'

/** The labels that Sloth gives to all of an SLO. What was made of a Sloth file gets its id back. */
function slothLabels({ name, service }: Slo): StaticLabels {
  const slo = name.startsWith(`${service}-`) ? name.slice(service.length + 1) : name
  return { sloth_id: `${service}-${slo}`, sloth_service: service, sloth_slo: slo }
}

/** The same of an alert; one that is not about burn rates has no severity that Sloth's dashboards would show. */
export function slothAlertLabels(slo: Slo, severity: Severity | 'none'): StaticLabels {
  return { ...slothLabels(slo), ...(severity === 'none' ? {} : { sloth_severity: severity }) }
}

/**
 * The recordings of Sloth 0.16 by name and label, so that dashboards made for it go on working. They hold the global scope,
 * or with the label region every region, where there is no global one. Figures over the SLO window are weighted by traffic.
 */
export function slothGroups(slo: Slo): RuleGroup[] {
  const id = slothLabels(slo)['sloth_id']
  return [
    { name: `sloth-slo-sli-recordings-${id}`, rules: ratios(slo) },
    { name: `sloth-slo-meta-recordings-${id}`, rules: metadata(slo) },
  ]
}

function ratios(slo: Slo): RecordingRule[] {
  const windows = [...new Set([...alertWindows(slo), sloWindowMs(slo)])].sort((a, b) => a - b)
  return windows.map((windowMs) => {
    const window = slothDuration(windowMs)
    const series = scoped(slo, recorded.errorRatio, { window: formatDuration(windowMs) })
    return record(slo, `slo:sli_error:ratio_rate${window}`, series, { sloth_window: window })
  })
}

function metadata(slo: Slo): RecordingRule[] {
  const objective = toNumber(slo.objective)
  const windowMs = sloWindowMs(slo)
  const shortest = formatDuration(Math.min(...alertWindows(slo)))
  const percent = toNumber(multiply(slo.objective, rational(100n, 1n)))
  const info = {
    sloth_mode: 'cli-gen-prom',
    sloth_objective: String(percent),
    sloth_spec: 'sloburn/v1',
    sloth_version: 'sloburn',
  }
  return [
    record(slo, 'slo:objective:ratio', `vector(${objective})`),
    record(slo, 'slo:error_budget:ratio', `vector(${toNumber(errorBudget(slo.objective))})`),
    record(slo, 'slo:time_period:days', `vector(${windowMs / dayMs})`),
    record(slo, 'slo:current_burn_rate:ratio', scoped(slo, recorded.burnRate, { window: shortest })),
    record(slo, 'slo:period_burn_rate:ratio', scoped(slo, recorded.burnRate, { window: formatDuration(windowMs) })),
    record(slo, 'slo:period_error_budget_remaining:ratio', scoped(slo, recorded.remaining, {})),
    record(slo, 'sloth_slo_info', 'vector(1)', info),
  ]
}

/** Our own series of the scope that Sloth knows, without our labels. */
function scoped(slo: Slo, name: string, labels: StaticLabels): string {
  const isGlobal = slo.regions.global !== 'none' && slo.indicator.kind !== 'query'
  const series = seriesOf(name, { slo: slo.name, ...(isGlobal ? { region: globalScope } : {}), ...labels })
  return `max without (${isGlobal ? 'region, ' : ''}service, slo, window) (${series})`
}

function record(slo: Slo, series: string, expr: string, labels: StaticLabels = {}): RecordingRule {
  return { kind: 'record', record: series, expr, labels: { ...slothLabels(slo), ...labels } }
}

/** Sloth writes durations as Prometheus does: 28 days are 4w. */
function slothDuration(durationMs: DurationMs): string {
  const weekMs = 7 * dayMs
  return durationMs % weekMs === 0 ? `${durationMs / weekMs}w` : formatDuration(durationMs)
}
