import type { EpochMs } from '../core/model/units.ts'
import type { HistogramRefs } from '../ports/sample-sink.ts'
import { NativeTrail } from './native-trail.ts'
import type { CacheEntry } from './series-index.ts'

/** Follows the native histograms of one sender, those of each series by themselves. */
export class NativeTrails {
  readonly #trails = new Map<CacheEntry, { readonly trail: NativeTrail; at: EpochMs }>()

  /** The trail of a series, for its histogram of a moment; undefined for one that comes late, which stands for itself. */
  of(entry: CacheEntry, { buckets }: HistogramRefs, at: EpochMs): NativeTrail | undefined {
    const bounds = buckets.map(({ bound }) => bound)
    const known = this.#trails.get(entry)
    if (known === undefined || !known.trail.isOf(bounds)) {
      const trail = new NativeTrail(bounds)
      this.#trails.set(entry, { trail, at })
      return trail
    }
    if (!(at > known.at)) return undefined
    known.at = at
    return known.trail
  }

  /** Forgets all of them: their series go by other numbers from now on. */
  clear(): void {
    this.#trails.clear()
  }
}
