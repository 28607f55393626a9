import { seriesPerSloMax } from '../core/model/limits.ts'
import type { Destination } from './destination.ts'

/** How many series each SLO counts, and which SLOs have as many as they may: no other SLO has fewer for it. */
export class SeriesPerSlo {
  /** Series that an SLO wanted and did not get. */
  refused = 0
  readonly #counts = new Map<string, number>()
  readonly #full = new Set<string>()
  readonly #max: number

  constructor(max = seriesPerSloMax) {
    this.#max = max
  }

  /** SLOs that take up no more series. */
  get full(): ReadonlySet<string> {
    return this.#full
  }

  /** SLOs by name, with how many series each has. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  add(slos: readonly string[]): void {
    for (const slo of slos) {
      const count = (this.#counts.get(slo) ?? 0) + 1
      this.#counts.set(slo, count)
      if (count >= this.#max) this.#full.add(slo)
    }
  }

  remove(slos: readonly string[]): void {
    for (const slo of slos) {
      const count = (this.#counts.get(slo) ?? 0) - 1
      if (count > 0) this.#counts.set(slo, count)
      else this.#counts.delete(slo)
      this.#full.delete(slo)
    }
  }

  /** Counts anew, for other rules. */
  recount(destinations: Iterable<readonly [Destination, number]>): void {
    this.#counts.clear()
    this.#full.clear()
    for (const [{ slos }, series] of destinations) {
      for (const slo of slos) this.#counts.set(slo, (this.#counts.get(slo) ?? 0) + series)
    }
    for (const [slo, count] of this.#counts) if (count >= this.#max) this.#full.add(slo)
  }
}
