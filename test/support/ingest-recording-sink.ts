import { formatLabels, type Labels } from '../../src/core/model/labels.ts'
import {
  noAppends,
  type SampleBatch,
  type SampleOrigin,
  type SampleSink,
  unwantedSeries,
} from '../../src/ports/sample-sink.ts'

/** One sample as it reached the sink; the series is printed, its labels in name order. */
export interface RecordedSample {
  readonly series: string
  readonly timeMs: number
  readonly value: number
  readonly stale: boolean
}

/** A sink that keeps everything, refuses what a counter cannot be, and counts how often labels were asked for. */
export class RecordingSink implements SampleSink {
  generation = 1
  /** Series the rules do not want. */
  unwanted: (labels: Labels) => boolean = () => false
  /** Labels in the order in which they were resolved. */
  readonly resolved: { readonly labels: Labels; readonly origin: SampleOrigin }[] = []
  samples: RecordedSample[] = []
  #waiting: (() => void)[] = []

  resolve(labels: Labels, origin: SampleOrigin): number {
    this.resolved.push({ labels, origin })
    return this.unwanted(labels) ? unwantedSeries : this.resolved.length - 1
  }

  append(batch: SampleBatch) {
    const counts = noAppends()
    for (let index = 0; index < batch.length; index++) {
      const value = batch.values[index]
      const stale = batch.stale[index] === 1
      if (stale) counts.staleMarkers++
      else if (Number.isNaN(value)) counts.notANumber++
      else if (value < 0) counts.negative++
      else counts.accepted++
      const series = formatLabels(this.resolved[batch.refs[index]].labels)
      this.samples.push({ series, timeMs: batch.timesMs[index], value, stale })
    }
    for (const wake of this.#waiting.splice(0)) wake()
    return counts
  }

  /** Waits until samples satisfy a condition; looks again whenever some arrive. */
  async until(holds: (samples: readonly RecordedSample[]) => boolean): Promise<void> {
    while (!holds(this.samples)) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.push(resolve)
      await promise
    }
  }

  /** Hands over the samples so far and starts anew. */
  take(): RecordedSample[] {
    const taken = this.samples
    this.samples = []
    return taken
  }
}
