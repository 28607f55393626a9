import { defaultDataPolicy, globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { Step } from './due-steps.ts'
import { type JudgedReading, judged } from './judged-reading.ts'
import { isSilentForGood, readSloInRegion } from './read-scope.ts'
import { namelessRegion } from './region-counts.ts'

/**
 * Regions that cannot be seen, of SLOs whose policy says what unseen data is: they are judged with the global scope, and
 * when their data comes after all, the time that was judged already is not judged again.
 */
export class AssumedRegions {
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

  /** Takes up what an earlier process had judged: all of a region that it was waiting for when it judged the global scope last. */
  restore({ regions, slos }: Counting, progress: ReadonlyMap<string, EpochMs>): void {
    const globalAt = progress.get(globalScope)
    if (globalAt === undefined) return
    for (const { region, slos: counted } of regions.values()) {
      const judgedAt = progress.get(region)
      if (judgedAt === undefined) continue
      for (const [id, { seen }] of counted) {
        if (isAssumed(slos.get(id)) && globalAt - judgedAt > seen.staleAfterMs) {
          this.#judgedUntil.set(keyOf(id, region), globalAt)
        }
      }
    }
  }

  /** Readings under the policies `bad` and `good`, for a step at which the global scope is evaluated. */
  *read(counting: Counting, { at, regions: due, global }: Step): Iterable<JudgedReading> {
    if (!global) return
    const others = [...counting.regions.values()].filter(
      ({ region }) => region !== namelessRegion && !due.includes(region),
    )
    if (others.length === 0) return
    for (const declared of counting.slos.values()) {
      if (!isAssumed(declared)) continue
      for (const region of others) {
        const counts = region.slos.get(declared.id)
        if (counts?.seen.until === undefined || at - counts.seen.until <= counts.seen.staleAfterMs) continue
        // Nobody is to be told again and again of what is no region any more.
        if (isSilentForGood(declared, region, at)) continue
        this.#judgedUntil.set(keyOf(declared.id, region.region), at)
        yield judged(readSloInRegion(counting, region, declared, at))
      }
    }
  }
}

/** Whether its policy says what unseen data is. */
function isAssumed(compiled: CompiledSlo | undefined): boolean {
  const { unseen } = compiled?.slo.data ?? defaultDataPolicy
  return unseen === 'bad' || unseen === 'good'
}

function keyOf(slo: string, region: string): string {
  return `${slo}/${region}`
}
