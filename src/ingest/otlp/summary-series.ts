import { type Labels, labelsOf, metricNameLabel } from '../../core/model/labels.ts'
import type { EpochMs } from '../../core/model/units.ts'
import { type SampleOrigin, type SampleSink, type SeriesRef, unwantedSeries } from '../../ports/sample-sink.ts'
import { readQuantiles } from '../wire/otlp-details.ts'
import type { SummaryPoint } from '../wire/otlp-points.ts'
import type { Refusal } from '../wire/series-visitor.ts'
import type { PointAppender } from './point-appender.ts'

/** One summary: counters of its events and their sum, and a gauge for each quantile it had when it was first seen. */
export class SummarySeries {
  readonly #labels: Labels
  readonly #quantiles = new Map<number, SeriesRef>()
  #count: SeriesRef = unwantedSeries
  #sum: SeriesRef = unwantedSeries

  constructor(labels: Labels, quantiles: readonly { readonly quantile: number }[]) {
    this.#labels = labels
    for (const { quantile } of quantiles) this.#quantiles.set(quantile, unwantedSeries)
  }

  /** Asks the sink for its series; false when nobody wants any. */
  resolveWith(sink: SampleSink, origin: SampleOrigin): boolean {
    const name = this.#labels.get(metricNameLabel) ?? ''
    this.#count = sink.resolve(labelsOf([...this.#labels, [metricNameLabel, `${name}_count`]]), origin)
    this.#sum = sink.resolve(labelsOf([...this.#labels, [metricNameLabel, `${name}_sum`]]), origin)
    for (const quantile of this.#quantiles.keys()) {
      const ref = sink.resolve(labelsOf([...this.#labels, ['quantile', String(quantile)]]), origin)
      this.#quantiles.set(quantile, ref)
    }
    return [this.#count, this.#sum, ...this.#quantiles.values()].some((ref) => ref !== unwantedSeries)
  }

  /** Takes a point. */
  take(point: SummaryPoint, startMs: EpochMs, to: PointAppender): Refusal | undefined {
    const quantiles = readQuantiles(point.bytes, point.whole)
    if (typeof quantiles === 'string') return { reason: 'malformed', detail: quantiles }
    const { timeMs, noRecordedValue: isStale } = point
    to.beginPoint(this.#quantiles.size + 2)
    to.add(this.#count, timeMs, startMs, point.count, isStale)
    to.add(this.#sum, timeMs, startMs, point.sum, isStale)
    const values = new Map(quantiles.map(({ quantile, value }) => [quantile, value]))
    for (const [quantile, ref] of this.#quantiles) {
      const value = values.get(quantile)
      if (value !== undefined || isStale) to.add(ref, timeMs, Number.NaN, value ?? Number.NaN, isStale)
    }
    return undefined
  }
}
