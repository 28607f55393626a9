import { audibleAlerts, loudest } from '../core/incidents/audible.ts'
import type { Incident, Telling } from '../core/model/incident.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { Routing } from '../core/paging/routing.ts'
import type { Outbox, PageProgress } from '../ports/store.ts'

/** What an audit found of one open page. */
export interface PageAudit {
  readonly incident: Incident
  readonly verdict: 'proven' | 'moving' | 'late' | 'lost'
}

/**
 * Looks at every open page that somebody was to be woken for and that is not known to have arrived: it has arrived, is on its way,
 * has been on its way for too long, or is neither, which must never be.
 */
export async function auditPages(
  incidents: Iterable<Incident>,
  outbox: Pick<Outbox, 'pageProgress'>,
  { fallback }: Pick<Routing, 'fallback'>,
  now: EpochMs,
): Promise<readonly PageAudit[]> {
  const audits: PageAudit[] = []
  for (const incident of incidents) {
    if (!isUnproven(incident)) continue
    const progress = await outbox.pageProgress(incident.key, incident.openedAt, incident.telling.wokeAt ?? 0)
    audits.push({ incident, verdict: verdictOn(progress, { afterMs: fallback?.afterMs, now, ...incident.telling }) })
  }
  return audits
}

/** Whether an open page is not known to have arrived. Whoever acknowledged it knows of it, however that came about. */
export function isUnproven(incident: Incident): boolean {
  const { phase, telling, acknowledgement } = incident
  if (acknowledgement !== null) return false
  if (phase.kind !== 'open' || telling.proven || telling.severity !== 'page' || telling.told.length === 0) return false
  return loudest(audibleAlerts(incident)) === 'page'
}

interface Patience extends Pick<Telling, 'fellBack'> {
  /** When the fallback receiver is told; undefined where there is none. */
  readonly afterMs: DurationMs | undefined
  readonly now: EpochMs
}

/**
 * What arrived in a chat wakes nobody whose pager was not reached: with a fallback receiver, a page is proven once every receiver has it,
 * or that one was told.
 */
function verdictOn(
  { delivered, moving, waitingSince }: PageProgress,
  { afterMs, fellBack, now }: Patience,
): PageAudit['verdict'] {
  const isLate = afterMs !== undefined && waitingSince !== null && now - waitingSince >= afterMs
  if (!delivered) return moving ? (isLate ? 'late' : 'moving') : 'lost'
  if (waitingSince === null || afterMs === undefined || fellBack) return 'proven'
  return isLate || !moving ? 'late' : 'moving'
}
