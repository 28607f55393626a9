import type { Labels } from '../../core/model/labels.ts'
import { type SampleOrigin, type SampleSink, unwantedSeries } from '../../ports/sample-sink.ts'
import { unresolvedSeries } from '../series-index.ts'
import { isRefusal } from '../wire/label-collector.ts'
import type { HistogramPoint } from '../wire/otlp-points.ts'
import type { Refusal } from '../wire/series-visitor.ts'
import { hasBounds, readBounds, resolveExplicit } from './explicit-buckets.ts'
import { type HistogramPlace, HistogramRefBook, type KeptHistogram } from './histogram-refs.ts'
import type { PointEntry, PointSeries } from './point-series.ts'

/** Whose histograms they are, and whom to ask about them. */
export interface HistogramSeriesOptions {
  readonly origin: SampleOrigin
  readonly sink: SampleSink
  readonly series: PointSeries
  readonly labelsOf: (entry: PointEntry) => Labels | Refusal
}

/**
 * What the sink wants of each histogram of a source: it is asked once, and again when the bounds of one are others than before.
 * Known of such a series is the place of its refs in the book.
 */
export class HistogramSeries {
  readonly book = new HistogramRefBook()
  readonly #options: HistogramSeriesOptions
  /** Places whose histograms have another one since. */
  #abandoned = 0

  constructor(options: HistogramSeriesOptions) {
    this.#options = options
  }

  /** Whether so many places were given up that all should be written anew. */
  get isWasteful(): boolean {
    return this.#abandoned > this.#options.series.size + abandonedMax
  }

  /** Forgets all refs; nothing may be known of any series then. */
  clear(): void {
    this.book.clear()
    this.#abandoned = 0
  }

  /** The place of a histogram with explicit bounds, `unwantedSeries` where nobody wants it, or what is wrong with its bounds. */
  explicit(entry: PointEntry, point: HistogramPoint): HistogramPlace | Refusal {
    const known = this.#options.series.known(entry)
    if (known === unwantedSeries || (known !== unresolvedSeries && hasBounds(this.book.form(known), point)))
      return known
    const bounds = readBounds(point)
    if ('reason' in bounds) return bounds
    if (known !== unresolvedSeries) this.#abandoned++
    return this.#keep(entry, (labels) => resolveExplicit(labels, bounds, this.#options.sink, this.#options.origin))
  }

  /** The place of an exponential histogram; `unwantedSeries` where nobody wants it. */
  exponential(entry: PointEntry): HistogramPlace {
    const known = this.#options.series.known(entry)
    return known === unresolvedSeries ? this.#keep(entry, (labels) => this.#resolveExponential(labels)) : known
  }

  #keep(entry: PointEntry, resolve: (labels: Labels) => KeptHistogram | undefined): HistogramPlace {
    const { series, labelsOf } = this.#options
    const labels = labelsOf(entry)
    const kept = isRefusal(labels) ? undefined : resolve(labels)
    return series.know(entry, kept === undefined ? unwantedSeries : this.book.add(kept))
  }

  #resolveExponential(labels: Labels): KeptHistogram | undefined {
    const refs = this.#options.sink.resolveHistogram(labels, this.#options.origin)
    if (refs === undefined) return undefined
    const { count, sum, buckets } = refs
    const bounds = buckets.map(({ bound }) => bound)
    return {
      counters: { count, sum, buckets: buckets.map(({ ref }) => ref) },
      form: { bounds, buckets: bounds.length, bucketsCounted: [] },
    }
  }
}

/** Places of histograms given up, beyond one each, before all are written anew: bounds change hardly ever. */
const abandonedMax = 1_024
