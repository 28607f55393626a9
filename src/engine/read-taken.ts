import { defaultDataPolicy } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Counting } from './counting.ts'
import type { Step } from './due-steps.ts'
import { type JudgedReading, judged } from './judged-reading.ts'
import { readSloInRegion } from './read-scope.ts'
import { namelessRegion } from './region-counts.ts'

/**
 * Regions that cannot be seen, of SLOs whose policy says what unseen data is: they are judged with the global scope, and
 * when their data comes after all, the time that was judged already is not judged again.
 */
export class TakenRegions {
  readonly #judgedUntil = new Map<string, EpochMs>()

  /** Whether nothing was judged before its data came. */
  get isEmpty(): boolean {
    return this.#judgedUntil.size === 0
  }

  /** Whether a moment of an SLO in a region was judged before its data came. */
  wasJudged(slo: string, region: string, at: EpochMs): boolean {
    if (this.#judgedUntil.size === 0) return false
    const until = this.#judgedUntil.get(keyOf(slo, region))
    if (until === undefined) return false
    if (at > until) this.#judgedUntil.delete(keyOf(slo, region))
    return at <= until
  }

  /** Readings under the policies `bad` and `good`, for a step at which the global scope is evaluated. */
  *read(counting: Counting, { at, regions: due, global }: Step): Iterable<JudgedReading> {
    if (!global) return
    const others = [...counting.regions.values()].filter(
      ({ region }) => region !== namelessRegion && !due.includes(region),
    )
    if (others.length === 0) return
    for (const declared of counting.slos.values()) {
      const { unseen } = declared.slo.data ?? defaultDataPolicy
      if (unseen !== 'bad' && unseen !== 'good') continue
      for (const region of others) {
        const counts = region.slos.get(declared.id)
        if (counts?.seen.until === undefined || at - counts.seen.until <= counts.seen.staleAfterMs) continue
        this.#judgedUntil.set(keyOf(declared.id, region.region), at)
        yield judged(readSloInRegion(counting, region, declared, at))
      }
    }
  }
}

function keyOf(slo: string, region: string): string {
  return `${slo}/${region}`
}
