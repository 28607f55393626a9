/** Events, and those among them of which it is not known on which side of a bound they lie. */
export interface Uncertain {
  readonly uncertain: number
  readonly total: number
}

/**
 * How exactly the buckets are known that are made of native and exponential histograms: of each its newest sample, and the
 * events in it that lie in a bucket which the bound cuts.
 */
export class HistogramExactness {
  readonly #newest = new Map<number, Uncertain>()

  /** Notes the newest sample of a series; one that was always exact takes no room. */
  note(series: number, uncertain: number, total: number): void {
    if (uncertain > 0 || this.#newest.has(series)) this.#newest.set(series, { uncertain, total })
  }

  forget(series: number): void {
    this.#newest.delete(series)
  }

  /** The sum over those series that are asked for: where 1 % is uncertain, the SLI is off by less than that. */
  sum(isAskedFor: (series: number) => boolean): Uncertain {
    let uncertain = 0
    let total = 0
    for (const [series, newest] of this.#newest) {
      if (!isAskedFor(series)) continue
      uncertain += newest.uncertain
      total += newest.total
    }
    return { uncertain, total }
  }
}
