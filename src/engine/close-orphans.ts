import { type AlertId, type AlertRecord, type Episode, isOpen } from '../core/model/alert.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { AlertChange } from '../core/paging/plan.ts'
import type { AlertBook } from './alert-book.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'

/** An open alert that no rule speaks of any more, ended. */
export interface ClosedOrphan {
  readonly change: AlertChange
  readonly episode: Episode
}

/** Open alerts whose SLO, or whose severity or scope of it, is no longer declared: nothing would ever resolve them. */
export function orphans({ slos }: Counting, alerts: AlertBook): readonly AlertRecord[] {
  if (alerts.isQuiet) return []
  return [...alerts.open()].filter(({ id }) => !isDeclared(id, slos.get(id.slo)))
}

function isDeclared({ scope, severity }: AlertId, compiled: CompiledSlo | undefined): boolean {
  if (compiled === undefined || (scope === globalScope && compiled.slo.regions.global === 'none')) return false
  return compiled.severities.includes(severity)
}

/** Ends an orphan: those who heard of the opening hear of the end, in the words they know. */
export function closeOrphan({ id, state, told, opened }: AlertRecord, now: EpochMs): ClosedOrphan | undefined {
  if (!isOpen(state) || opened === null) return undefined
  const notification = { ...opened, status: 'resolved', at: now, resolvedAt: now } as const
  return {
    change: { id, episode: state.since, event: 'resolved', notification, receivers: [], told },
    episode: { id, service: opened.service, firedAt: state.since, resolvedAt: now, rule: state.rule },
  }
}
