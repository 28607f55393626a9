import { type AlertId, type AlertRecord, type Episode, isOpen } from '../core/model/alert.ts'
import { defaultDataPolicy, globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { AlertBook } from './alert-book.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import { isForgotten } from './read-scope.ts'

/** Open alerts whose SLO, or whose severity or scope of it, is no longer declared: nothing would ever resolve them. */
export function orphans(counting: Counting, alerts: AlertBook): readonly AlertRecord[] {
  if (alerts.isQuiet) return []
  return [...alerts.open()].filter(({ id }) => {
    const compiled = counting.slos.get(id.slo)
    return compiled === undefined || !isDeclared(id, compiled) || isInForgottenRegion(counting, compiled, id.scope)
  })
}

function isDeclared({ scope, severity, cause }: AlertId, { slo, severities }: CompiledSlo): boolean {
  if (scope === globalScope && slo.regions.global === 'none') return false
  const { blind, trafficGone } = slo.data ?? defaultDataPolicy
  if (cause === 'blind') return blind.severity === severity
  return cause === 'traffic-gone' ? trafficGone === severity : severities.includes(severity)
}

/** As of the newest data of any region: while nothing comes from anywhere, no region is gone for good. */
function isInForgottenRegion({ regions }: Counting, compiled: CompiledSlo, scope: string): boolean {
  const region = regions.get(scope)
  if (region === undefined) return false
  const watermarks = [...regions.values()].map(({ watermark }) => watermark).filter((at) => !Number.isNaN(at))
  return isForgotten(
    compiled,
    region,
    watermarks.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  )
}

/** The end of the episode of an orphan; undefined where it never opened. */
export function orphanEpisode({ id, state, service }: AlertRecord, now: EpochMs): Episode | undefined {
  if (!isOpen(state)) return undefined
  return { id, service, firedAt: state.since, resolvedAt: now, rule: state.rule }
}
