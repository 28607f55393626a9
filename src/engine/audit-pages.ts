import { audibleAlerts, loudest } from '../core/incidents/audible.ts'
import type { Incident } from '../core/model/incident.ts'
import type { EpochMs } from '../core/model/units.ts'
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
    audits.push({ incident, verdict: verdictOn(progress, fallback?.afterMs, now) })
  }
  return audits
}

function isUnproven(incident: Incident): boolean {
  const { phase, telling } = incident
  if (phase.kind !== 'open' || telling.proven || telling.severity !== 'page' || telling.told.length === 0) return false
  return loudest(audibleAlerts(incident)) === 'page'
}

function verdictOn(
  { delivered, moving, waitingSince }: PageProgress,
  afterMs: number | undefined,
  now: EpochMs,
): PageAudit['verdict'] {
  if (delivered) return 'proven'
  if (!moving) return 'lost'
  return afterMs !== undefined && waitingSince !== null && now - waitingSince >= afterMs ? 'late' : 'moving'
}
