import type { Annotation } from '../model/annotation.ts'
import type { Incident } from '../model/incident.ts'
import { annotationLookBackMs, annotationsPerMessageMax } from '../model/limits.ts'
import type { AnnotationReading } from '../model/notification.ts'
import { globalScope } from '../model/slo.ts'
import type { DurationMs, EpochMs } from '../model/units.ts'

/** What was changed shortly before an incident or while it burned, where it burned; the newest first. */
export function annotationsOf(
  incident: Pick<Incident, 'service' | 'openedAt' | 'alerts'>,
  annotations: readonly Annotation[],
  until: EpochMs,
): readonly AnnotationReading[] {
  return annotations
    .filter((annotation) => concerns(annotation, incident, until))
    .sort((a, b) => b.at - a.at)
    .slice(0, annotationsPerMessageMax)
    .map(({ kind, text, region, at, url }) => ({ kind, text, region, at, url, beforeMs: incident.openedAt - at }))
}

/**
 * Until when a deployment that concerns an incident explains it; null where none does. However many follow each other, it is
 * never longer after the opening than one of them would hold it.
 */
export function heldUntil(
  incident: Pick<Incident, 'service' | 'openedAt' | 'alerts'>,
  annotations: readonly Annotation[],
  holdMs: DurationMs,
  now: EpochMs,
): EpochMs | null {
  if (holdMs === 0) return null
  const deploys = annotations.filter((one) => one.kind === 'deploy' && concerns(one, incident, now))
  const until = Math.min(Math.max(...deploys.map(({ at }) => at)), incident.openedAt) + holdMs
  return deploys.length > 0 && until > now ? until : null
}

/** What concerns every service or region concerns this one; a global alert is concerned by every region. */
function concerns(
  { service, region, at }: Annotation,
  incident: Pick<Incident, 'service' | 'openedAt' | 'alerts'>,
  until: EpochMs,
): boolean {
  if (at > until || at < incident.openedAt - annotationLookBackMs) return false
  if (service !== null && service !== incident.service) return false
  return region === null || incident.alerts.some(({ id }) => id.scope === region || id.scope === globalScope)
}
