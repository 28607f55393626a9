import { staleAfterMinMs } from '../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { type SeenTable, staleAfter } from '../core/series/seen-intervals.ts'

/** How well an SLO is seen in a region: not up to now, up to now, or gone for good. */
export const sight = { unseen: 0, whole: 1, gone: 2 } as const

/** What the sights of a region are found from, by the places of its SLOs. */
export interface SightsScope {
  readonly seenTable: SeenTable
  /** Where what was seen of each stands in the table. */
  readonly seen: Int32Array
  /** How long data of each may be missing before its region counts as dark for it. */
  readonly darkAfterMs: Float64Array
  readonly stepMs: DurationMs
  /** Whether one that cannot be seen is gone for good; `until` is when it was seen last. */
  readonly isGone: (slot: number, until: EpochMs, at: EpochMs) => boolean
}

/** Up to when the SLOs of a region are seen: looked at only as often as one may have come to be missed. */
export class RegionSights {
  /** The sight of each SLO. */
  readonly sights: Uint8Array
  /** 1 where the region counts as dark. */
  readonly isLate: Uint8Array
  readonly #scope: SightsScope
  /** By block: up to when all of its SLOs are seen up to now, and none is late, whatever comes. */
  readonly #wholeUntil: Float64Array

  constructor(scope: SightsScope) {
    this.#scope = scope
    const { length } = scope.seen
    this.sights = new Uint8Array(length)
    this.isLate = new Uint8Array(length)
    // One step less than the shortest time after which anything is missed: in each step it is the turn of one block.
    const blocks = Math.max(1, Math.floor(staleAfterMinMs / scope.stepMs) - 1)
    this.#wholeUntil = new Float64Array(blocks).fill(Number.NEGATIVE_INFINITY)
  }

  /** Nothing is seen. */
  clear(): void {
    this.sights.fill(sight.unseen)
    this.#wholeUntil.fill(Number.NEGATIVE_INFINITY)
  }

  /** Looks at all SLOs as of a moment; answers whether all are seen up to now, and none is late. */
  look(at: EpochMs): boolean {
    const blocks = this.#wholeUntil.length
    const turn = Math.floor(at / this.#scope.stepMs) % blocks
    let areWhole = true
    for (let block = 0; block < blocks; block++) {
      if (block === turn || !(at <= this.#wholeUntil[block])) this.#lookAt(block, at)
      if (this.#wholeUntil[block] === Number.NEGATIVE_INFINITY) areWhole = false
    }
    return areWhole
  }

  #lookAt(block: number, at: EpochMs): void {
    const { seenTable, seen, darkAfterMs, isGone } = this.#scope
    const { cells } = seenTable
    const { sights, isLate } = this
    const blocks = this.#wholeUntil.length
    const first = Math.floor((block * seen.length) / blocks)
    const end = Math.floor(((block + 1) * seen.length) / blocks)
    const fresh = at - staleAfterMinMs
    let wholeUntil = Number.POSITIVE_INFINITY
    for (let slot = first; slot < end; slot++) {
      const until = cells[seen[slot] + 1]
      const darkAfter = darkAfterMs[slot]
      const isDark = at - until >= darkAfter
      isLate[slot] = isDark ? 1 : 0
      // Nothing is stale so soon, however often it comes.
      if (until >= fresh || at - until <= staleAfter(cells[seen[slot] + 2])) {
        sights[slot] = sight.whole
        const known = until + (darkAfter <= staleAfterMinMs ? darkAfter - 1 : staleAfterMinMs)
        if (isDark) wholeUntil = Number.NEGATIVE_INFINITY
        else if (known < wholeUntil) wholeUntil = known
      } else {
        wholeUntil = Number.NEGATIVE_INFINITY
        sights[slot] = isGone(slot, until, at) ? sight.gone : sight.unseen
      }
    }
    this.#wholeUntil[block] = wholeUntil
  }
}
