import { globalScope } from '../../core/model/slo.ts'
import type { EpochMs } from '../../core/model/units.ts'
import { budgetAt } from './count-period.ts'
import { countScope } from './count-scope.ts'
import type { Declared } from './declared.ts'
import type { ScopeReading } from './report.ts'

/** What an SLO is judged by over a period. */
export interface Judgement {
  readonly reading: ScopeReading
  /** `global`, or the region that is the worst where all regions together are not judged. */
  readonly scope: string
  readonly regions: readonly { readonly region: string; readonly reading: ScopeReading }[]
}

/** Judges an SLO over (from, to] as its rule file says that regions make the global scope. */
export function judge(declared: Declared, from: EpochMs, to: EpochMs): Judgement {
  const { slo, regions } = declared
  const inRegions = regions.map((region) => ({ region, reading: countScope(declared, region, from, to) }))
  const together = countScope(declared, globalScope, from, to)
  const shared = { regions: inRegions }
  const worst = worstOf(inRegions)
  const { global } = slo.regions
  if (global === 'events' || worst === undefined) return { reading: together, scope: globalScope, ...shared }
  if (global === 'none') return { reading: worst.reading, scope: worst.region, ...shared }
  const budget = budgetAt({ slo, region: undefined }, to)
  if (global === 'mean')
    return {
      reading: meanOf(
        inRegions.map(({ reading }) => reading),
        together,
        budget,
      ),
      scope: globalScope,
      ...shared,
    }
  const { coverage, excluded } = together
  const reading = countScope(declared, worst.region, from, to, null)
  const left = { ...reading.excluded, lengthMs: excluded.lengthMs }
  return { reading: { ...reading, coverage, excluded: left }, scope: globalScope, ...shared }
}

/** The region that has spent most of its budget; undefined where none has events. */
export function worstOf(regions: Judgement['regions']): Judgement['regions'][number] | undefined {
  return regions
    .filter(({ reading }) => reading.consumed !== null)
    .toSorted((a, b) => (b.reading.consumed ?? 0) - (a.reading.consumed ?? 0))[0]
}

/** Each region weighs the same, whatever its traffic. */
function meanOf(readings: readonly ScopeReading[], together: ScopeReading, budget: number): ScopeReading {
  const known = readings.flatMap(({ sli }) => (sli === null ? [] : [sli]))
  if (known.length === 0) return together
  const sli = known.reduce((a, b) => a + b, 0) / known.length
  const consumed = (1 - sli) / budget
  return { ...together, sli, consumed, remaining: 1 - consumed }
}
