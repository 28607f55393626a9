import { type Labels, labelsKey, metricNameLabel } from '../../core/model/labels.ts'
import type { HistoryHistogram } from '../../ports/history-sink.ts'
import { NativeTrail } from '../native-trail.ts'
import type { AnsweredSeries } from './history-answer.ts'

/** Reads native histograms of one history, piece after piece in order of time, at the bounds that SLOs ask about. */
export class HistoryHistograms {
  readonly #boundsOf: (histogram: string) => readonly number[]
  readonly #trails = new Map<string, NativeTrail>()

  constructor(boundsOf: (histogram: string) => readonly number[]) {
    this.#boundsOf = boundsOf
  }

  /** What a series has of native histograms; undefined where it has none. */
  read({ labels, histograms }: AnsweredSeries): HistoryHistogram | undefined {
    if (histograms.length === 0) return undefined
    const bounds = this.#boundsOf(labels.get(metricNameLabel) ?? '')
    const trail = this.#trail(labels, bounds)
    const atMost = histograms.map(({ histogram }) => trail.eventsAtMost(histogram, Number.NaN))
    return {
      labels,
      timesMs: histograms.map(({ timeMs }) => timeMs),
      counts: histograms.map(({ histogram }) => histogram.count),
      sums: histograms.map(({ histogram }) => histogram.sum),
      buckets: bounds.map((bound, index) => ({ bound, values: atMost.map((events) => events[index]) })),
    }
  }

  #trail(labels: Labels, bounds: readonly number[]): NativeTrail {
    const key = labelsKey(labels)
    const known = this.#trails.get(key)
    if (known?.isOf(bounds) === true) return known
    const trail = new NativeTrail(bounds)
    this.#trails.set(key, trail)
    return trail
  }
}
