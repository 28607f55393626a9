import type { Selector } from '../core/model/selector.ts'
import {
  bucketBound,
  bucketBoundLabel,
  type MissingBound,
  neighbouringBounds,
  type WantedBucket,
  wantedBucket,
} from '../core/sli/bucket-bound.ts'
import type { CompiledSlo } from './compiled-slo.ts'

/** One bucket that an SLO counts. */
export interface BucketTerm extends WantedBucket {
  /** Name of the SLO. */
  readonly slo: string
}

/** A bucket that an SLO counts and a region's histogram does not have. */
export interface MissingBucket extends BucketTerm, MissingBound {
  readonly region: string
}

/** What was seen of one histogram in one region. */
interface Sight {
  hasBucket: boolean
  /** It was missing when somebody read the SLO. */
  wasHeld: boolean
  readonly bounds: Set<string>
}

/**
 * Which buckets that SLOs count are there. Where one is not, every event would count as slow although nobody knows how
 * long it took: such an SLO is held as unknown in its region.
 */
export class BucketWatch {
  readonly #terms = new Map<string, BucketTerm[]>()
  readonly #sights = new Map<BucketTerm, Map<string, Sight>>()

  /** Forgets everything, for other rules. */
  clear(): void {
    this.#terms.clear()
    this.#sights.clear()
  }

  /** Watches the bucket that a selector of an SLO asks for; undefined when it asks for none, or for several. */
  add({ slo: { name } }: CompiledSlo, selector: Selector): BucketTerm | undefined {
    const wanted = wantedBucket(selector)
    if (wanted === undefined) return undefined
    const term = { slo: name, ...wanted }
    this.#terms.set(name, [...(this.#terms.get(name) ?? []), term])
    this.#sights.set(term, new Map())
    return term
  }

  /** A bucket of the term's histogram came, of whatever bound. */
  seeBound(term: BucketTerm, region: string, bound: string): void {
    const sight = this.#sight(term, region)
    if (!sight.hasBucket && bucketBound(bound) !== undefined) sight.bounds.add(bound)
  }

  /** The term's own bucket came; true when it was missed until now, so that what was counted without it is worth nothing. */
  seeBucket(term: BucketTerm, region: string): boolean {
    const sight = this.#sight(term, region)
    const wasMissed = !sight.hasBucket && sight.wasHeld
    sight.hasBucket = true
    sight.bounds.clear()
    return wasMissed
  }

  /** Whether an SLO counts a bucket that is not there, as it is read in a region: it is held from then on. */
  holds(slo: string, region: string): boolean {
    const missing = this.#missing(slo, region)
    for (const term of missing) this.#sight(term, region).wasHeld = true
    return missing.length > 0
  }

  /** Whether an SLO was held when it was read last, and its bucket has not come since. */
  isHeld(slo: string, region: string): boolean {
    return this.heldIn(slo, region).length > 0
  }

  /** Whether an SLO counts no bucket that could be missing in a region: none at all, or it came. */
  isSettled(slo: string, region: string): boolean {
    const terms = this.#terms.get(slo)
    return terms === undefined || terms.every((term) => this.#sights.get(term)?.get(region)?.hasBucket === true)
  }

  /** What is missing where SLOs are held. */
  get held(): readonly MissingBucket[] {
    return [...this.#terms.keys()].flatMap((slo) => this.#regionsOf(slo).flatMap((region) => this.heldIn(slo, region)))
  }

  /** What is missing where one SLO is held in one region. */
  heldIn(slo: string, region: string): MissingBucket[] {
    return this.#missing(slo, region).flatMap((term) => {
      const { wasHeld, bounds } = this.#sight(term, region)
      const found = neighbouringBounds(bounds, term.bound)
      if (!wasHeld || found.kind === 'exact') return []
      return [{ ...term, region, next: { below: found.below, above: found.above } }]
    })
  }

  /** Terms whose histogram has other buckets only; all of them where the SLO has no bucket at all. */
  #missing(slo: string, region: string): readonly BucketTerm[] {
    const terms = this.#terms.get(slo)
    if (terms === undefined) return []
    const absent = terms.filter((term) => this.#sights.get(term)?.get(region)?.hasBucket !== true)
    if (absent.length === terms.length) return absent
    return absent.filter((term) => (this.#sights.get(term)?.get(region)?.bounds.size ?? 0) > 0)
  }

  #regionsOf(slo: string): readonly string[] {
    return [...new Set((this.#terms.get(slo) ?? []).flatMap((term) => [...(this.#sights.get(term)?.keys() ?? [])]))]
  }

  #sight(term: BucketTerm, region: string): Sight {
    const regions = this.#sights.get(term) ?? new Map<string, Sight>()
    this.#sights.set(term, regions)
    const sight = regions.get(region) ?? { hasBucket: false, wasHeld: false, bounds: new Set() }
    regions.set(region, sight)
    return sight
  }
}

/** The selector without the bound: it accepts every bucket of the histograms whose one it wants. */
export function anyBound({ matchers }: Selector): Selector {
  return { matchers: matchers.filter(({ label }) => label !== bucketBoundLabel) }
}
