import type { Labels } from '../core/model/labels.ts'
import { regionsPerSourceMax } from '../core/model/limits.ts'
import type { SampleOrigin } from '../ports/sample-sink.ts'

/** The origins of the series of one source, of which a label may name the region. */
export class RegionOrigins {
  readonly #own: SampleOrigin
  readonly #regionLabel: string | undefined
  readonly #byRegion = new Map<string, SampleOrigin>()

  /** Without a `regionLabel` all series are of the region of `own`. */
  constructor(own: SampleOrigin, regionLabel: string | undefined) {
    this.#own = own
    this.#regionLabel = regionLabel
  }

  /** Where a series comes from: one object for all series of a region, as far as their number is sane. */
  of(labels: Labels): SampleOrigin {
    const region = this.#regionLabel === undefined ? undefined : labels.get(this.#regionLabel)
    if (region === undefined || region === this.#own.region) return this.#own
    const known = this.#byRegion.get(region)
    if (known !== undefined) return known
    const origin = { ...this.#own, region }
    if (this.#byRegion.size < regionsPerSourceMax) this.#byRegion.set(region, origin)
    return origin
  }
}
