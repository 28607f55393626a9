import { type AlertId, type AlertRecord, type Episode, isOpen } from '../core/model/alert.ts'
import { defaultDataPolicy, globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { AlertStates } from './alert-states.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { pageResolved } from './page-openings.ts'
import { isForgotten, regionsOf } from './read-scope.ts'

/** Open alerts whose SLO, or whose severity or scope of it, is no longer declared: nothing would ever resolve them. */
export function orphans(
  counting: Counting,
  alerts: AlertStates,
  evaluatedAt: (scope: string) => EpochMs | undefined,
): readonly AlertRecord[] {
  if (alerts.isQuiet) return []
  const newest = newestOf(counting, evaluatedAt)
  return [...alerts.open()].filter(({ id }) => {
    const compiled = counting.slos.get(id.slo)
    if (compiled === undefined || !isDeclared(id, compiled)) return true
    return isMissedNoMore(counting, compiled, id) || isInForgottenRegion(counting, compiled, id.scope, newest)
  })
}

function isDeclared({ scope, severity, cause }: AlertId, { slo, severities }: CompiledSlo): boolean {
  if (scope === globalScope && slo.regions.global === 'none') return false
  const { blind, trafficGone } = slo.data ?? defaultDataPolicy
  if (cause === 'blind') return blind.severity === severity
  return cause === 'traffic-gone' ? trafficGone === severity : severities.includes(severity)
}

/** Of a region that never came and is not expected any more, nothing is missed, and nobody would ever look again. */
function isMissedNoMore(counting: Counting, compiled: CompiledSlo, { scope, cause }: AlertId): boolean {
  if (cause !== 'blind' || scope === globalScope) return false
  return regionsOf(counting, compiled).every(({ region }) => region !== scope)
}

/** The newest step of any region: while nothing comes from anywhere, no region is gone for good. */
function newestOf({ regions }: Counting, evaluatedAt: (scope: string) => EpochMs | undefined): EpochMs {
  return [...regions.keys()].reduce(
    (newest, region) => Math.max(newest, evaluatedAt(region) ?? newest),
    Number.NEGATIVE_INFINITY,
  )
}

function isInForgottenRegion(counting: Counting, compiled: CompiledSlo, scope: string, at: EpochMs): boolean {
  const region = counting.regions.get(scope)
  return region !== undefined && isForgotten(counting, compiled, region, at)
}

/** An orphan that was a page weighs on the evidence no more: one that comes later needs evidence of its own. */
export function pageClosed(
  { slo: name, scope, severity, cause }: AlertId,
  { slos }: Counting,
  gates: EvidenceGates,
  at: EpochMs = 0,
): void {
  const slo = gates.slos.get(name)
  const base = slo?.rows.get(scope)
  const evidence = slos.get(name)?.evidence
  if (severity !== 'page' || cause !== undefined || slo === undefined || base === undefined) return
  if (evidence !== undefined) pageResolved(gates.weighedOf(evidence, slo, base), scope, at)
}

/** The end of the episode of an orphan; undefined where it never opened. */
export function orphanEpisode({ id, state, service }: AlertRecord, now: EpochMs): Episode | undefined {
  if (!isOpen(state)) return undefined
  return { id, service, firedAt: state.since, resolvedAt: now, rule: state.rule }
}
