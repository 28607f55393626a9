import { globalScope } from '../../core/model/slo.ts'
import type { EpochMs } from '../../core/model/units.ts'
import { countComposite } from './count-composite.ts'
import { countPeriod } from './count-period.ts'
import type { Declared } from './declared.ts'
import type { ScopeReading } from './report.ts'

/**
 * Counts an SLO over (from, to] in a region or in the global scope, there by the sum of all events whatever its rule file makes of
 * regions. `own` is the region whose own objective holds, null for that of the SLO.
 */
export function countScope(
  declared: Declared,
  scope: string,
  from: EpochMs,
  to: EpochMs,
  own: string | null = scope === globalScope ? null : scope,
): ScopeReading {
  const under = own ?? undefined
  if (declared.members.length > 0) return countComposite(declared, scope, from, to, under)
  const { slo, days, regions, excluded } = declared
  if (scope === globalScope) {
    const expected = regions.length > 0 ? regions : ['']
    return countPeriod({ slo, region: under, days, excluded }, from, to, expected)
  }
  const ofRegion = days.filter(({ region }) => region === scope)
  return countPeriod({ slo, region: under, days: ofRegion, excluded }, from, to, [scope])
}
