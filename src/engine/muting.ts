import type { Muting } from '../core/incidents/hush.ts'
import { mutedBy } from '../core/paging/muted-by.ts'
import type { ExclusionsInForce } from './exclusions-in-force.ts'

/** Maintenance that keeps alerts from being told while it lasts. */
export function mutingBy(exclusions: Pick<ExclusionsInForce, 'all'>): Muting {
  return ({ slo = '', service = '', scope = '' }, at) => {
    const found = mutedBy(exclusions.all, { slo, service, region: scope }, at)
    return found === undefined ? undefined : { name: found.id, reason: `${found.reason} (${found.author})` }
  }
}
