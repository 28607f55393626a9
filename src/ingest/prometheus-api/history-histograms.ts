import { labelsKey, metricNameLabel } from '../../core/model/labels.ts'
import type { HistoryHistogram } from '../../ports/history-sink.ts'
import { NativeTrails } from '../native-trails.ts'
import type { AnsweredSeries } from './history-answer.ts'

/** Reads native histograms of one history, piece after piece in order of time, at the bounds that SLOs ask about. */
export class HistoryHistograms {
  readonly #boundsOf: (histogram: string) => readonly number[]
  readonly #trails = new NativeTrails<string>()

  constructor(boundsOf: (histogram: string) => readonly number[]) {
    this.#boundsOf = boundsOf
  }

  /** What a series has of native histograms; undefined where it has none. */
  read({ labels, histograms }: AnsweredSeries): HistoryHistogram | undefined {
    if (histograms.length === 0) return undefined
    const bounds = this.#boundsOf(labels.get(metricNameLabel) ?? '')
    const trail = this.#trails.of(labelsKey(labels), bounds)
    const atMost = histograms.map(({ histogram }) => trail.eventsAtMost(histogram, Number.NaN))
    return {
      labels,
      timesMs: histograms.map(({ timeMs }) => timeMs),
      counts: histograms.map(({ histogram }) => histogram.count),
      sums: histograms.map(({ histogram }) => histogram.sum),
      buckets: bounds.map((bound, index) => ({ bound, values: atMost.map((events) => events[index]) })),
    }
  }
}
