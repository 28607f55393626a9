import { ruleBurnRate } from '../core/budget/burn-rate.ts'
import { toNumber } from '../core/model/rational.ts'
import { type AlertRule, activeRules, globalScope, type Slo } from '../core/model/slo.ts'
import { secondMs } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import { alertName, recorded, seriesOf, seriesWhere } from './names.ts'
import { record } from './record.ts'
import type { RecordingRule } from './rule-group.ts'
import { sloWindowMs } from './wanted-windows.ts'

/** What else dashboards of the engine's series read: what the SLO says, the events of its window, and which alerts fire. */
export function aboutRules(slo: Slo): RecordingRule[] {
  const window = formatDuration(sloWindowMs(slo))
  const links = { runbook: slo.runbook ?? '', dashboard: slo.dashboard ?? '' }
  const known = Object.fromEntries(Object.entries(links).filter(([, link]) => link !== ''))
  return [
    record(slo, recorded.info, 'vector(1)', { window, ...known }),
    record(slo, recorded.windowLength, `vector(${sloWindowMs(slo) / secondMs})`),
    ...thresholds(slo),
    ...windowEvents(slo, window),
    ...firing(slo),
  ]
}

/** Of two rules with one long window the lower threshold is shown, as the engine does. */
function thresholds(slo: Slo): RecordingRule[] {
  const lowest = new Map<string, { readonly rule: AlertRule; readonly limit: number }>()
  for (const rule of activeRules(slo.alerting)) {
    const limit = toNumber(ruleBurnRate(rule, sloWindowMs(slo)))
    const key = `${rule.severity} ${rule.longMs}`
    if (limit < (lowest.get(key)?.limit ?? Number.POSITIVE_INFINITY)) lowest.set(key, { rule, limit })
  }
  return [...lowest.values()].map(({ rule: { severity, longMs }, limit }) => {
    return record(slo, recorded.threshold, `vector(${limit})`, { severity, window: formatDuration(longMs) })
  })
}

/** A composite counts nothing itself. */
function windowEvents(slo: Slo, window: string): RecordingRule[] {
  const { indicator, regions } = slo
  if (indicator.kind === 'composite') return []
  const labels = { slo: slo.name, window }
  const isRegional = indicator.kind !== 'query'
  const of = (name: string) => seriesWhere(name, labels, isRegional ? ['region!=""'] : [])
  const byKind = { good: `${of(recorded.events)} - ${of(recorded.badEvents)}`, bad: of(recorded.badEvents) }
  const regional = Object.entries(byKind).map(([kind, expr]) => {
    return record(slo, recorded.windowEvents, `max without (window) (${expr})`, { kind })
  })
  if (!isRegional || regions.global !== 'events') return regional
  const sum = (name: string) => `sum without (region, window) (${seriesOf(name, labels)})`
  const all = { good: `${sum(recorded.events)} - ${sum(recorded.badEvents)}`, bad: sum(recorded.badEvents) }
  const global = Object.entries(all).map(([kind, expr]) => {
    return record(slo, recorded.windowEvents, expr, { kind, region: globalScope })
  })
  return [...regional, ...global]
}

/** 1 while an alert fires, and 0 otherwise wherever there is one. */
function firing(slo: Slo): RecordingRule[] {
  const by = ['slo', 'service', 'region', ...slo.groupBy].join(', ')
  return [...new Set(activeRules(slo.alerting).map(({ severity }) => severity))].map((severity) => {
    const state = { alertname: alertName.burn, alertstate: 'firing', slo: slo.name, severity }
    const scopes = seriesOf(recorded.objective, { slo: slo.name })
    const expr = `max by (${by}) (${seriesOf('ALERTS', state)}) or 0 * max by (${by}) (${scopes})`
    return record(slo, recorded.firing, expr, { severity })
  })
}
