import type { EpochMs } from '../core/model/units.ts'
import type { HistogramRefs } from '../ports/sample-sink.ts'
import { countersOf, type HistogramCounter } from './histogram-counters.ts'
import { NativeTrails } from './native-trails.ts'
import type { SeriesAllowance } from './series-allowance.ts'
import type { CacheEntry, SeriesIndex } from './series-index.ts'
import type { HistogramSample } from './wire/series-visitor.ts'

/** The series of an index that have native histograms: what each is counted as, and how it goes on from the one before. */
export class NativeSeries {
  readonly #index: SeriesIndex
  readonly #allowance: SeriesAllowance
  /** Undefined where no SLO uses a histogram. */
  readonly #refs = new Map<CacheEntry, HistogramRefs | undefined>()
  readonly #trails = new NativeTrails<CacheEntry>()
  /** How many of them an SLO uses, that are not counted as wanted for their samples already. */
  #wanted = 0
  #epoch: number

  constructor(index: SeriesIndex, allowance: SeriesAllowance) {
    this.#index = index
    this.#allowance = allowance
    this.#epoch = index.epoch
  }

  /** The counters that SLOs want of a series' histograms, which are asked for the first time only; undefined where none does. */
  refs(entry: CacheEntry, resolve: () => HistogramRefs | undefined): HistogramRefs | undefined {
    if (this.#index.epoch !== this.#epoch) this.forget()
    const known = this.#refs.get(entry)
    if (known !== undefined || this.#refs.has(entry)) return known
    const refs = resolve()
    this.#refs.set(entry, refs)
    if (refs !== undefined && this.#index.ref(entry) < 0) {
      this.#wanted++
      this.#allowance.wanted++
    }
    return refs
  }

  /** A histogram of a series as these counters. */
  counters(
    entry: CacheEntry,
    refs: HistogramRefs,
    sample: HistogramSample,
    timeMs: EpochMs,
  ): readonly HistogramCounter[] {
    const bounds = refs.buckets.map(({ bound }) => bound)
    const trail = sample.stale ? undefined : this.#trails.inTime(entry, bounds, timeMs)
    return countersOf(sample, refs, trail)
  }

  /** All have to be asked for again. */
  forget(): void {
    this.#allowance.wanted -= this.#wanted
    this.#wanted = 0
    this.#refs.clear()
    this.#trails.clear()
    this.#epoch = this.#index.epoch
  }
}
