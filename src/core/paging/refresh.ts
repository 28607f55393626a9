import type { Incident, ToldAddress } from '../model/incident.ts'
import type { DurationMs, EpochMs } from '../model/units.ts'
import type { Routing } from './routing.ts'

/** Those who forget what they are not told again, while there is something to be remembered. */
export function forgetful({ phase, telling }: Incident, { traitsOf }: Routing): readonly ToldAddress[] {
  if (phase.kind === 'closed') return []
  return telling.told.filter(({ receiver }) => traitsOf(receiver).refreshEveryMs !== undefined)
}

/** When somebody has to be told again of what they know already; Infinity when nobody has. */
export function refreshDueAt(incident: Incident, routing: Routing): EpochMs {
  const { refreshedAt, wokeAt } = incident.telling
  const everyMs = forgetful(incident, routing).map(
    ({ receiver }): DurationMs => routing.traitsOf(receiver).refreshEveryMs ?? Number.POSITIVE_INFINITY,
  )
  return Math.max(refreshedAt ?? 0, wokeAt ?? incident.openedAt) + Math.min(Number.POSITIVE_INFINITY, ...everyMs)
}
