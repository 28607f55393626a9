import { staleAfterMinMs } from '../core/model/limits.ts'
import type { Counting } from './counting.ts'
import type { Step } from './due-steps.ts'
import { isSilentForGood, readSloInRegion, type ScopeReading } from './read-scope.ts'
import { namelessRegion } from './region-counts.ts'

/** Reads the SLOs that weigh evidence in regions of which nothing has come for a while, when the global scope is evaluated. */
export function* readUnseen(counting: Counting, { at, regions: due, global }: Step): Iterable<ScopeReading> {
  if (!global) return
  for (const region of counting.regions.values()) {
    if (region.region === namelessRegion || !(at - region.watermark > staleAfterMinMs)) continue
    if (due.includes(region.region)) continue
    for (const id of region.slos.keys()) {
      const compiled = counting.slos.get(id)
      if (compiled?.evidence === undefined || isSilentForGood(compiled, region, at)) continue
      yield readSloInRegion(counting, region, compiled, at)
    }
  }
}
